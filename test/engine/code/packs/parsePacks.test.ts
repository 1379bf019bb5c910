import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_PACKS } from "../../../../src/contract/packs.ts";
import { parsePacks } from "../../../../src/engine/code/packs/parsePacks.ts";

const parsed = (packs: unknown, version: unknown = 1) => parsePacks(JSON.stringify({ version, packs }));
const told = ({ problems }: ReturnType<typeof parsePacks>) =>
  problems.map(({ pack = "", field, message }) => `${pack} ${field}: ${message}`);

test("packs are read in the order of their names", () => {
  const { packs, problems } = parsed({ web: { include: ["web/**"] }, api: { tags: ["api"], languages: ["go"] } });
  expect([...packs]).toEqual([
    ["api", { tags: ["api"], languages: ["go"] }],
    ["web", { include: ["web/**"] }],
  ]);
  expect(problems).toEqual([]);
});

test("what is no pack is told with its name and field, and the others are there", () => {
  const result = parsed({
    good: { include: ["src/**"] },
    number: { include: "src" },
    extra: { globs: ["x"] },
    deep: { include: [1] },
    long: { description: "x".repeat(501) },
    "../up": {},
    "": {},
    none: null,
  });
  expect([...result.packs.keys()]).toEqual(["good"]);
  expect(told(result).join("\n")).toMatch(/number include: /u);
  expect(told(result).join("\n")).toMatch(/extra : .*globs/u);
  expect(told(result).join("\n")).toMatch(/deep include\.0: /u);
  expect(told(result).join("\n")).toMatch(/long description: /u);
  expect(told(result).join("\n")).toMatch(/\.\.\/up name: /u);
  expect(told(result).join("\n")).toMatch(/none : /u);
});

test("a file that is none, or of another version, has no packs and says so", () => {
  for (const text of [
    "",
    "{",
    "[]",
    "null",
    '"x"',
    '{"packs":{}}',
    '{"version":2,"packs":{}}',
    '{"version":1,"packs":[]}',
  ]) {
    const result = parsePacks(text);
    expect(result.packs.size).toBe(0);
    expect(result.problems.length).toBeGreaterThan(0);
    expect(result.raw).toBeUndefined();
  }
});

test("more packs than there may be are left out, and what a problem says is short and on one line", () => {
  const many = Object.fromEntries(Array.from({ length: MOST_PACKS + 5 }, (_, at) => [`pack${at}`, {}]));
  const result = parsed(many);
  expect(result.packs.size).toBe(MOST_PACKS);
  expect(result.problems.length).toBe(5);
  const [wrong] = parsed({ ["a\nb".repeat(1_000)]: {} }).problems;
  expect(wrong?.pack?.length).toBeLessThanOrEqual(200);
  expect(wrong?.pack).not.toContain("\n");
});

test("whatever stands in the file, reading it throws nothing", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void parsePacks(JSON.stringify({ version: 1, packs: value }))));
  fc.assert(fc.property(fc.string(), (text) => void parsePacks(text)));
});
