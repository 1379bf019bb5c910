import { createHash } from "node:crypto";
import { TextDecoder } from "node:util";
import type { Candidate } from "../../contract/peer.ts";
import { headingKind } from "./headingKind.ts";
import { type MarkdownSection, markdownSections } from "./markdownSections.ts";
import { namedFiles } from "./namedFiles.ts";
import { closedUp, withoutOwnBlock } from "./ownBlock.ts";
import { titleOf } from "./title.ts";
import type { FileRead, WorkspaceFiles } from "./workspaceFiles.ts";

/** One section of a document on its way to become a memory. */
export interface DocumentCandidate {
  /** `metadata.document` holds what `planDocuments` needs to know the section again. */
  readonly candidate: Candidate & { readonly metadata: { readonly document: DocumentMark } };
  /** Of path, heading path and text: the same section never stores twice. */
  readonly idempotencyKey: string;
  /** Of path and heading path: a section whose text changed has the same one, and takes the place of the earlier. */
  readonly supersedesKey: string;
  /** Where the text is read from, relative to the root: another path than that of the document where a link leads there. */
  readonly file: string;
}

/** A section as the file has it now, by which its memory is known again. */
export interface DocumentSection {
  /** As in `DocumentMark`. */
  readonly section: string;
  readonly hash: string;
  readonly headings: readonly string[];
  /** 1-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
}

export interface DocumentMark {
  readonly path: string;
  /** The `supersedesKey`. */
  readonly section: string;
  /** SHA-256 of the section's text, hexadecimal. */
  readonly hash: string;
  readonly [key: string]: string;
}

export interface DocumentOptions {
  /** Called for a document that was found but not read, or not in full. */
  readonly onSkipped?: (path: string, why: string) => void;
}

const MAX_DOCUMENT_BYTES = 1_048_576;
/** A folder of decisions has hundreds at most; more is something else. */
const MAX_DOCUMENTS = 2_000;
/** The newest versions of a changelog stand first. */
const MAX_SECTIONS = 1_000;
/** A decision is understood as a whole: only one longer than this many UTF-16 units is cut into its sections. */
const WHOLE_DECISION = 12_000;

/** The sections of the documents in which a project says what it is and how it wants to be worked on, in a stable order. */
export async function* documentCandidates(
  files: WorkspaceFiles,
  options: DocumentOptions = {},
): AsyncGenerator<DocumentCandidate, void, undefined> {
  const seen = new Set<string>();
  for (const { path, kind } of await findDocuments(files)) {
    const read = await files.read(path, MAX_DOCUMENT_BYTES);
    const text = textOf(read);
    if (typeof text !== "string") {
      options.onSkipped?.(path, text.skipped);
      continue;
    }
    // CLAUDE.md is often a link to AGENTS.md.
    if ("realPath" in read && seen.size === seen.add(read.realPath).size) continue;
    const file = "realPath" in read ? read.realPath : path;
    const sections = [...sectionsOf(path, kind, text)].map(({ candidate, idempotencyKey, supersedesKey }) => {
      return { candidate, idempotencyKey, supersedesKey, file };
    });
    if (sections.length > MAX_SECTIONS) options.onSkipped?.(path, `all after the first ${MAX_SECTIONS} sections`);
    for (const section of sections.slice(0, MAX_SECTIONS))
      yield kind === "fact" ? section : await withNamedFiles(files, section);
  }
}

/** Rules and decisions speak of the files that they name as well. */
async function withNamedFiles(files: WorkspaceFiles, section: DocumentCandidate): Promise<DocumentCandidate> {
  const { anchors = [], content } = section.candidate;
  const named = (await namedFiles(files, content)).filter((path) => anchors.every((anchor) => anchor.path !== path));
  if (named.length === 0) return section;
  return { ...section, candidate: { ...section.candidate, anchors: [...anchors, ...named.map((path) => ({ path }))] } };
}

/** The sections of one document in order; undefined when the path is none of a document or the file can't be read. */
export async function documentSections(
  files: WorkspaceFiles,
  path: string,
): Promise<readonly DocumentSection[] | undefined> {
  const kind = kindOf(path);
  if (kind === undefined) return undefined;
  const text = textOf(await files.read(path, MAX_DOCUMENT_BYTES));
  if (typeof text !== "string") return undefined;
  return [...sectionsOf(path, kind, text)]
    .slice(0, MAX_SECTIONS)
    .map(({ candidate: { metadata }, headings, startLine, endLine }) => {
      const { section, hash } = metadata.document;
      return { section, hash, headings, startLine, endLine };
    });
}

type DocumentKind = "rule" | "decision" | "fact";

interface Place {
  readonly folder: string;
  readonly name: RegExp;
  /** Of its sections, where their headings do not say otherwise. */
  readonly kind: DocumentKind;
  readonly deep?: true;
}

const TEXT = String.raw`(?:\.(?:md|markdown|mdx|mdc|txt|rst|adoc))?$`;
const named = (stem: string): RegExp => new RegExp(`^${stem}${TEXT}`, "iu");
const decisions = (folder: string): Place => ({
  folder,
  name: /^(?!.*template).*\.(?:md|markdown|txt|rst|adoc)$/iu,
  kind: "decision",
  deep: true,
});

/** What is read, in the order in which it is captured. */
const PLACES: readonly Place[] = [
  { folder: "", name: named(String.raw`(?:AGENTS|CLAUDE|GEMINI)`), kind: "rule" },
  { folder: "", name: /^\.(?:cursorrules|windsurfrules|clinerules)$/u, kind: "rule" },
  { folder: ".cursor/rules", name: /\.mdc?$/u, kind: "rule", deep: true },
  { folder: ".github", name: named("(?:copilot-instructions|CONTRIBUTING)"), kind: "rule" },
  { folder: ".github/instructions", name: /\.md$/u, kind: "rule", deep: true },
  { folder: "", name: named(String.raw`CONTRIBUTING[\w.-]*?`), kind: "rule" },
  { folder: "docs", name: named("CONTRIBUTING"), kind: "rule" },
  ...[
    "adr",
    "docs/adr",
    "doc/adr",
    "docs/adrs",
    "docs/decisions",
    "docs/architecture/decisions",
    "doc/architecture/decisions",
  ].map(decisions),
  { folder: "", name: named(String.raw`README[\w.-]*?`), kind: "fact" },
  { folder: "", name: named(String.raw`CHANGELOG[\w.-]*?`), kind: "fact" },
];

async function findDocuments(files: WorkspaceFiles): Promise<readonly { path: string; kind: DocumentKind }[]> {
  const found = new Map<string, DocumentKind>();
  for (const place of PLACES) {
    for (const path of await namesIn(files, place.folder, place, place.deep === true ? 4 : 0)) {
      if (!found.has(path) && found.size < MAX_DOCUMENTS) found.set(path, place.kind);
    }
  }
  return [...found].map(([path, kind]) => ({ path, kind }));
}

/** What a file at this path would be captured as; undefined when it is no document. */
function kindOf(path: string): DocumentKind | undefined {
  const [folder, name] = [path.slice(0, Math.max(0, path.lastIndexOf("/"))), path.slice(path.lastIndexOf("/") + 1)];
  return PLACES.find(
    (place) =>
      place.name.test(name) &&
      (folder === place.folder || (place.deep === true && folder.startsWith(`${place.folder}/`))),
  )?.kind;
}

async function namesIn(files: WorkspaceFiles, folder: string, place: Place, depth: number): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const entry of await files.list(folder)) {
    // A name with control characters can be neither shown nor anchored to.
    if (/[\p{Cc}\\]/u.test(entry.name)) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!entry.folder) {
      if (place.name.test(entry.name)) paths.push(path);
    } else if (depth > 0 && paths.length < MAX_DOCUMENTS) {
      paths.push(...(await namesIn(files, path, place, depth - 1)));
    }
  }
  return paths;
}

function textOf(read: FileRead): string | { readonly skipped: string } {
  if ("refused" in read) return { skipped: read.refused };
  if (read.bytes.includes(0)) return { skipped: "binary" };
  return withoutOwnBlock(new TextDecoder().decode(read.bytes));
}

function* sectionsOf(
  path: string,
  kind: DocumentKind,
  text: string,
): Generator<
  Omit<DocumentCandidate, "file"> & Pick<MarkdownSection, "headings" | "startLine" | "endLine">,
  void,
  undefined
> {
  const cut = markdownSections(text).map((section) => ({ ...section, text: closedUp(section.text) }));
  const whole = kind === "decision" && text.length <= WHOLE_DECISION ? asOne(cut) : undefined;
  const sections = whole === undefined ? cut : [whole];
  const top = sections[0]?.headings[0];
  // A single outermost heading is the document's own title, which every section would repeat.
  const shared = top !== undefined && sections.every(({ headings }) => headings.length === 0 || headings[0] === top);
  const times = new Map<string, number>();
  for (const section of sections) {
    const headingPath = section.headings.join("\n");
    const nth = (times.get(headingPath) ?? 0) + 1;
    times.set(headingPath, nth);
    const supersedesKey = `section:${sha256([path, headingPath, String(nth)])}`;
    const hash = sha256([section.text]);
    const title = titleOf(titleText(path, section.headings, shared));
    const said = headingsDecide(path, kind) ? headingKind(section.headings.slice(shared ? 1 : 0)) : undefined;
    yield {
      candidate: {
        content: section.text,
        eventType: "document",
        kind: said ?? kind,
        scope: "lineage",
        ...(title === undefined ? {} : { title }),
        metadata: { document: { path, section: supersedesKey, hash } },
        anchors: [{ path, startLine: section.startLine, endLine: section.endLine }],
      },
      idempotencyKey: `document:${sha256([supersedesKey, hash])}`,
      supersedesKey,
      headings: section.headings,
      startLine: section.startLine,
      endLine: section.endLine,
    };
  }
}

/** A decision stays one in all its sections, and what was known of an earlier version holds no more. */
const headingsDecide = (path: string, kind: DocumentKind): boolean => kind !== "decision" && !/^CHANGELOG/iu.test(path);

/** All sections as the one that covers them, under the headings of the first. */
function asOne(sections: readonly MarkdownSection[]): MarkdownSection | undefined {
  const [first] = sections;
  const last = sections.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    headings: first.headings.slice(0, 1),
    text: sections.map(({ text }) => text).join("\n\n"),
    startLine: first.startLine,
    endLine: last.endLine,
  };
}

/** `README: Install › From source`; the file's name alone before its first heading. */
function titleText(path: string, headings: readonly string[], shared: boolean): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/(?<=.)\.\w+$/u, "");
  const below = shared && headings.length > 1 ? headings.slice(1) : headings;
  const shown = below.filter((heading) => heading !== "").join(" › ");
  return shown === "" ? name : `${name}: ${shown}`;
}

/** Of all parts, each ended by a NUL so that they cannot run together. */
function sha256(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}
