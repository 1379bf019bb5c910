import type { CodeSymbol, ParseApi } from "../contract/code.ts";
import type { Fingerprint } from "../contract/freshness.ts";
import { keepNewest } from "../contract/keepNewest.ts";
import type { Anchor } from "../contract/memory.ts";
import type { AnchorSources, AtPath } from "./anchors/anchorSources.ts";
import { AskedTogether } from "./anchors/askedTogether.ts";
import { CodeFile } from "./anchors/codeFile.ts";
import {
  filesNaming,
  likelyAmong,
  movedInHistory,
  movedInTree,
  movedOn,
  type MovedFiles,
  NOTHING_MOVED,
  untrackedFiles,
} from "./anchors/lostFiles.ts";
import { partsOf } from "./anchors/symbolsNamed.ts";
import type { CodeIndex } from "./code/codeIndex.ts";
import { type CodeFolder, openCodeFolder } from "./code/walk/codeFolder.ts";
import { readCode } from "./code/walk/readCode.ts";
import { draftFile } from "./draftFile.ts";
import type { Clock, Draft, Drafts, GitRunner, Logger } from "./ports.ts";

export interface TreeSourcesParts {
  /** Absolute path of the work tree. */
  readonly root: string;
  readonly isRepository: boolean;
  readonly git: GitRunner;
  readonly parser: ParseApi;
  /** What is indexed of the tree, where anything is. */
  readonly index: () => CodeIndex | undefined;
  /** What editors hold and nobody saved, where the host has editors. */
  readonly drafts?: Drafts | undefined;
  /** Told a path when symbols of its file are there for which nobody waited any more: what is at it has another stamp from then on. */
  readonly symbolsCame?: (path: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Files that are held with their tokens: those of one look at a lost anchor, and those at hand. */
const MOST_FILES = 64;
/** Files in which something lost is looked for. */
const MOST_CANDIDATES = 16;
/** What git said of moved files counts so long, in milliseconds. */
const MOVED_MS = 5_000;
const MOST_ANSWERS = 256;
/** What is waited for a file to be parsed. */
const PARSE_MS = 2_000;

interface Held {
  readonly stamp: string;
  readonly at: AtPath;
}

/** One work tree as anchors are compared with it: read by the same rules as its code is indexed. */
export class TreeSources implements AnchorSources {
  readonly #parts: TreeSourcesParts;
  readonly #folder: CodeFolder;
  readonly #held = new Map<string, Held>();
  /** Files that are being parsed and were not in time. */
  readonly #unparsed = new WeakSet<CodeFile>();
  /** By path, how often symbols of its file came late. */
  readonly #late = new Map<string, number>();
  /** By commit, what became of its files up to HEAD; what became of those in the work tree; and by extension, which files have a name in them. */
  readonly #history: AskedTogether<MovedFiles>;
  readonly #tree: AskedTogether<MovedFiles>;
  readonly #names = new Map<string, AskedTogether<readonly string[]>>();

  constructor(parts: TreeSourcesParts) {
    this.#parts = parts;
    this.#folder = openCodeFolder(parts.root);
    const { git, root } = parts;
    this.#history = this.#together((commits) => movedInHistory(git, root, commits));
    this.#tree = this.#together(async () => {
      const [moved, untracked] = await Promise.all([
        movedInTree(git, root).catch(() => NOTHING_MOVED),
        untrackedFiles(git, root),
      ]);
      return new Map([["", { ...moved, added: [...moved.added, ...untracked] }]]);
    });
  }

  /** Size and time of what is there, or which text of an editor is: another stamp may be another content. */
  stamp(path: string): string {
    const late = this.#late.get(path);
    const content = this.#contentStamp(path);
    return late === undefined ? content : `${content} late ${late}`;
  }

  /** Whether what is there was written so lately that it may be written again without another stamp. */
  isRacy(path: string): boolean {
    if (this.isDraft(path)) return false;
    const stat = this.#folder.stat(path);
    return stat !== undefined && this.#parts.clock.now() - stat.modifiedMs < RACY_MS;
  }

  /** Whether an editor holds a text of it that nobody saved. */
  isDraft(path: string): boolean {
    return this.#draftAt(path) !== undefined;
  }

  /** What git said is asked again. */
  forgetMoves(): void {
    this.#history.forget();
    this.#tree.forget();
    for (const asked of this.#names.values()) asked.forget();
  }

  async read(path: string): Promise<AtPath> {
    const draft = this.#draftAt(path);
    if (draft !== undefined) return this.#readDraft(path, draft);
    const stat = this.#folder.stat(path);
    if (stat === undefined) return { kind: "missing" };
    if (stat.kind === "folder") return { kind: "folder" };
    const stamp = this.#contentStamp(path);
    const held = this.#held.get(path);
    if (held?.stamp === stamp && !this.isRacy(path)) return held.at;
    const { root } = this.#parts;
    const read = await readCode(root, path, { objectFormat: "sha1", folder: this.#folder });
    return this.#hold(path, { stamp, at: atPath(path, read, this.#parts.index()) });
  }

  #readDraft(path: string, draft: Draft): AtPath {
    const stamp = this.#contentStamp(path);
    const held = this.#held.get(path);
    if (held?.stamp === stamp) return held.at;
    return this.#hold(path, {
      stamp,
      at: draftFile(path, draft, (blob) => symbolsOf(path, blob, this.#parts.index())),
    });
  }

  #hold(path: string, held: Held): AtPath {
    this.#held.delete(path);
    this.#held.set(path, held);
    keepNewest(this.#held, MOST_FILES);
    return held.at;
  }

  async symbols(file: CodeFile): Promise<readonly CodeSymbol[] | undefined> {
    if (this.#unparsed.has(file)) return undefined;
    return parseSymbols(this.#parts.parser, file, PARSE_MS, (later) => {
      this.#unparsed.add(file);
      void later.then((symbols) => this.#symbolsCame(file, symbols));
    });
  }

  /** Where they could not be read, nothing is known until the file is another. */
  #symbolsCame(file: CodeFile, symbols: readonly CodeSymbol[] | undefined): void {
    this.#unparsed.delete(file);
    if (symbols === undefined) return;
    file.withSymbols(symbols);
    const { path } = file;
    const times = (this.#late.get(path) ?? 0) + 1;
    this.#late.delete(path);
    this.#late.set(path, times);
    keepNewest(this.#late, MOST_ANSWERS);
    this.#parts.symbolsCame?.(path);
  }

  async renamed(path: string, commit: string): Promise<string | undefined> {
    return (await this.#movedSince(commit)).renamed.get(path);
  }

  async named(anchor: Anchor): Promise<readonly string[]> {
    if (anchor.symbol === undefined) return [];
    const { name } = partsOf(anchor.symbol);
    const index = this.#parts.index();
    if (index === undefined) return likelyAmong(await this.#naming(name, anchor.path), anchor.path, MOST_CANDIDATES);
    return index
      .definersOf(name)
      .slice(0, MOST_CANDIDATES)
      .map(({ path }) => path);
  }

  async candidates(anchor: Anchor, print: Fingerprint, commit: string | undefined): Promise<readonly string[]> {
    const { added } = await this.#movedSince(commit);
    const found = new Set(likelyAmong(added, anchor.path, MOST_CANDIDATES / 2));
    const base = anchor.path.slice(anchor.path.lastIndexOf("/") + 1);
    for (const { path, blob } of this.#parts.index()?.files() ?? [])
      if (blob === print.blob || (path !== anchor.path && path.endsWith(`/${base}`))) found.add(path);
    return [...found].slice(0, MOST_CANDIDATES);
  }

  /** Where nothing is indexed git tells which files of the same kind have the name in them. */
  async #naming(name: string, path: string): Promise<readonly string[]> {
    const extension = /\.\w+$/u.exec(path)?.[0];
    if (!this.#parts.isRepository || extension === undefined || !/^[\w$]+$/u.test(name)) return [];
    const { git, root } = this.#parts;
    const asked = this.#names.get(extension) ?? this.#together((names) => filesNaming(git, root, names, extension));
    this.#names.set(extension, asked);
    return (await asked.get(name)) ?? [];
  }

  async #movedSince(commit: string | undefined): Promise<MovedFiles> {
    if (!this.#parts.isRepository || commit === undefined) return NOTHING_MOVED;
    const [history = NOTHING_MOVED, tree = NOTHING_MOVED] = await Promise.all([
      this.#history.get(commit),
      this.#tree.get(""),
    ]);
    return movedOn(history, tree);
  }

  #contentStamp(path: string): string {
    const draft = this.#draftAt(path);
    if (draft !== undefined) return `draft ${draft.version}`;
    const stat = this.#folder.stat(path);
    return stat === undefined ? "missing" : `${stat.kind} ${stat.size} ${stat.modifiedMs}`;
  }

  #draftAt(path: string): Draft | undefined {
    return this.#parts.drafts?.at(this.#parts.root, path);
  }

  /** What git tells of several at once; nothing where it fails. */
  #together<Answer>(ask: (those: readonly string[]) => Promise<ReadonlyMap<string, Answer>>): AskedTogether<Answer> {
    const { clock, logger } = this.#parts;
    return new AskedTogether({
      ask: (those) =>
        ask(those).catch((error: unknown) => {
          logger.log("debug", "git could not tell where code went", { error });
          return new Map<string, Answer>();
        }),
      now: () => clock.monotonic(),
      keptMs: MOVED_MS,
      most: MOST_ANSWERS,
    });
  }
}

/** Times may be as coarse as a tick of the system. */
const RACY_MS = 20;

function atPath(path: string, read: Awaited<ReturnType<typeof readCode>>, index: CodeIndex | undefined): AtPath {
  if ("leftOut" in read) {
    if (read.leftOut === "missing") return { kind: "missing" };
    return { kind: "other", why: read.leftOut, ...(read.blob === undefined ? {} : { blob: read.blob }) };
  }
  return { kind: "file", file: new CodeFile(path, read.blob, read.text, symbolsOf(path, read.blob, index)) };
}

/** As they are indexed, where this content is. */
function symbolsOf(path: string, blob: string, index: CodeIndex | undefined): readonly CodeSymbol[] | undefined {
  const indexed = index?.fileAt(path);
  return indexed?.blob === blob ? indexed.parsed.symbols : undefined;
}

/** Symbols of a text, as the parsing threads find them; undefined where that fails, or takes longer: then `late` is given what comes of it. */
export async function parseSymbols(
  parser: ParseApi,
  { path, text }: Pick<CodeFile, "path" | "text">,
  patienceMs: number,
  late?: (symbols: Promise<readonly CodeSymbol[] | undefined>) => void,
): Promise<readonly CodeSymbol[] | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const parsed = parser.parse([{ path, text }]).then(
    ([file]) => file?.symbols,
    () => undefined,
  );
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      late?.(parsed);
      resolve(undefined);
    }, patienceMs);
  });
  return Promise.race([parsed, over]).finally(() => clearTimeout(timer));
}
