import { describe, expect, test } from "vitest";
import { mayNameRelease, timeInQuery } from "../../../src/engine/retrieve/timeInQuery.ts";

/** A Saturday. */
const NOW = new Date(2026, 10, 28, 10, 30).getTime();
const day = (text: string): number => new Date(`${text}T00:00:00`).getTime();
const endOf = (text: string): number => day(text) + 86_400_000 - 1;
const RELEASES = [
  { name: "v1.2.0", at: day("2026-10-01") },
  { name: "release-1.3", at: day("2026-11-20") },
];
const timeOf = (query: string) => timeInQuery(query, NOW, RELEASES);

describe("a query names", () => {
  test.each([
    ["what did we decide last week", "last week", day("2026-11-16"), endOf("2026-11-22")],
    ["the outage on 8 May", "8 May", day("2026-05-08"), endOf("2026-05-08")],
    ["what broke on 24 December", "24 December", day("2025-12-24"), endOf("2025-12-24")],
    ["what changed in June 2023?", "June 2023", day("2023-06-01"), endOf("2023-06-30")],
    ["since yesterday", "since yesterday", day("2026-11-27"), Infinity],
    ["what did we do today", "today", day("2026-11-28"), endOf("2026-11-28")],
    ["decisions of last month", "last month", day("2026-10-01"), endOf("2026-10-31")],
    ["on Monday somebody said", "on Monday", day("2026-11-23"), endOf("2026-11-23")],
    ["why did we do it before 2024-05-01", "before 2024-05-01", -Infinity, endOf("2024-04-30")],
    ["how it was done in 2022", "2022", day("2022-01-01"), endOf("2022-12-31")],
    ["between 3 March 2024 and 5 April 2024", "3 March 2024 and 5 April 2024", day("2024-03-03"), endOf("2024-04-05")],
    ["what was decided before the release", "before the release", -Infinity, day("2026-11-20") - 1],
    ["what changed since v1.2.0", "since v1.2.0", day("2026-10-01"), Infinity],
    ["after 1.3 we changed", "after 1.3", day("2026-11-20"), Infinity],
  ])("a time: %s", (query, words, from, to) => {
    const found = timeOf(query);
    expect(found?.words.replace(/^on /u, "")).toBe(words.replace(/^on /u, ""));
    expect(found).toMatchObject({ from, to });
  });

  test.each([
    "how are payments retried",
    "the port is 8080",
    "retry at noon",
    "python 3.12",
    "use 3 retries",
    "before the deploy",
    "",
  ])("none: %s", (query) => {
    expect(timeOf(query)).toBeUndefined();
  });
});

test("only a query about a release needs to know the releases", () => {
  expect(mayNameRelease("before the release")).toBe(true);
  expect(mayNameRelease("since v1.2")).toBe(true);
  expect(mayNameRelease("last week")).toBe(false);
  expect(mayNameRelease("with 0.2.8 you can")).toBe(false);
  expect(mayNameRelease("in 1.0 and after 2.0")).toBe(true);
});
