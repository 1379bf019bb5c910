import { en, type ParsedResult } from "chrono-node";

/** A stretch of time that a query names. Milliseconds since the epoch, both ends included. */
export interface NamedTime {
  readonly from: number;
  readonly to: number;
  /** As the query has it. */
  readonly words: string;
}

/** A tagged commit. */
export interface Release {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const DAY_MS = 86_400_000;
const ALL_TIME = { from: -Infinity, to: Infinity };

/** Whether a query may name a time: reading it closely costs more than most searches. */
const HINT =
  /\d|\b(?:today|tonight|yesterday|morning|ago|last|past|this|week|month|year|since|until|before|after|release|version|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/iu;
const DIRECTION = /\b(?:(?<later>since|after|from)|(?<earlier>before|until|till|by|up to))\s+(?:the\s+)?$/iu;
const YEAR = /\b(?:in|of|during|since|before|after|until)\s+(?<year>(?:19|20)\d\d)\b/iu;
const RELEASE = /\b(?:last|latest|previous|the)\s+(?:release|version)\b|\bv?\d+(?:\.\d+)+(?:-[\w.]+)?\b/giu;

/** Whether `timeInQuery` needs to know the releases: of a version alone no time is named, and to ask git takes longer than most searches. */
export const mayNameRelease = (query: string): boolean =>
  [...query.matchAll(RELEASE)].some(({ index }) => DIRECTION.test(query.slice(0, index)));

/**
 * The time that a query names: "last week", "on 8 May", "in June 2023", "since yesterday", "before the release", "after v1.2". A date without a year is
 * the last one before `now`: memories are of the past. Days are those of this machine's time zone.
 */
export function timeInQuery(query: string, now: number, releases: readonly Release[]): NamedTime | undefined {
  if (!HINT.test(query)) return undefined;
  return byRelease(query, now, releases) ?? byCalendar(query, now) ?? byYear(query);
}

function byRelease(query: string, now: number, releases: readonly Release[]): NamedTime | undefined {
  for (const { 0: words, index } of query.matchAll(RELEASE)) {
    const isNumber = /\d/u.test(words);
    const release = isNumber
      ? releases.find(({ name }) => withoutV(name) === withoutV(words))
      : releases.filter(({ at }) => at <= now).toSorted((a, b) => b.at - a.at)[0];
    const named =
      release === undefined ? undefined : towards(query, index, words, { from: release.at, to: release.at });
    // Of the release itself no time is named: it took a moment.
    if (named !== undefined && named.from < named.to) return named;
  }
  return undefined;
}

const withoutV = (name: string): string => name.replace(/^.*?v?(?=\d+\.)/u, "").toLowerCase();

function byCalendar(query: string, now: number): NamedTime | undefined {
  const [first, second] = en.parse(query, new Date(now));
  if (first === undefined || !isOfDays(first)) return undefined;
  const stretch = stretchOf(first, now);
  if (second !== undefined && /\bbetween\s+(?:the\s+)?$/iu.test(query.slice(0, first.index)))
    return {
      from: stretch.from,
      to: stretchOf(second, now).to,
      words: query.slice(first.index, second.index + second.text.length),
    };
  return towards(query, first.index, first.text, stretch);
}

function byYear(query: string): NamedTime | undefined {
  const found = YEAR.exec(query);
  const year = Number(found?.groups?.["year"]);
  if (found === null) return undefined;
  const at = found.index + found[0].length - 4;
  return towards(query, at, String(year), { from: startOf(year, 0, 1), to: startOf(year + 1, 0, 1) - 1 });
}

/** "at 10" and "noon" are of any day: they tell no memory from another. */
const isOfDays = ({ start }: ParsedResult): boolean =>
  (["day", "weekday", "month", "year"] as const).some((part) => start.isCertain(part));

/** The day, week, month or year that is meant, or from one to another. */
function stretchOf({ start, end, text }: ParsedResult, now: number): { readonly from: number; readonly to: number } {
  const first = start.date();
  if (first.getTime() > now && !start.isCertain("year")) {
    if (start.isCertain("month")) first.setFullYear(first.getFullYear() - 1);
    else first.setDate(first.getDate() - 7);
  }
  const [year, month, day] = [first.getFullYear(), first.getMonth(), first.getDate()];
  if (end != null) return { from: startOf(year, month, day), to: endOfDay(end.date()) };
  if (/\bweek\b/iu.test(text)) {
    const monday = day - ((first.getDay() + 6) % 7);
    return { from: startOf(year, month, monday), to: startOf(year, month, monday + 7) - 1 };
  }
  if (start.isCertain("day") || start.isCertain("weekday"))
    return { from: startOf(year, month, day), to: endOfDay(first) };
  if (start.isCertain("month")) return { from: startOf(year, month, 1), to: startOf(year, month + 1, 1) - 1 };
  return { from: startOf(year, 0, 1), to: startOf(year + 1, 0, 1) - 1 };
}

const startOf = (year: number, month: number, day: number): number => new Date(year, month, day).getTime();
const endOfDay = (date: Date): number => startOf(date.getFullYear(), date.getMonth(), date.getDate()) + DAY_MS - 1;

/** What "since", "before" and such in front of it make of a stretch. */
function towards(
  query: string,
  index: number,
  words: string,
  { from, to }: { readonly from: number; readonly to: number },
): NamedTime {
  const direction = DIRECTION.exec(query.slice(0, index));
  const said = `${direction?.[0] ?? ""}${words}`;
  if (direction?.groups?.["later"] !== undefined) return { from, to: ALL_TIME.to, words: said };
  if (direction?.groups?.["earlier"] !== undefined) return { from: ALL_TIME.from, to: from - 1, words: said };
  return { from, to, words: said };
}
