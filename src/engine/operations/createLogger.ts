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
  return createRecordLogger(
    ({ fields, ...record }) => {
      const head = { time: isoTime(clock.now()), ...record };
      // Twice: the head comes first, and no field takes its place.
      sink(JSON.stringify({ ...head, ...fields, ...head }));
    },
    () => level,
  );
}

export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  /** Redacted, and plain values that can be cloned. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The same for a sink that writes lines of its own, such as the log of an editor, whose level may change. */
export function createRecordLogger(sink: (record: LogRecord) => void, least: () => LogLevel): Logger {
  return {
    log: (level, message, fields) => {
      if (RANK[level] < RANK[least()]) return;
      try {
        sink({ level, message, ...(fields === undefined ? {} : { fields: redactFields(fields) }) });
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
