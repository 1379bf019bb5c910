import type { AnalyzeResult } from "../contract/analyze.ts";
import { counted } from "../contract/counted.ts";
import type { IndexResult, LocateResult, SearchCodeResult } from "../contract/codeTools.ts";
import type { DocumentResult } from "../contract/document.ts";
import type { RelateResult } from "../contract/relate.ts";
import type { LineageResult } from "../contract/lineageReview.ts";
import type { ShareResult } from "../contract/share.ts";
import type { MemoryView } from "../contract/memory.ts";
import type {
  BuildContextResult,
  CaptureResult,
  FeedbackResult,
  ForgetResult,
  GitStateResult,
  HealthResult,
  RetrieveResult,
  ReviseResult,
} from "../contract/tools.ts";
import type { PacksResult } from "../contract/packs.ts";
import { citedCommit } from "../contract/shortCommit.ts";
import type { UpsertResult } from "../contract/upsert.ts";
import { grepText, missingTexts, placeText, projectStatsText } from "./codeTexts.ts";
import { analysisText, chunkText } from "./analysisText.ts";
import { DATA_NOTICE, quoteLine, quoteMemory } from "./quoteMemory.ts";

/** The most of one memory that a list shows as text; `structuredContent` and memory://{id} have the whole. */
const EXCERPT_LENGTH = 800;

/** Items that the text tells of one by one. */
const UPSERTS_TOLD = 20;

/** What each tool says in words, beside its structuredContent. Text that was recorded is always quoted as data. */
export const RESULT_TEXTS = {
  "capture-memory": (result: CaptureResult) => {
    const { branch, commit, pending } = result.provenance;
    const outcomes = {
      created: `Remembered as ${result.id}`,
      merged: `Merged into ${result.id}, which says nearly the same`,
      duplicate: `Already known as ${result.id}`,
    };
    const place = [
      branch === undefined ? "" : ` on ${quoteLine(branch)}`,
      commit === undefined ? "" : ` at ${citedCommit(commit)}`,
    ].join("");
    const wait = pending ? "; it waits for the next commit made here" : "";
    const secrets =
      result.redactions === 0 ? "" : ` ${counted(result.redactions, "secret was", "secrets were")} taken out.`;
    const warnings = (result.warnings ?? []).map((warning) => ` Warning: ${warning}`).join("");
    return `${outcomes[result.outcome]}${place}${wait}.${secrets}${warnings}`;
  },
  "retrieve-memories": (result: RetrieveResult) => {
    if (result.memories.length === 0) return "Nothing is remembered here that matches.";
    const more = result.nextCursor === undefined ? "" : "\n\nThere are more: pass nextCursor as cursor.";
    return `${counted(result.memories.length)}, best first. ${DATA_NOTICE}\n\n${result.memories.map(memoryText).join("\n\n")}${more}`;
  },
  "build-context": (result: BuildContextResult) =>
    (result.items.length === 0 ? `Nothing is remembered about this. ${result.stoppedBecause}` : result.markdown) +
    withoutCode(result),
  "revise-memory": (result: ReviseResult) => `${result.id} is now at revision ${result.revision}.`,
  memory_feedback: (result: FeedbackResult) =>
    result.reset === true
      ? "What ranking had learned from outcomes is given up."
      : `Noted for ${counted(result.recorded)}.`,
  "forget-memory": (result: ForgetResult) => {
    if (result.restored !== undefined) {
      const taken =
        result.forgotten === 0 ? "" : ` Forgotten, as they were created by that call: ${counted(result.forgotten)}.`;
      return `Brought back: ${counted(result.restored)}.${taken}`;
    }
    const undo =
      result.undoToken === undefined
        ? ""
        : ` To bring them back: forget-memory with undo ${JSON.stringify(result.undoToken)}.`;
    return `Forgotten: ${counted(result.forgotten)}.${undo}`;
  },
  memory_upsert_with_merge: (result: UpsertResult) => {
    const counts = (["created", "merged", "skipped", "refused"] as const)
      .filter((outcome) => result[outcome] > 0)
      .map((outcome) => `${result[outcome]} ${outcome}`);
    const told = result.report.filter(({ outcome, conflict }) => outcome !== "created" || conflict !== undefined);
    const lines = told
      .slice(0, UPSERTS_TOLD)
      .map(({ index, outcome, id, mergedWith, similarity, reason, conflict, error }) => {
        const facts = [
          mergedWith ?? id ?? "",
          similarity === undefined ? "" : `similarity ${similarity}`,
          reason ?? "",
          conflict === undefined
            ? ""
            : `it was ${quoteLine(conflict.existing.join(", "))}, now ${quoteLine(conflict.incoming.join(", "))}`,
          error === undefined ? "" : `${error.code}: ${error.message}`,
        ];
        return `\n- item ${index} ${outcome}: ${facts.filter((fact) => fact !== "").join("; ")}`;
      });
    const more = told.length > UPSERTS_TOLD ? `\n… and ${told.length - UPSERTS_TOLD} more, in structuredContent.` : "";
    const undo =
      result.undoToken === undefined
        ? ""
        : `\nTo take all of it back: forget-memory with undo ${JSON.stringify(result.undoToken)}.`;
    return `${result.dryRun ? "Nothing was written. It would be: " : ""}${counts.join(", ")}.${lines.join("")}${more}${undo}`;
  },
  memory_relate: ({ from, to, relation, since, withdrawn, contradictions }: RelateResult) => {
    if (withdrawn === true) return `Nothing is said of ${from} and ${to} any more.`;
    if (contradictions === undefined)
      return `${from} ${relation} ${to}${since === undefined ? "" : ` from ${since} on`}.`;
    if (contradictions.length === 0) return "No two memories that are seen here look opposed.";
    const pairs = contradictions.map(
      ({ a, b, why, anchors }) =>
        `${a.id} and ${b.id} look opposed: ${quoteLine(why)}${anchors.length === 0 ? "" : `, at ${anchors.map((place) => quoteLine(place)).join(", ")}`}\n${quoteMemory(a.content)}\n${quoteMemory(b.content)}`,
    );
    return `${DATA_NOTICE}\n\n${pairs.join("\n\n")}`;
  },
  memory_lineage: ({ offered, elsewhere = [], more, changed, commit }: LineageResult) => {
    if (offered === undefined)
      return `${counted(changed ?? 0)}${commit === undefined ? "" : `, at commit ${commit} by now`}.`;
    const titles = (memories: readonly { readonly id: string; readonly title: string }[]): string =>
      memories.map(({ id, title }) => `\n  - ${id} ${quoteLine(title)}`).join("");
    const pairs = offered.map(
      ({ from, to, how, sureness, inherited, count: of, memories }) =>
        `\n- ${from} may be ${to} by now (${how}, ${Math.round(100 * sureness)} %)${inherited ? ", which HEAD inherits" : ""}: ${counted(of)}${titles(memories)}`,
    );
    const groups = elsewhere.map(
      ({ why, count: of, memories }) => `\n- ${quoteLine(why)}: ${counted(of)}${titles(memories)}`,
    );
    return `${DATA_NOTICE}\nOffered: ${offered.length}.${pairs.join("")}\nNot inherited here, by commit: ${elsewhere.length}.${groups.join("")}${more === true ? "\nThere are more." : ""}`;
  },
  memory_share: (result: ShareResult) => {
    const { pending, files, written = [], unchanged, leftOut = [], accepted, refused, problems } = result;
    const list = (title: string, lines: readonly string[] | undefined): string =>
      lines === undefined ? "" : `\n${title}: ${lines.length}${lines.map((line) => `\n- ${line}`).join("")}`;
    return [
      `${DATA_NOTICE}${result.dryRun === true ? "\nNothing was written. It would be:" : ""}`,
      list("Written", written.length === 0 ? undefined : written.map((one) => `${one.change} ${quoteLine(one.path)}`)),
      unchanged === undefined ? "" : `\nUnchanged: ${unchanged}.`,
      list("Left out", leftOut.length === 0 ? undefined : leftOut.map(({ id, why }) => `${id}: ${quoteLine(why)}`)),
      list(
        "Files",
        files?.map(({ id, state, path }) => `${id} ${state} ${quoteLine(path)}`),
      ),
      list(
        "Waiting for a person",
        pending?.map(({ id, change, kind, path, author }) => {
          const by = author === undefined ? "" : ` by ${quoteLine(author)}`;
          return `${id} ${change} ${kind} ${quoteLine(path)}${by}`;
        }),
      ),
      list("Accepted", accepted),
      list("Refused", refused),
      list(
        "Problems",
        problems.length === 0 ? undefined : problems.map((one) => quoteLine(`${one.path}: ${one.message}`)),
      ),
    ].join("");
  },
  memory_get_document: (result: DocumentResult) => {
    const { parts, count: all, missing, nextFrom } = result;
    const title = result.title === undefined ? "" : ` ${quoteLine(result.title)}`;
    const gaps = missing.map(
      ({ id, why, headings = [], reason }) =>
        `\n- ${why}: ${id ?? "no memory"}${headings.length === 0 ? "" : ` ${quoteLine(headings.join(" › "))}`} (${quoteLine(reason)})`,
    );
    const whole = result.complete ? "It is complete." : `Missing: ${missing.length}.${gaps.join("")}`;
    const more = nextFrom === undefined ? "" : `\n\nThere are more parts: pass from ${nextFrom}.`;
    const texts = parts.map(({ id, index, text }) => `[${id}] part ${index + 1} of ${all}\n${quoteMemory(text)}`);
    return `${result.parentId.length > 200 ? "The document" : quoteLine(result.parentId)}${title}, ${parts.length} of ${all} parts. ${whole} ${DATA_NOTICE}\n\n${texts.join("\n\n")}${more}`;
  },
  locate_relevant_files: ({ files, intent, pending, paused, missing }: LocateResult) =>
    shortcomings(pending, paused, missing) +
    `Taken for: ${intent.name} (${intent.confidence.toFixed(2)}), as ${intent.why.join("; ")}.\n\n` +
    (files.length === 0
      ? "No file of this folder has to do with it."
      : files
          .map(({ path, root, score, reasons, symbols, warnings = [] }) => {
            const told = warnings.map(
              ({ id, text, commit }) =>
                `\n  went wrong before${commit === undefined ? "" : ` (commit ${citedCommit(commit)})`}: ${quoteLine(text, 400)} [mem:${id}]`,
            );
            const named = symbols.map(({ name, startLine }) => `${name} (line ${startLine})`).join(", ");
            return `${placeText(path, root)} (${score.toFixed(2)}): ${quoteLine(reasons.join("; "), 300)}${named === "" ? "" : `\n  ${quoteLine(named, 300)}`}${told.join("")}`;
          })
          .join("\n")),
  search_codebase: ({ chunks, pending, paused, missing }: SearchCodeResult) =>
    shortcomings(pending, paused, missing) +
    (chunks.length === 0
      ? "Nothing in the code of this folder answers that."
      : chunks
          .map(({ path, root, startLine, endLine, symbol, text, score }) => {
            const name = symbol === undefined ? "" : ` ${quoteLine(symbol)}`;
            return `${placeText(path, root)}:${startLine}-${endLine}${name} (${score.toFixed(2)})\n${quoteMemory(text)}`;
          })
          .join("\n\n")),
  context_grep: grepText,
  get_project_stats: projectStatsText,
  analyze_implementation: (result: AnalyzeResult) =>
    shortcomings(result.pending, result.paused, result.missing) + analysisText(result),
  get_code_chunk: chunkText,
  index_control: ({ state, files, chunks, symbols, pending, leftOut, problem }: IndexResult) => {
    const left = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
    return `The code index is ${state}: ${files} files, ${chunks} passages, ${symbols} symbols, ${pending} pending.${left.length === 0 ? "" : ` Left out: ${left.join(", ")}.`}${problem === undefined ? "" : ` ${quoteLine(problem)}`}`;
  },
  context_packs: ({ file, packs, problems }: PacksResult) => {
    const lines = packs.map(({ name, description, include, exclude, languages, tags }) => {
      const parts = Object.entries({ include, exclude, languages, tags }).flatMap(([field, values]) =>
        values === undefined || values.length === 0 ? [] : `${field} ${quoteLine(values.join(", "))}`,
      );
      return `\n- ${name}${description === undefined ? "" : ` ${quoteLine(description)}`}: ${parts.join("; ") || "everything"}`;
    });
    const wrong = problems.map(
      ({ pack: name, field, message }) =>
        `\n- not to be used: ${quoteLine([name, field, message].filter(Boolean).join(" · "))}`,
    );
    return `${packs.length === 0 ? "There are no context packs" : `${packs.length} context packs`} in ${file}.${[...lines, ...wrong].join("")}`;
  },
  "git-state": (result: GitStateResult) => {
    if (!result.repository) return "This folder is in no git repository.";
    const head = result.head === undefined ? "no commit yet" : citedCommit(result.head);
    const where = result.branch === undefined ? `a detached HEAD` : `branch ${quoteLine(result.branch)}`;
    return `On ${where} at ${head}, ${result.dirty ? "with uncommitted changes" : "clean"}.`;
  },
  "health-check": (result: HealthResult) => {
    const trouble = Object.entries(result.components).filter(([, { status }]) => status !== "healthy");
    const list = trouble.map(([name, { status, message }]) => `\n- ${name} is ${status}: ${message}`).join("");
    return `Heirloom ${result.version} is ${result.status}.${list}`;
  },
} as const;

function shortcomings(
  pending: number | undefined,
  paused: true | undefined,
  missing?: LocateResult["missing"],
): string {
  const folders = missingTexts(missing).map((text) => `${text}\n\n`);
  return `${folders.join("")}${ofIndex(pending, paused)}`;
}

function ofIndex(pending: number | undefined, paused: true | undefined): string {
  if (paused) return `Indexing is paused: ${pending ?? 0} files, and what changed since, are not among these.\n\n`;
  return pending === undefined ? "" : `${pending} files are not indexed yet; ask again later for all of them.\n\n`;
}

/** Stands outside of the bundle, whose tokens are counted. */
function withoutCode({ code }: BuildContextResult): string {
  if (code === undefined || code.state === "ready" || code.state === "off") return "";
  const more = code.pending === undefined ? "" : ` (${code.pending} files are pending)`;
  return code.state === "none"
    ? `\n\nThe code is not indexed yet${more}: these are memories alone. Ask again later for code too.`
    : `\n\nThe code is not wholly indexed yet${more}: ask again later for all of it.`;
}

/** What changed is told where something did. */
const freshnessText = ({ freshness, freshnessReason }: MemoryView): string =>
  (freshness === "drifted" || freshness === "orphaned") && freshnessReason !== undefined
    ? quoteLine(freshnessReason, 160)
    : freshness;

/** One memory for an agent to read: a line of facts, why it is there, and its text between fences. */
export function memoryText(memory: MemoryView): string {
  const facts = [
    memory.kind,
    memory.freshness === "unanchored" ? "" : freshnessText(memory),
    memory.visibility === "hidden" ? `hidden: ${memory.hiddenBecause ?? "another branch"}` : "",
    memory.timestamp.slice(0, 10),
    memory.gitBranch === undefined ? "" : `branch ${quoteLine(memory.gitBranch, 80)}`,
    memory.part === undefined ? "" : `part ${memory.part.index + 1} of ${memory.part.count}`,
    `score ${memory.score.toFixed(2)}`,
  ].filter((fact) => fact !== "");
  const title = memory.title === undefined ? "" : ` ${quoteLine(memory.title)}`;
  const cut = memory.content.length > EXCERPT_LENGTH;
  const text = cut ? `${memory.content.slice(0, EXCERPT_LENGTH)}…` : memory.content;
  const rest = cut ? `\nThe whole text: memory://${memory.id}` : "";
  return `[${memory.id}]${title} (${facts.join(", ")})\n${quoteMemory(text)}${rest}`;
}
