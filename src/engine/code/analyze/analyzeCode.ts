import { setImmediate } from "node:timers/promises";
import type { AnalyzeInput, AnalyzeResult } from "../../../contract/analyze.ts";
import type { TokenCounter } from "../../seams.ts";
import type { Accepts } from "../codeAnswers.ts";
import { qualifiedName } from "../codeIndex.ts";
import { linesOf } from "../lines.ts";
import type { CodeService } from "../codeService.ts";
import { lastPart } from "../graph/modulePath.ts";
import type { HistoryCommit } from "../history/codeHistory.ts";
import type { CodeSources } from "../locate/signals.ts";
import { analyzeTarget } from "./analyzeTarget.ts";
import { findTarget, type Target } from "./findTarget.ts";
import { fitBudget } from "./fitBudget.ts";
import { narrowFacts } from "./narrowFacts.ts";
import { tellDefinition } from "./uses.ts";

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
  /** The files that the target may be in, and those of which it is told what they have to do with it; absent for every file. */
  readonly accepts?: Accepts | undefined;
  readonly tells?: Accepts | undefined;
}

const USUAL_DEPTH = 2;
const USUAL_BUDGET = 4_000;
/** Of the code of a target, so much is read. */
const MOST_LINES = 400;
const MOST_COMMITS = 8;

/** What a question is about, found, and what remains to be told of it. */
export interface FoundTarget {
  /** Whether what the program is made of has it, not its tests, documents or settings. */
  readonly isSource: boolean;
  /** It, then what else is called so. */
  readonly definitions: AnalyzeResult["others"];
  /** All about it; `elsewhere` are further things of that name. */
  tell(elsewhere?: AnalyzeResult["others"]): Promise<AnalyzeResult>;
}

/** FORBIDDEN_PATH; NOT_FOUND with the nearest names. */
export function analyzeCode(service: CodeService, input: AnalyzeInput, parts: AnalyzeParts): FoundTarget {
  const sources = service.sources();
  const target = findTarget(sources, service.root, input.target, parts.accepts);
  const { file, symbol, others } = target;
  const itself =
    symbol === undefined
      ? { path: file.path, line: 1, symbol: lastPart(file.path), kind: "file" }
      : tellDefinition(symbol);
  return {
    isSource: file.role === "source",
    definitions: [itself, ...others.map(tellDefinition)],
    tell: (elsewhere = []) => tellTarget(service, sources, { target, input, elsewhere }, parts),
  };
}

async function tellTarget(
  service: CodeService,
  sources: CodeSources,
  asked: { readonly target: Target; readonly input: AnalyzeInput; readonly elsewhere: AnalyzeResult["others"] },
  parts: AnalyzeParts,
): Promise<AnalyzeResult> {
  const { target, input, elsewhere } = asked;
  const place = placeOf(target);
  // Git, the disk and the memories are at work while the graph is asked.
  const reading = Promise.all([
    historyOf(service, target),
    target.symbol === undefined ? undefined : service.read(place.path),
    parts.memoriesOf(place),
    parts.tokens.load(),
  ]);
  reading.catch(() => undefined);
  await setImmediate();
  const all = analyzeTarget(target, sources, input.depth ?? USUAL_DEPTH);
  const { facts, outside } = narrowFacts(all, sources.index, parts.tells);
  const [history, text, memories] = await reading;
  const { startLine, endLine } = facts.definition;
  const code =
    text === undefined
      ? undefined
      : linesOf(text)
          .slice(startLine - 1, Math.min(endLine, startLine - 1 + MOST_LINES))
          .join("\n");
  const definition = { ...facts.definition, ...(code === undefined ? {} : { text: code }) };
  const others = [...facts.others, ...elsewhere];
  const whole = await withoutSecrets({ ...facts, ...history, memories, definition, others }, parts.redact);
  const fitted = fitBudget(whole, input.budget ?? USUAL_BUDGET, (one) => parts.tokens.count(one));
  if (outside === 0) return fitted;
  const why = input.pack === undefined ? "outside of the folder that is asked" : `outside of the pack ${input.pack}`;
  return { ...fitted, dropped: [...fitted.dropped, { what: "places", count: outside, why }] };
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
