import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
const open = async (more: object = {}): Promise<void> => {
  writeFileSync(join(here.dataFolder, "settings.json"), JSON.stringify({ embedding: "built-in", ...more }));
  await here.reopen();
};
beforeEach(async () => {
  here = await EngineInRepository.open("by-meaning");
  await open();
});
afterEach(() => here.close());

describe("a capture that nobody asked to merge", () => {
  const capture = async (content: string): Promise<string> =>
    (await here.engine.capture({ eventType: "note", content }, {})).outcome;

  test.each([
    ["We deploy on Fridays.", "We do deploy on the Fridays!"],
    ["The retry limit is 3", "Retry limit: 3"],
  ])("%j and %j are one: the same words of matter in the same order", async (first, second) => {
    expect(await capture(first)).toBe("created");
    expect(await capture(second)).toBe("merged");
  });

  test.each([
    ["Always squash before a merge.", "Never squash before a merge."],
    ["We deploy on Fridays.", "We do not deploy on Fridays."],
    ["The retry limit is 3.", "The retry limit is 5."],
    ["Use tabs for indentation.", "Use spaces for indentation."],
    ["Migrate before the deploy.", "Deploy before you migrate."],
    ["Orders live in Postgres.", "Orders live in MySQL."],
    ["A failed payment is tried again.", "Payments that fail are retried."],
  ])("%j and %j stay two", async (first, second) => {
    expect(await capture(first)).toBe("created");
    expect(await capture(second)).toBe("created");
  });

  test("compares by words alone without a model", async () => {
    await open({ embedding: "none" });
    expect(await capture("We deploy on Fridays.")).toBe("created");
    expect(await capture("We do deploy on the Fridays!")).toBe("created");
  });
});

describe("the review of duplicates", () => {
  const before =
    "A failed payment is tried again by the checkout service after a minute, and the customer is told by mail.";
  const after = "The checkout service tries a payment that failed again after a minute; a mail tells the customer.";
  const pairs = (similarity: number) => here.explore.duplicates({ similarity, limit: 10 }, {});

  test("also has what only means the same, above the threshold of the kind, and says so", async () => {
    const a = await here.remember(before);
    const b = await here.remember(after);
    await here.remember(
      "Buttons of the shop are green, which was decided by the whole team in spring after a long talk.",
    );
    const [found, ...more] = await pairs(0.6);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ by: "meaning", a: { id: b }, b: { id: a } });
    expect(found?.similarity).toBeGreaterThan(0.85);
    expect(await pairs(0.999)).toEqual([]);
    await open({ duplicateMeaning: { default: 0.85, kinds: { note: 0.999 } } });
    expect(await pairs(0.6)).toEqual([]);
    await open({ embedding: "none" });
    expect(await pairs(0.6)).toEqual([]);
  });

  test("names a pair once, by its words where those are alike", async () => {
    await here.remember(before);
    await here.remember(`${before} So it is.`);
    const found = await pairs(0.5);
    expect(found).toHaveLength(1);
    expect(found[0]?.by).toBeUndefined();
  });
});
