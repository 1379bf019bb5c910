import { createHash } from "node:crypto";
import { defaultSettings } from "../src/contract/settings.ts";

/** Names the conditions: speed and quality are measured with the same defaults, and a figure under others has another hash. */
const settings = createHash("sha256").update(JSON.stringify(defaultSettings)).digest("hex").slice(0, 12);

/** Prints one figure as one line of JSON. Numbers keep four digits. */
export function printFigure(
  bench: string,
  figure: string,
  values: Readonly<Record<string, number | string | boolean>>,
): void {
  const short = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "number" ? Number(value.toPrecision(4)) : value,
  ]);
  process.stdout.write(`${JSON.stringify({ bench, figure, settings, ...Object.fromEntries(short) })}\n`);
}

/** Median and spread of durations in milliseconds. */
export function summary(milliseconds: readonly number[]): {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly samples: number;
} {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), samples: sorted.length };
}
