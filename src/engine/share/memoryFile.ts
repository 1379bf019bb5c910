import { createHash } from "node:crypto";
import { z } from "zod";
import { KINDS } from "../../contract/kinds.ts";
import {
  type Anchor,
  anchorInput,
  type Memory,
  memoryFields,
  type RelationName,
  RELATIONS,
} from "../../contract/memory.ts";
import { SHARED_FOLDER, SHARED_SCOPES, SHARED_VERSION } from "../../contract/share.ts";
import { type FrontValue, readFrontMatter, writeFrontMatter } from "./frontMatter.ts";

/** What a shared memory says of another one. */
export interface SharedRelation {
  readonly is: RelationName;
  readonly id: string;
}

/** As a file lists them, whichever was said first. */
export const inOrder = (relations: readonly SharedRelation[]): readonly SharedRelation[] =>
  [...relations].sort((a, b) => (a.id < b.id ? -1 : 1));

/** What a shared memory says: everything that is the same on every machine. */
export interface SharedMemory {
  readonly id: string;
  readonly kind: Memory["kind"];
  readonly scope: (typeof SHARED_SCOPES)[number];
  readonly title?: string;
  readonly tags: readonly string[];
  readonly anchors: readonly Anchor[];
  readonly content: string;
  /** In the order of their ids. */
  readonly relations: readonly SharedRelation[];
  /** When it was learned, in milliseconds since the epoch, by whom, and on which commit. No part of what it says. */
  readonly date?: number;
  readonly author?: string;
  readonly commit?: string;
}

const SLUG_LENGTH = 48;

const idField = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\w.:@-]+$/u, "may hold letters, digits and _ . : @ -");
const fields = z.strictObject({
  version: z.literal(SHARED_VERSION, { message: `must be ${SHARED_VERSION}, which is what this program reads` }),
  id: idField,
  kind: z.enum(KINDS),
  scope: z.enum(SHARED_SCOPES),
  title: memoryFields.title.optional(),
  tags: memoryFields.tags.optional(),
  anchors: z.array(anchorInput).max(64).optional(),
  relations: z
    .array(z.strictObject({ is: z.enum(RELATIONS), id: idField }))
    .max(100)
    .optional(),
  author: z.string().max(200).optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/u, "must be a full commit id")
    .optional(),
  date: z.iso.datetime({ offset: true }).optional(),
});

/** The text of its file: keys in order, LF, a line end last. The same memory gives the same text everywhere. */
export function writeMemoryFile(memory: SharedMemory): string {
  const { id, kind, scope, title, tags, anchors, relations, author, commit, date } = memory;
  const optional = { title, author, commit, date: date === undefined ? undefined : new Date(date).toISOString() };
  return writeFrontMatter(
    {
      ...{ version: SHARED_VERSION, id, kind, scope },
      ...(tags.length === 0 ? {} : { tags }),
      ...(anchors.length === 0 ? {} : { anchors: anchors.map(anchorFields) }),
      ...(relations.length === 0 ? {} : { relations: relations.map(({ is, id: other }) => ({ is, id: other })) }),
      ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Record<
        string,
        string
      >),
    },
    memory.content.replace(CONFLICT_LIKE, "\\$&"),
  );
}

/** What a file says, or what is wrong with it, for a person. Never throws: anybody may have written it. */
export function readMemoryFile(given: string): SharedMemory | { readonly problem: string } {
  const text = given.replace(/^\ufeff/u, "").replace(/\r\n?/gu, "\n");
  const conflict = text.search(CONFLICT);
  if (conflict !== -1)
    return { problem: `line ${text.slice(0, conflict).split("\n").length}: a merge conflict is not resolved` };
  const hidden = text.search(HIDDEN);
  if (hidden !== -1) {
    const code = (text.codePointAt(hidden) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return { problem: `line ${text.slice(0, hidden).split("\n").length}: holds U+${code}, which no reader sees` };
  }
  const split = readFrontMatter(text);
  if (typeof split === "string") return { problem: split };
  const parsed = fields.safeParse({ ...split.fields });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: [issue?.path.map(String).join("."), issue?.message].filter(Boolean).join(": ") };
  }
  // JSON can spell out what the text itself does not hold.
  const lines = JSON.stringify(parsed.data, (_key, value: unknown) =>
    typeof value === "string" && UNFIT_FOR_LINE.test(value) ? "\0" : value,
  );
  if (lines.includes("\\u0000")) return { problem: "a field holds line ends, or characters that no reader sees" };
  const content = split.body.replace(ESCAPED_CONFLICT, "$1");
  if (content.trim() === "") return { problem: "says nothing below its front matter" };
  const {
    version: _version,
    title,
    tags = [],
    anchors = [],
    relations = [],
    author,
    commit,
    date,
    ...rest
  } = parsed.data;
  return {
    ...rest,
    ...(title === undefined ? {} : { title }),
    ...{ tags, anchors, content },
    relations: inOrder(relations),
    ...(author === undefined ? {} : { author }),
    ...(commit === undefined ? {} : { commit }),
    ...(date === undefined ? {} : { date: Date.parse(date) }),
  };
}

/** Of what it says: neither who said it, nor when and where, counts. */
export function sharedHash({ id, kind, scope, title, tags, anchors, content, relations }: SharedMemory): string {
  const said: unknown[] = [id, kind, scope, title ?? null, tags, anchors.map(anchorFields), content];
  if (relations.length > 0) said.push(relations.map(({ is, id: other }) => [is, other]));
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}

/** Where its file is made, from the root. Names are safe on every system, whatever the id and the title hold. */
export function sharedPath({ id, kind, title, content }: SharedMemory): string {
  const words = (title ?? content.slice(0, 200))
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .slice(0, SLUG_LENGTH)
    .replace(/^-|-$/gu, "");
  return `${SHARED_FOLDER}/${kind}/${words === "" ? kind : words}${endOfName(id)}`;
}

/** How the name of its file ends: ids that differ only in case, or that no file may be called by, have a name of their own. */
export function endOfName(id: string): string {
  const safe = /^[a-z0-9_-]{1,64}$/u.test(id) ? id : createHash("sha256").update(id).digest("hex").slice(0, 16);
  return `-${safe}.md`;
}

/** Lines that a reader takes for a conflict of a merge. Our own have a backslash before them. */
const CONFLICT = /^(?:<{7}|>{7})(?: .*)?$/mu;
const CONFLICT_LIKE = /^\\*(?:<{7}|>{7})/gmu;
const ESCAPED_CONFLICT = /^\\(\\*(?:<{7}|>{7}))/gmu;
/** As admission takes them out: what a file holds of these it holds to deceive. */
const HIDDEN =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
const UNFIT_FOR_LINE = new RegExp(`[\\t\\n]|${HIDDEN.source}`, "u");

function anchorFields({ path, symbol, startLine, endLine }: Anchor): FrontValue {
  return {
    path,
    ...(symbol === undefined ? {} : { symbol }),
    ...(startLine === undefined ? {} : { startLine }),
    ...(endLine === undefined ? {} : { endLine }),
  };
}
