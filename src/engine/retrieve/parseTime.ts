import type { Json } from "../../contract/json.ts";

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/u;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/u;
const DAY_MS = 86_400_000;
/** The largest time that a JavaScript Date holds, ECMA-262 section 21.4.1.1. */
const MAX_TIME = 8.64e15;

/**
 * Milliseconds since the epoch of ISO 8601 text or of a number that is that already; undefined for anything else. A date without a time
 * is the first millisecond of that day in UTC, or its last when `end` is asked for; a time without an offset is local, as in ECMA-262.
 */
export function parseTime(value: Json, end = false): number | undefined {
  if (typeof value === "number") return Math.abs(value) <= MAX_TIME ? value : undefined;
  if (typeof value !== "string") return undefined;
  if (DATE.test(value)) {
    const start = calendarDay(value);
    return start === undefined ? undefined : end ? start + DAY_MS - 1 : start;
  }
  const day = DATE_TIME.exec(value)?.[1];
  if (day === undefined || calendarDay(day) === undefined) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** V8 takes 30 February for 2 March: a day that does not come back as itself is none. */
function calendarDay(text: string): number | undefined {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(text) ? undefined : time;
}
