import { seeded } from "./measuring.ts";

const ROUNDS = 2_000;

/** A mean with its 95 % percentile interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean of one value a question, by resampling the questions (Efron, "Bootstrap methods", 1979). The same values give the same interval. */
export function bootstrap(values: readonly number[]): Estimate {
  const random = seeded(values.length + 1);
  const means = Float64Array.from({ length: ROUNDS }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < values.length; drawn++) sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum / values.length;
  }).sort();
  const at = (share: number): number => means[Math.floor(share * (ROUNDS - 1))] ?? 0;
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, low: at(0.025), high: at(0.975) };
}
