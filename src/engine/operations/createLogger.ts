import type { Clock, LogLevel, Logger } from "../ports.ts";
import { redactFields } from "./redactFields.ts";

const RANK = { debug: 0, info: 1, warn: 2, error: 3 } as const satisfies Record<LogLevel, number>;

export interface LoggerOptions {
  /** The least level that is written. */
  readonly level: LogLevel;
  /** By default the machine's. */
  readonly clock?: Pick<Clock, "now">;
}

/**
 * Writes one line of JSON a message: time (ISO 8601), level, message, then the redacted fields. Logging never throws: what cannot be
 * written is dropped.
 */
export function createLogger(sink: (line: string) => void, { level, clock = Date }: LoggerOptions): Logger {
  return {
    log: (messageLevel, message, fields) => {
      if (RANK[messageLevel] < RANK[level]) return;
      const safe = fields === undefined ? {} : redactFields(fields);
      const head = { time: isoTime(clock.now()), level: messageLevel, message };
      try {
        // Twice: the head comes first, and no field takes its place.
        sink(JSON.stringify({ ...head, ...safe, ...head }));
      } catch {
        // A log that fails must not fail what it tells of, and there is nowhere to tell of the failure.
      }
    },
  };
}

/** A clock may jump to where ISO 8601 ends. */
function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
