import { z } from "zod";
import { CASES } from "./grep.ts";
import { anchorInput } from "./memory.ts";
import { KINDS, SCOPES } from "./kinds.ts";
import { judgeInput } from "./share.ts";
import { DEDUPE, PROFILES, TOOLS } from "./tools.ts";

export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly multiple?: true;
  /** How the value is written in help: DIR, N, JSON. */
  readonly value?: string;
  readonly description: string;
}

export interface CommandSpec {
  readonly summary: string;
  /** Positional arguments as help shows them. */
  readonly arguments?: string;
  readonly least?: number;
  readonly most?: number;
  readonly options: Readonly<Record<string, OptionSpec>>;
}

const capture = TOOLS["capture-memory"].input.shape;
const retrieve = TOOLS["retrieve-memories"].input.shape;
const context = TOOLS["build-context"].input.shape;
const progressive = TOOLS.get_context_progressive.input.shape;
const packs = TOOLS.context_packs.input.shape;
const document = TOOLS.memory_get_document.input.shape;
const relate = TOOLS.memory_relate.input.shape;
const lineage = TOOLS.memory_lineage.input.shape;
const share = { ...TOOLS.memory_share.input.shape, ...judgeInput.shape };
const locate = TOOLS.locate_relevant_files.input.shape;
const analyze = TOOLS.analyze_implementation.input.shape;
const grep = TOOLS.context_grep.input.shape;
const forget = TOOLS["forget-memory"].input.shape;
const feedback = TOOLS.memory_feedback.input.shape;

/** An option that stands for a field of a tool: its description is the field's. */
function field(
  schema: z.ZodType,
  value: string,
  more?: { readonly multiple?: true; readonly fallback?: string },
): OptionSpec {
  const description = schema.description ?? innerDescription(schema) ?? more?.fallback ?? "";
  return { type: "string", value, description, ...(more?.multiple === undefined ? {} : { multiple: true }) };
}

function innerDescription(schema: z.ZodType): string | undefined {
  return schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType).description : undefined;
}

const flag = (description: string): OptionSpec => ({ type: "boolean", description });
const also: OptionSpec = {
  type: "string",
  multiple: true,
  value: "DIR",
  description: "Another folder whose code is asked too; may be repeated",
};
const limit = field(retrieve.limit, "N");
const filters = field(retrieve.filters, "JSON");
const port: OptionSpec = { type: "string", value: "PORT", description: "Port on 127.0.0.1; default: a free one" };

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  workspace: { type: "string", value: "DIR", description: "The folder to work for; default: here" },
  data: {
    type: "string",
    value: "DIR",
    description: "Where memories are kept; default: the system's folder for application data",
  },
  json: flag("Print JSON, errors too"),
  profile: { type: "string", value: "LIST", description: `Tools to serve: ${PROFILES.join(",")} or all; default core` },
  "no-rate-limit": flag("Do not limit captures"),
  help: flag("Show this help"),
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Every command of `heirloom`; help and docs/reference/cli.md are made of this. */
export const COMMANDS = {
  start: {
    summary: "Remember this repository's history and documents, serve them over MCP, and answer a first question",
    options: {
      port,
      question: { type: "string", value: "TEXT", description: "The first question; default: one about what was found" },
      once: flag("Stop after the first answer instead of serving"),
      "even-forgotten": flag("Learn again what was learned before and then forgotten"),
    },
  },
  mcp: { summary: "Serve MCP over stdio", options: { also } },
  serve: { summary: "Serve MCP over HTTP on 127.0.0.1; the first line is {url, token, pid}", options: { port, also } },
  capture: {
    summary: "Remember something",
    arguments: "--type TYPE CONTENT|-",
    least: 1,
    most: 1,
    options: {
      type: field(capture.eventType, "TYPE"),
      kind: { type: "string", value: "KIND", description: `One of ${KINDS.join(", ")}, or an alias of one` },
      scope: { type: "string", value: "SCOPE", description: `One of ${SCOPES.join(", ")}; default lineage` },
      title: field(capture.title, "TITLE", { fallback: "A short name for it" }),
      tag: field(capture.tags, "TAG", { multiple: true, fallback: "A word to find it by; may be repeated" }),
      anchor: {
        type: "string",
        multiple: true,
        value: "PATH[#SYMBOL|:L1-L2]",
        description: `${capture.anchors.description ?? ""}; may be repeated`,
      },
      ttl: field(capture.ttlSeconds, "SECONDS"),
      metadata: field(capture.metadata, "JSON", { fallback: "An object with anything else worth keeping" }),
      session: field(capture.sessionId, "ID", { fallback: "The session that it belongs to" }),
      dedupe: { type: "string", value: DEDUPE.join("|"), description: capture.dedupe.description ?? "" },
      supersedes: field(capture.supersedes, "ID", { multiple: true }),
      key: field(capture.idempotencyKey, "KEY"),
    },
  },
  relate: {
    summary: "Say that a memory supersedes, contradicts or confirms another one, or list those that may be opposed",
    arguments: "[ID supersedes|contradicts|confirms|compatible ID]",
    most: 3,
    options: {
      reason: field(relate.reason, "TEXT", { fallback: "Why" }),
      withdraw: flag("Say nothing of two memories any more: heirloom relate --withdraw ID ID"),
      limit: field(relate.limit, "N"),
    },
  },
  search: {
    summary: "Find memories",
    arguments: "QUERY",
    least: 1,
    most: Infinity,
    options: {
      limit,
      filter: filters,
      scope: { type: "string", value: "SCOPE", description: `Only this scope: ${SCOPES.join(", ")}` },
      cursor: field(retrieve.cursor, "CURSOR"),
      hidden: flag(retrieve.includeHidden.description ?? ""),
      "as-of": field(retrieve.asOf, "COMMIT|TIME"),
      pack: field(retrieve.pack, "NAME"),
      explain: flag(retrieve.explain.description ?? ""),
    },
  },
  context: {
    summary: "Compose what is known about a question into Markdown within a token budget",
    arguments: "QUERY",
    least: 1,
    most: Infinity,
    options: {
      budget: field(context.budget, "N"),
      limit: field(context.limit, "N"),
      filter: filters,
      detail: field(context.detail, "LEVEL"),
      pack: field(context.pack, "NAME"),
      file: field(progressive.specificFiles, "PATH", { multiple: true }),
      related: flag(progressive.includeRelated.description ?? ""),
      also,
      explain: flag("Say of everything that is shown or left out why"),
    },
  },
  show: {
    summary: "Show one memory, whole, with where it comes from",
    arguments: "ID",
    least: 1,
    most: 1,
    options: {},
  },
  document: {
    summary: "Put a document together again that is remembered in parts, and name what is missing",
    arguments: "ID",
    least: 1,
    most: 1,
    options: {
      from: field(document.from, "INDEX"),
      limit: field(document.limit, "N"),
      hidden: flag(innerDescription(document.includeHidden) ?? ""),
    },
  },
  lineage: {
    summary: "Show memories that this HEAD does not inherit, and say what holds: accept or refuse, promote, move",
    arguments: "[list|accept FROM TO|refuse FROM TO|promote [ID...]|move [ID...]]",
    most: 501,
    options: {
      branch: field(lineage.branch, "NAME"),
      commit: field(lineage.commit, "COMMIT"),
      to: { type: "string", value: "COMMIT", description: "Of move: where to, as git names it; default HEAD" },
      "dry-run": flag(innerDescription(lineage.dryRun) ?? ""),
    },
  },
  share: {
    summary: "Write memories into files that git carries, and accept or refuse what came with the repository",
    arguments: "[ID...]",
    most: 500,
    options: {
      filter: field(share.filters, "JSON", { fallback: "Those that are visible here and match" }),
      kind: field(share.kind, "KIND"),
      to: field(share.to, "FILE"),
      remove: flag("Remove their files instead; the memories stay"),
      status: flag("Show what is shared, and how it differs from what is known here"),
      review: flag("Show what came with the repository and waits for you, with what it changes"),
      accept: flag("Take in what waits: by ID, --author or --commit"),
      refuse: flag("Never take it in as it is"),
      author: field(share.author, "NAME"),
      commit: field(share.commit, "COMMIT"),
      trust: flag("From now on take in what this repository shares unasked"),
      "no-trust": flag("Ask again"),
      "dry-run": flag(innerDescription(share.dryRun) ?? ""),
    },
  },
  index: {
    summary: "Bring the index of this folder's code up to date, and say what is in it",
    options: {
      rebuild: flag("Make it anew"),
      watch: flag("Stay, and index what changes"),
    },
  },
  explain: {
    summary: "Tell all about one symbol or file: definition, callers, tests, impact, history and memories",
    arguments: "SYMBOL|PATH",
    least: 1,
    most: 1,
    options: {
      depth: field(analyze.depth, "N"),
      budget: field(analyze.budget, "TOKENS"),
      pack: field(analyze.pack, "NAME"),
      also,
    },
  },
  locate: {
    summary: "Find the files that a task, question or error is about, each with why",
    arguments: "QUERY",
    least: 1,
    most: Infinity,
    options: {
      limit: field(locate.limit, "N"),
      glob: field(locate.pathGlob, "GLOB"),
      language: field(locate.language, "LANGUAGE"),
      pack: field(locate.pack, "NAME"),
      also,
    },
  },
  grep: {
    summary: "Find lines of the indexed code that match a regular expression, each with the symbol around it",
    arguments: "PATTERN",
    least: 1,
    most: 1,
    options: {
      "fixed-strings": flag(innerDescription(grep.fixedStrings) ?? ""),
      word: flag(innerDescription(grep.word) ?? ""),
      case: { type: "string", value: CASES.join("|"), description: innerDescription(grep.case) ?? "" },
      before: field(grep.before, "N"),
      after: field(grep.after, "N"),
      files: flag("Only print which files match"),
      count: flag("Only print how many lines match in each file"),
      limit: field(grep.limit, "N"),
      glob: field(grep.pathGlob, "GLOB"),
      language: field(grep.language, "LANGUAGE"),
      pack: field(grep.pack, "NAME"),
      also,
    },
  },
  packs: {
    summary: "List, add or remove context packs: named scopes that this repository keeps in .heirloom/packs.json",
    arguments: "[list | add NAME | remove NAME]",
    most: 2,
    options: {
      description: { type: "string", value: "TEXT", description: "What the pack is" },
      include: field(packs.include, "GLOB", { multiple: true }),
      exclude: field(packs.exclude, "GLOB", { multiple: true }),
      language: field(packs.languages, "LANGUAGE", { multiple: true }),
      tag: field(packs.tags, "TAG", { multiple: true }),
    },
  },
  list: {
    summary: "List the newest memories",
    options: {
      forgotten: flag("Only what was forgotten and can still be brought back, those forgotten last first"),
      limit,
      filter: filters,
      cursor: field(retrieve.cursor, "CURSOR"),
      hidden: flag(retrieve.includeHidden.description ?? ""),
    },
  },
  import: {
    summary: "Import JSON Lines: Heirloom's own, or those of @modelcontextprotocol/server-memory",
    arguments: "FILE|-",
    least: 1,
    most: 1,
    options: { dedupe: { type: "string", value: DEDUPE.join("|"), description: capture.dedupe.description ?? "" } },
  },
  export: {
    summary: "Export every memory as JSON Lines",
    arguments: "[FILE]",
    most: 1,
    options: { force: flag("Replace the file where there is one") },
  },
  forget: {
    summary: "Forget a memory, or all that match a filter",
    arguments: "[ID]",
    most: 1,
    options: {
      filter: filters,
      now: flag(forget.now.description ?? ""),
      "dry-run": flag(forget.dryRun.description ?? ""),
      undo: field(forget.undo, "TOKEN|ID"),
    },
  },
  feedback: {
    summary: "Say what became of memories that were shown; later searches rank by it",
    arguments: "[ID...]",
    most: 100,
    options: {
      outcome: field(feedback.outcome, "OUTCOME"),
      reset: flag(feedback.reset.description ?? ""),
    },
  },
  pin: {
    summary: "Keep a memory first in lists and in what a session is told at its start",
    arguments: "ID",
    least: 1,
    most: 1,
    options: { undo: flag("Take the pin away") },
  },
  hook: {
    summary: "Answer an agent's hook: reads the event as JSON from stdin, answers on stdout, always exits 0",
    arguments: "EVENT",
    least: 1,
    most: 1,
    options: {
      agent: { type: "string", value: "NAME", description: "The agent that calls, for provenance" },
    },
  },
  connect: {
    summary: "Connect a coding agent by the file that it reads; without AGENT, list those that are known",
    arguments: "[AGENT]",
    most: 1,
    options: {
      yes: flag("Write without asking; needed where nobody can be asked"),
      replace: flag("Replace an entry of the same name that Heirloom did not write"),
      undo: flag("Take away what was written, and put back what stood there"),
      "dry-run": flag("Only show what would be written"),
    },
  },
  model: {
    summary:
      "Models that compare meanings or rerank: list, download ID from the Hugging Face hub, remove ID, or embed what is remembered",
    arguments: "[ACTION] [ID]",
    most: 2,
    options: {},
  },
  stats: { summary: "Count what is remembered", options: {} },
  doctor: {
    summary: "Check everything and say how to mend what is wrong",
    options: { rebuild: flag("Also rebuild the projection and the indexes from the journal") },
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;
export type CommandName = keyof typeof COMMANDS;

/** `PATH`, `PATH#SYMBOL`, `PATH:LINE` or `PATH:FIRST-LAST`. */
export function parseAnchor(text: string): z.infer<typeof anchorInput> {
  const lines = /^(.+):L?(\d+)(?:-L?(\d+))?$/u.exec(text);
  if (lines?.[1] !== undefined) {
    const startLine = Number(lines[2]);
    return anchorInput.parse({
      path: lines[1],
      startLine,
      endLine: lines[3] === undefined ? startLine : Number(lines[3]),
    });
  }
  const hash = text.lastIndexOf("#");
  return anchorInput.parse(hash > 0 ? { path: text.slice(0, hash), symbol: text.slice(hash + 1) } : { path: text });
}
