import { setImmediate } from "node:timers/promises";
import type { AnalyzeInput, AnalyzeResult } from "../../../contract/analyze.ts";
import type { TokenCounter } from "../../seams.ts";
import { linesOf, qualifiedName } from "../codeIndex.ts";
import type { CodeService } from "../codeService.ts";
import type { HistoryCommit } from "../history/codeHistory.ts";
import { analyzeTarget } from "./analyzeTarget.ts";
import { findTarget, type Target } from "./findTarget.ts";
import { fitBudget } from "./fitBudget.ts";

/** What is asked for memories. Lines are 1-based; absent for a whole file. */
export interface RememberedPlace {
  readonly path: string;
  readonly symbol?: string;
  readonly startLine?: number;
  readonly endLine?: number;
}

export interface AnalyzeParts {
  /** Visible memories about a place of the code, the nearest first. */
  readonly memoriesOf: (place: RememberedPlace) => Promise<AnalyzeResult["memories"]>;
  /** Takes secrets out of texts. */
  readonly redact: (texts: readonly string[]) => Promise<readonly string[]>;
  readonly tokens: TokenCounter;
}

const USUAL_DEPTH = 2;
const USUAL_BUDGET = 4_000;
/** Of the code of a target, so much is read. */
const MOST_LINES = 400;
const MOST_COMMITS = 8;

/** FORBIDDEN_PATH; NOT_FOUND with the nearest names. */
export async function analyzeCode(
  service: CodeService,
  input: AnalyzeInput,
  parts: AnalyzeParts,
): Promise<AnalyzeResult> {
  const sources = service.sources();
  const target = findTarget(sources.index, service.root, input.target);
  const place = placeOf(target);
  // Git, the disk and the memories are at work while the graph is asked.
  const asked = Promise.all([
    historyOf(service, target),
    target.symbol === undefined ? undefined : service.read(place.path),
    parts.memoriesOf(place),
    parts.tokens.load(),
  ]);
  asked.catch(() => undefined);
  await setImmediate();
  const facts = analyzeTarget(target, sources, input.depth ?? USUAL_DEPTH);
  const [history, text, memories] = await asked;
  const { startLine, endLine } = facts.definition;
  const code =
    text === undefined
      ? undefined
      : linesOf(text)
          .slice(startLine - 1, Math.min(endLine, startLine - 1 + MOST_LINES))
          .join("\n");
  const definition = { ...facts.definition, ...(code === undefined ? {} : { text: code }) };
  const whole = await withoutSecrets({ ...facts, ...history, memories, definition }, parts.redact);
  return fitBudget(whole, input.budget ?? USUAL_BUDGET, (one) => parts.tokens.count(one));
}

function placeOf({ file, symbol }: Target): RememberedPlace {
  if (symbol === undefined) return { path: file.path };
  const { startLine, endLine } = symbol.symbol;
  return { path: file.path, symbol: qualifiedName(symbol.symbol), startLine, endLine };
}

type History = Pick<AnalyzeResult, "history" | "uncommitted">;

const fileHistory = (commits: readonly HistoryCommit[]): History => ({
  history: commits.slice(0, MOST_COMMITS).map((commit) => tellCommit(commit, "file")),
});

/** Commits that changed its lines; where none of the newest did, and for a file, those that changed the file. */
async function historyOf(service: CodeService, { file: { path, blob }, symbol }: Target): Promise<History> {
  const commits = service.sources().history.of(path);
  if (symbol === undefined) return fileHistory(commits);
  const { startLine, endLine } = symbol.symbol;
  const { commits: ofLines, uncommitted } = await service.changesOf({ path, blob, startLine, endLine });
  const history =
    ofLines.length > 0
      ? ofLines.slice(0, MOST_COMMITS).map((commit) => tellCommit(commit, "lines"))
      : fileHistory(commits).history.slice(0, 3);
  return { history, ...(uncommitted ? { uncommitted } : {}) };
}

const tellCommit = (
  { id, author, at, subject }: HistoryCommit,
  of: "lines" | "file",
): AnalyzeResult["history"][number] => ({
  commit: id,
  author,
  date: new Date(at).toISOString(),
  subject,
  of,
});

/** Code, and what people wrote of it, may hold secrets. */
async function withoutSecrets<Whole extends Pick<AnalyzeResult, "definition" | "history">>(
  whole: Whole,
  redact: AnalyzeParts["redact"],
): Promise<Whole> {
  const { definition, history } = whole;
  const { signature = "", doc = "", text = "" } = definition;
  const [shownSignature = "", shownDoc = "", shownText = "", ...subjects] = await redact([
    signature,
    doc,
    text,
    ...history.map(({ subject }) => subject),
  ]);
  return {
    ...whole,
    definition: {
      ...definition,
      ...(definition.signature === undefined ? {} : { signature: shownSignature }),
      ...(definition.doc === undefined ? {} : { doc: shownDoc }),
      ...(definition.text === undefined ? {} : { text: shownText }),
    },
    history: history.map((commit, at) => ({ ...commit, subject: subjects[at] ?? "" })),
  };
}
