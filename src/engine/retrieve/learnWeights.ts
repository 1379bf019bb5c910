import type { RankingExample, ShownResult } from "../../contract/ranking.ts";
import { weigh } from "./evidence.ts";
import { combineScore } from "./score.ts";
import { LEARNED, LEASHES, MEASURED, type Weights } from "./weights.ts";

/** Fewer searches with an outcome say nothing. */
export const FEWEST_EXAMPLES = 40;
const ROUNDS = 40;
/** Differences of scores are small: so many times their size they decide between two results as the odds of a logistic function. */
const SHARPNESS = 20;
/** How far a weight's logarithm is moved to see what becomes of the loss. */
const TRIAL = 0.05;
/** How far it goes in a round: the first time, by what more while it goes on in one direction and less where it turns, and at most. */
const STEP = { first: 0.1, faster: 1.2, slower: 0.5, most: 0.4 } as const;

export interface Learned {
  readonly weights: Weights;
  readonly learnedFrom: number;
  /** Of the searches, how many the new order served better and worse when both were interleaved. */
  readonly better: number;
  readonly worse: number;
}

/**
 * Multipliers of the weights, on their leashes, by which what was helpful comes before what was shown beside it. Undefined unless such weights
 * are shown to help: those that one half of the searches teaches have to win on the other half, both halves together, when their order is
 * interleaved with the one of before, by which they are held, MEASURED unless given (Radlinski, Kurup and Joachims, "How does clickthrough data reflect retrieval quality?", 2008), by a
 * sign test at 5 %. `pause` is awaited between rounds.
 */
export async function learnWeights(
  examples: readonly RankingExample[],
  pause: () => Promise<void>,
  before = MEASURED,
): Promise<Learned | undefined> {
  const telling = examples.filter(({ shown }) => shown.some(isHelpful) && shown.some((one) => !one.helpful));
  if (telling.length < FEWEST_EXAMPLES) return undefined;
  const halves = [0, 1].map((rest) => telling.filter((_, at) => at % 2 === rest));
  let better = 0;
  let worse = 0;
  for (const [half, training] of halves.entries()) {
    const weights = await fitWeights(training, pause, before);
    for (const example of halves[1 - half] ?? []) {
      const won = interleave(ranked(example, weights), ranked(example, before));
      if (won > 0) better++;
      if (won < 0) worse++;
    }
  }
  if (!isBetterBySigns(better, worse)) return undefined;
  return { weights: await fitWeights(telling, pause, before), learnedFrom: telling.length, better, worse };
}

/**
 * Pairwise logistic loss (Burges et al., "Learning to rank using gradient descent", 2005). The logarithms of the weights go down its slope by the
 * signs alone (iRprop-, Igel and Huesken, "Improving the Rprop learning algorithm", 2000), as that of a tie-breaker is small beside others.
 */
async function fitWeights(
  examples: readonly RankingExample[],
  pause: () => Promise<void>,
  before: Weights,
): Promise<Weights> {
  const held = LEARNED.map((name) => Math.log(before[name]));
  const logs = [...held];
  const steps = LEARNED.map((): number => STEP.first);
  let former = LEARNED.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    const slopes = slopesOf(examples, logs, held).map((slope, at) => (slope * (former[at] ?? 0) < 0 ? 0 : slope));
    for (const [at, name] of LEARNED.entries()) {
      const slope = slopes[at] ?? 0;
      const pace = (former[at] ?? 0) === 0 ? 1 : slope === 0 ? STEP.slower : STEP.faster;
      const step = Math.min(STEP.most, pace * (steps[at] ?? 0));
      const { least, most } = LEASHES[name];
      steps[at] = step;
      logs[at] = Math.min(Math.log(most), Math.max(Math.log(least), (logs[at] ?? 0) - Math.sign(slope) * step));
    }
    former = slopes;
    await pause();
  }
  return weightsOf(logs);
}

const isHelpful = ({ helpful }: ShownResult): boolean => helpful;

const weightsOf = (logs: readonly number[]): Weights =>
  Object.fromEntries(LEARNED.map((name, at) => [name, Math.exp(logs[at] ?? 0)])) as unknown as Weights;

const scoreOf = ({ evidence, qualities }: ShownResult, weights: Weights): number =>
  combineScore(weigh(evidence, weights), qualities, weights);

/** By how much the loss, with what holds them, rises with each logarithm. */
function slopesOf(
  examples: readonly RankingExample[],
  logs: readonly number[],
  held: readonly number[],
): readonly number[] {
  const here = lossOf(examples, weightsOf(logs));
  return LEARNED.map((name, at) => {
    const moved = logs.map((log, other) => (other === at ? log + TRIAL : log));
    return (
      (lossOf(examples, weightsOf(moved)) - here) / TRIAL + 2 * LEASHES[name].hold * ((logs[at] ?? 0) - (held[at] ?? 0))
    );
  });
}

/** Mean over the searches: how surprising it is that something else came before what was helpful. */
function lossOf(examples: readonly RankingExample[], weights: Weights): number {
  let loss = 0;
  for (const { shown } of examples) {
    const scores = shown.map((one) => scoreOf(one, weights));
    let pairs = 0;
    let sum = 0;
    for (const [at, { helpful }] of shown.entries()) {
      if (!helpful) continue;
      for (const [other, { helpful: alsoHelpful }] of shown.entries()) {
        if (alsoHelpful) continue;
        sum += Math.log1p(Math.exp(-SHARPNESS * ((scores[at] ?? 0) - (scores[other] ?? 0))));
        pairs++;
      }
    }
    loss += sum / Math.max(1, pairs);
  }
  return loss / examples.length;
}

/** Places of what was shown, best first. */
function ranked({ shown }: RankingExample, weights: Weights): readonly ShownResult[] {
  return shown
    .map((one) => ({ one, score: scoreOf(one, weights) }))
    .sort((a, b) => b.score - a.score)
    .map(({ one }) => one);
}

/**
 * Team-draft interleaving: both orders choose in turn what they have not chosen yet, and the first result that was helpful counts for the one
 * that chose it. Where both would choose the same there is nothing to win. Each begins once: 1 where `ours` wins more, -1 where `theirs` does.
 */
function interleave(ours: readonly ShownResult[], theirs: readonly ShownResult[]): number {
  return Math.sign(drafted(ours, theirs, true) + drafted(ours, theirs, false));
}

function drafted(ours: readonly ShownResult[], theirs: readonly ShownResult[], oursFirst: boolean): number {
  const taken = new Set<ShownResult>();
  const left = (order: readonly ShownResult[]): ShownResult | undefined => order.find((one) => !taken.has(one));
  for (let turn = oursFirst; taken.size < ours.length; turn = !turn) {
    const [mine, other] = [left(ours), left(theirs)];
    const chosen = turn ? mine : other;
    if (chosen === undefined) return 0;
    if (chosen.helpful) return mine === other ? 0 : turn ? 1 : -1;
    taken.add(chosen);
  }
  return 0;
}

/** One-sided sign test at 5 %, by the normal approximation with continuity correction. */
function isBetterBySigns(better: number, worse: number): boolean {
  const trials = better + worse;
  return trials > 0 && (better - worse - 1) / Math.sqrt(trials) > 1.645;
}
