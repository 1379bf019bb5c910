import type { CodeSymbol, ParseApi } from "../contract/code.ts";
import { type CodeRules, USUAL_CODE_RULES } from "../contract/codeRules.ts";
import type { CodeExplorerApi } from "../contract/codeExplorer.ts";
import type {
  IndexInput,
  IndexResult,
  LocateInput,
  LocateResult,
  SearchCodeInput,
  SearchCodeResult,
} from "../contract/codeTools.ts";
import type { AnalyzeInput, AnalyzeResult, ChunkInput, ChunkResult } from "../contract/analyze.ts";
import type { GrepInput, GrepResult } from "../contract/grep.ts";
import type { ProjectStatsInput, ProjectStatsResult } from "../contract/projectStats.ts";
import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import { analyzeCode, type FoundTarget, type RememberedPlace } from "./code/analyze/analyzeCode.ts";
import { codeChunk } from "./code/analyze/codeChunk.ts";
import { type CodeScope, locate, scopeFilter, searchCode } from "./code/codeAnswers.ts";
import type { CodeIndex, CodeMeaning } from "./code/codeIndex.ts";
import { CodeService } from "./code/codeService.ts";
import type { PointingMemory } from "./code/locate/pointers.ts";
import { findSymbols } from "./code/findSymbols.ts";
import { grepCode } from "./code/grep/grepCode.ts";
import { projectStats } from "./code/stats/projectStats.ts";
import { CodeCache, type CodeCacheParts } from "./code/kept/codeCache.ts";
import { createTextIndex, loadTextIndex } from "./indexing/textIndex.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import type { Packs } from "./packs.ts";
import type { Clock, CodeWatcher, GitRunner, Logger, TextScan } from "./ports.ts";
import type { TokenCounter } from "./seams.ts";
import { compileFinder } from "./store/pattern.ts";

export interface CodeParts {
  readonly workspace: string;
  readonly lineage: Lineage;
  readonly packs: Packs;
  readonly git: GitRunner;
  readonly parser: ParseApi;
  readonly watcher: CodeWatcher | undefined;
  readonly scan: TextScan | undefined;
  readonly meaning: CodeMeaning | undefined;
  readonly rules: ((root: string) => CodeRules) | undefined;
  /** Where indexes are kept. */
  readonly cache: Omit<CodeCacheParts, "logger">;
  readonly longLived: boolean;
  /** Whether what was kept is made anew. */
  readonly rebuild: boolean;
  /** Takes secrets out of texts of a work tree. */
  readonly redact: (texts: readonly string[], root: string) => Promise<readonly string[]>;
  /** Visible memories about a place of the code, the nearest first. */
  readonly memoriesOf: (place: RememberedPlace, context: RequestContext) => Promise<AnalyzeResult["memories"]>;
  readonly tokens: TokenCounter;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Work trees whose index is kept: that of a worktree nobody asks for any more is made again when somebody does. */
const MOST_TREES = 4;

export type CodeListener = (root: string, status: IndexResult) => void;

/** How long a question waits for the index, in milliseconds. */
const PATIENCE_MS = 10_000;
/** The same of one that a person is still typing. */
const TYPING_PATIENCE_MS = 500;
/** The same for who can answer without it: for a first index in a process that ends with the answer, and for what changed since. */
const FIRST_PATIENCE_MS = 2_000;
const CHANGES_PATIENCE_MS = 250;

/** Waits for work that goes on when the time is over. Throws what it threw meanwhile. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
  // Nobody is there to hear of it any more; its status tells.
  work.catch(() => undefined);
}

/** What an answer has to say of the index that it comes from. */
function shortcomingsOf(service: CodeService): { readonly pending?: number; readonly paused?: true } {
  const { pending, state } = service.status();
  return { ...(pending === 0 ? {} : { pending }), ...(state === "paused" ? { paused: true } : {}) };
}

/** What is not found may be in a file that is not indexed yet. */
function tellPending(error: unknown, service: CodeService): never {
  const { pending } = service.status();
  if (!(error instanceof HeirloomError) || error.code !== "NOT_FOUND" || pending === 0) throw error;
  const message = `${error.message} ${pending} files are not indexed yet: ask again later.`;
  throw new HeirloomError("NOT_FOUND", message, { ...error.details, pending });
}

/** The code of each work tree that requests are about. */
export class CodeOfTrees implements CodeExplorerApi {
  readonly #parts: CodeParts;
  #most = MOST_TREES;
  /** By root; the one that was used last is last. */
  readonly #services = new Map<string, CodeService>();
  readonly #listeners = new Set<CodeListener>();

  constructor(parts: CodeParts) {
    this.#parts = parts;
  }

  /** One question may be about so many trees. */
  keepAtLeast(trees: number): void {
    this.#most = Math.max(this.#most, trees);
  }

  /** The work tree, or folder, that a request is about. */
  async rootOf(context: RequestContext): Promise<string> {
    return rootOf(await this.#parts.lineage.place(context.workspace ?? this.#parts.workspace));
  }

  /** INVALID_INPUT, NOT_FOUND for a pack. */
  async locate(
    input: LocateInput,
    context: RequestContext,
    scope: CodeScope & { readonly memories: readonly PointingMemory[] },
  ): Promise<{ readonly result: LocateResult; readonly evidence: () => number }> {
    const pack = await this.#parts.packs.scope(input.pack, context);
    const service = await this.#upToDate(context);
    const { memories } = scope;
    const { result, evidence } = locate(service, input, { memories, more: scopeFilter(scope, pack?.accepts) });
    const { files, intent } = result;
    const told = await this.#parts.redact(
      files.flatMap(({ symbols }) => symbols.map(({ signature }) => signature)),
      service.root,
    );
    let next = 0;
    const shown = files.map((file) => ({
      ...file,
      symbols: file.symbols.map((symbol) => ({ ...symbol, signature: told[next++] ?? "" })),
    }));
    return { result: { files: shown, intent, ...shortcomingsOf(service) }, evidence };
  }

  /** INVALID_INPUT, NOT_FOUND for a pack. */
  async searchCode(input: SearchCodeInput, context: RequestContext, scope: CodeScope): Promise<SearchCodeResult> {
    const pack = await this.#parts.packs.scope(input.pack, context);
    const service = await this.#upToDate(context);
    const { chunks } = await searchCode(service, input, scopeFilter(scope, pack?.accepts));
    const texts = await this.#parts.redact(
      chunks.map(({ text }) => text),
      service.root,
    );
    return { chunks: chunks.map((chunk, at) => ({ ...chunk, text: texts[at] ?? "" })), ...shortcomingsOf(service) };
  }

  /** INVALID_INPUT, NOT_FOUND for a pack. */
  async grep(input: GrepInput, context: RequestContext, scope: CodeScope): Promise<GrepResult> {
    const pack = await this.#parts.packs.scope(input.pack, context);
    const service = await this.#upToDate(context);
    const { clock, scan, redact } = this.#parts;
    const found = await grepCode(service, input, {
      clock,
      compile: compileFinder,
      more: scopeFilter(scope, pack?.accepts),
      redact: (texts) => redact(texts, service.root),
      ...(scan === undefined ? {} : { scan }),
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    return { ...found, ...shortcomingsOf(service) };
  }

  async stats(input: ProjectStatsInput, context: RequestContext): Promise<Omit<ProjectStatsResult, "memories">> {
    return projectStats(await this.#upToDate(context), input);
  }

  /** Brings up what is known to have changed, and says how the index is then. */
  async followCode(context: RequestContext): Promise<IndexResult> {
    const service = await this.#serviceOf(context);
    await service.follow();
    return service.status();
  }

  async findSymbols(
    ...[query, context]: Parameters<CodeExplorerApi["findSymbols"]>
  ): ReturnType<CodeExplorerApi["findSymbols"]> {
    const service = await this.#upToDate(context, TYPING_PATIENCE_MS);
    const { symbols, more } = findSymbols(service.sources().index, query);
    const signatures = await this.#parts.redact(
      symbols.map(({ symbol }) => symbol.signature),
      service.root,
    );
    const rows = symbols.map(({ file, symbol: { kind, name, container, startLine, endLine, isTest } }, at) => ({
      ...{ kind, name, signature: signatures[at] ?? "", path: file.path, startLine, endLine },
      ...(container === undefined ? {} : { container }),
      ...(isTest === true ? { isTest } : {}),
    }));
    return { symbols: rows, more };
  }

  /** FORBIDDEN_PATH; NOT_FOUND with the nearest names, or for a pack. `memories`: whether those of the request are told. */
  async analyze(
    input: AnalyzeInput,
    context: RequestContext,
    { memories, ...scope }: CodeScope & { readonly memories: boolean },
  ): Promise<FoundTarget> {
    const { redact, memoriesOf, tokens } = this.#parts;
    const pack = await this.#parts.packs.scope(input.pack, context);
    const service = await this.#upToDate(context);
    const { within } = scope;
    try {
      const found = analyzeCode(service, input, {
        memoriesOf: (place) => (memories ? memoriesOf(place, context) : Promise.resolve([])),
        redact: (texts) => redact(texts, service.root),
        tokens,
        accepts: scopeFilter(scope, pack?.accepts),
        tells: scopeFilter(within === undefined ? {} : { within }, pack?.accepts),
      });
      const tell: FoundTarget["tell"] = async (elsewhere) => ({
        ...(await found.tell(elsewhere)),
        ...shortcomingsOf(service),
      });
      return { ...found, tell };
    } catch (error) {
      return tellPending(error, service);
    }
  }

  /** INVALID_INPUT, FORBIDDEN_PATH, NOT_FOUND. */
  async chunk(input: ChunkInput, context: RequestContext, scope: CodeScope): Promise<ChunkResult> {
    const service = await this.#upToDate(context);
    const redact = (texts: readonly string[]): Promise<readonly string[]> => this.#parts.redact(texts, service.root);
    const chunk = codeChunk(service, input, redact, scopeFilter(scope));
    return chunk.catch((error: unknown) => tellPending(error, service));
  }

  async control({ action, paths }: IndexInput, context: RequestContext): Promise<IndexResult> {
    const service = await this.#serviceOf(context);
    if (action === "clear" || action === "rebuild") await service.clear(paths);
    if (action === "sync" || action === "rebuild") await service.sync();
    return service.status();
  }

  /** What is indexed of a tree now; undefined where nobody asked about its code yet. */
  indexAt(root: string): CodeIndex | undefined {
    const service = this.#services.get(root);
    return service?.isIndexed === true ? service.sources().index : undefined;
  }

  /** The status of the tree that is asked about; undefined where nobody asked about its code yet. */
  async known(context: RequestContext): Promise<IndexResult | undefined> {
    const { workspace, lineage } = this.#parts;
    return this.#services.get(rootOf(await lineage.place(context.workspace ?? workspace)))?.status();
  }

  /** Symbols of a file as its index has them now, without waiting; undefined where it is not indexed. */
  symbolsNow(root: string, path: string): readonly CodeSymbol[] | undefined {
    return this.#services.get(root)?.sources().index.fileAt(path)?.parsed.symbols;
  }

  /** Calls `listener` with the root of a tree and its status whenever that says something else; the returned function ends it. */
  onStatus(listener: CodeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What a person says of the code of some tree is another now. */
  async rulesChanged(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.rulesChanged()));
  }

  /** The first index of a large tree is not waited for to its end: what is there answers, and says what is missing. */
  async #upToDate(context: RequestContext, patienceMs = PATIENCE_MS): Promise<CodeService> {
    const service = await this.#serviceOf(context);
    if (service.status().state === "off") throw switchedOff();
    await atMost(patienceMs, service.follow());
    return service;
  }

  /**
   * The index for who has something to say without it: what has to be brought up to date is waited for shortly. In a process that lives on a first index
   * is not waited for at all; it begins when `begin` is called.
   */
  async atHand(context: RequestContext): Promise<{ readonly service: CodeService; readonly begin: () => void }> {
    const service = await this.#serviceOf(context);
    if (service.status().state === "off") return { service, begin: () => undefined };
    const livesOn = this.#parts.watcher !== undefined;
    const begin = (): void => void service.follow().catch(() => undefined);
    if (service.isIndexed) await atMost(CHANGES_PATIENCE_MS, service.follow());
    else if (!livesOn) await atMost(FIRST_PATIENCE_MS, service.follow());
    return { service, begin: service.isIndexed ? () => undefined : begin };
  }

  async #serviceOf(context: RequestContext): Promise<CodeService> {
    const { workspace, lineage, git, parser, watcher, meaning, rules, longLived, clock, logger } = this.#parts;
    const asked = context.workspace ?? workspace;
    const root = rootOf(await lineage.place(asked));
    const known = this.#services.get(root);
    const service: CodeService =
      known ??
      new CodeService({
        root,
        parser,
        git,
        ...(watcher === undefined ? {} : { watcher }),
        head: async () => (await lineage.place(asked)).repository?.head,
        createTextIndex: (saved) => (saved === undefined ? createTextIndex() : loadTextIndex(saved)),
        ...(meaning === undefined ? {} : { meaning }),
        rules: () => rules?.(root) ?? USUAL_CODE_RULES,
        changed: () => this.#listeners.forEach((listener) => listener(root, service.status())),
        ...{ cache: new CodeCache(root, { ...this.#parts.cache, logger }), longLived },
        clock,
        logger,
      });
    this.#services.delete(root);
    this.#services.set(root, service);
    if (known === undefined && this.#parts.rebuild) await service.clear();
    for (const oldest of this.#services.keys()) {
      if (this.#services.size <= this.#most) break;
      void this.#services.get(oldest)?.close();
      this.#services.delete(oldest);
    }
    return service;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    const services = [...this.#services.values()];
    this.#services.clear();
    await Promise.all(services.map((service) => service.close()));
  }
}

function switchedOff(): HeirloomError {
  return new HeirloomError(
    "INVALID_INPUT",
    "The code of this folder is not indexed: heirloom.code.enabled is off in VS Code's settings. Search the files yourself, or switch it on.",
  );
}
