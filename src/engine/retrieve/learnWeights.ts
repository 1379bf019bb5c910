import type { RankingExample, ShownResult } from "../../contract/ranking.ts";
import { weigh } from "./evidence.ts";
import { combineScore } from "./score.ts";
import { LEARNED, LEAST, MEASURED, MOST, type Weights } from "./weights.ts";

/** Fewer searches with an outcome say nothing. */
export const FEWEST_EXAMPLES = 40;
const ROUNDS = 30;
const RATE = 0.6;
/** Differences of scores are small: so many times their size they decide between two results as the odds of a logistic function. */
const SHARPNESS = 20;
/** How much a weight is held to what was measured. */
const PRIOR = 0.02;
const STEP = 0.05;

export interface Learned {
  readonly weights: Weights;
  /** Searches that were learned from, and those that were kept apart to judge by. */
  readonly learnedFrom: number;
  readonly judgedBy: number;
  /** Of the latter, how many the new order served better and worse when both were interleaved. */
  readonly better: number;
  readonly worse: number;
}

/**
 * Multipliers of the weights, within a half and the double, by which what was helpful comes before what was shown beside it: pairwise logistic
 * loss (Burges et al., "Learning to rank using gradient descent", 2005) with a prior that holds them to 1, by gradient descent on their
 * logarithms. Every second search is kept apart: undefined unless the new order wins there, in an interleaving of both (Radlinski, Kurup and
 * Joachims, "How does clickthrough data reflect retrieval quality?", 2008), by a sign test at 5 %. `pause` is awaited between rounds.
 */
export async function learnWeights(
  examples: readonly RankingExample[],
  pause: () => Promise<void>,
): Promise<Learned | undefined> {
  const telling = examples.filter(({ shown }) => shown.some(isHelpful) && shown.some((one) => !one.helpful));
  if (telling.length < FEWEST_EXAMPLES) return undefined;
  const training = telling.filter((_, at) => at % 2 === 0);
  const held = telling.filter((_, at) => at % 2 === 1);
  let logs = LEARNED.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    const here = lossOf(training, weightsOf(logs));
    const slopes = logs.map((_, at) => {
      const moved = logs.map((log, other) => (other === at ? log + STEP : log));
      return (lossOf(training, weightsOf(moved)) - here) / STEP;
    });
    logs = logs.map((log, at) => {
      const next = log - RATE * ((slopes[at] ?? 0) + 2 * PRIOR * log);
      return Math.min(Math.log(MOST), Math.max(Math.log(LEAST), next));
    });
    await pause();
  }
  const weights = weightsOf(logs);
  let better = 0;
  let worse = 0;
  for (const [at, example] of held.entries()) {
    const won = interleave(ranked(example, weights), ranked(example, MEASURED), at % 2 === 0);
    if (won > 0) better++;
    if (won < 0) worse++;
  }
  if (!isBetterBySigns(better, worse)) return undefined;
  return { weights, learnedFrom: training.length, judgedBy: held.length, better, worse };
}

const isHelpful = ({ helpful }: ShownResult): boolean => helpful;

const weightsOf = (logs: readonly number[]): Weights =>
  Object.fromEntries(LEARNED.map((name, at) => [name, Math.exp(logs[at] ?? 0)])) as unknown as Weights;

const scoreOf = ({ evidence, qualities }: ShownResult, weights: Weights): number =>
  combineScore(weigh(evidence, weights), qualities, weights);

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
 * that chose it. Where both would choose the same there is nothing to win. 1: `ours`, -1: `theirs`.
 */
function interleave(ours: readonly ShownResult[], theirs: readonly ShownResult[], oursFirst: boolean): number {
  const taken = new Set<ShownResult>();
  let turn = oursFirst;
  while (taken.size < ours.length) {
    const left = (order: readonly ShownResult[]): ShownResult | undefined => order.find((one) => !taken.has(one));
    const [mine, other] = [left(ours), left(theirs)];
    const chosen = turn ? mine : other;
    if (chosen === undefined) return 0;
    if (chosen.helpful) return mine === other ? 0 : turn ? 1 : -1;
    taken.add(chosen);
    turn = !turn;
  }
  return 0;
}

/** One-sided sign test at 5 %, by the normal approximation with continuity correction. */
function isBetterBySigns(better: number, worse: number): boolean {
  const trials = better + worse;
  return trials > 0 && (better - worse - 1) / Math.sqrt(trials) > 1.645;
}
