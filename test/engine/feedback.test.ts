import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("feedback");
});
afterEach(() => here.close());

const found = async (query: string): Promise<readonly string[]> =>
  (await here.engine.retrieve({ query }, {})).memories.map(({ id }) => id);
const scoreOf = async (id: string): Promise<number> =>
  (await here.engine.retrieve({ query: "retry payments", limit: 10 }, {})).memories.find((one) => one.id === id)
    ?.score ?? 0;

describe("feedback", () => {
  test("brings up what was helpful, takes down what was wrong or stale, and says so with explain", async () => {
    const [a, b] = [
      await here.remember("Payments: retry three times."),
      await here.remember("Payments: retry twice now."),
    ];
    const before = await scoreOf(a);
    await here.engine.feedback({ id: a, outcome: "helpful" }, {});
    expect(await scoreOf(a)).toBeGreaterThan(before);
    expect((await found("retry payments"))[0]).toBe(a);
    const { memories } = await here.engine.retrieve({ query: "retry payments", explain: true }, {});
    expect(memories[0]?.signals?.["use"]).toBeGreaterThan(0);
    expect(memories[0]?.reasons).toContain("was helpful before");
    for (const outcome of ["wrong", "wrong", "stale"] as const) await here.engine.feedback({ ids: [a], outcome }, {});
    expect(await scoreOf(a)).toBeLessThan(before);
    expect((await found("retry payments"))[0]).toBe(b);
  });

  test("outlives a restart, compaction and a lost cache", async () => {
    const a = await here.remember("Payments: retry three times.");
    await here.remember("Something else about payments.");
    await here.engine.feedback({ id: a, outcome: "wrong" }, {});
    const after = await scoreOf(a);
    await here.engine.forget({ id: await here.remember("gone for good"), now: true }, {});
    await here.reopen();
    expect(await scoreOf(a)).toBeCloseTo(after, 3);
    here.loseCache();
    await here.reopen();
    expect(await scoreOf(a)).toBeCloseTo(after, 3);
  });

  test("of a follower reaches the owner", async () => {
    const a = await here.remember("Payments: retry three times.");
    const before = await scoreOf(a);
    const follower = await here.another();
    await follower.engine.feedback({ id: a, outcome: "wrong" }, {});
    expect(await scoreOf(a)).toBeLessThan(before);
    await follower.close();
  });

  test("is switched off with its signal", async () => {
    const a = await here.remember("Payments: retry three times.");
    const before = await scoreOf(a);
    await here.engine.feedback({ id: a, outcome: "wrong" }, {});
    await here.reopen({ signals: { use: false } });
    expect(await scoreOf(a)).toBeCloseTo(before, 3);
  });

  test.each([
    [{ outcome: "helpful" as const }, "INVALID_INPUT"],
    [{ id: "a" }, "INVALID_INPUT"],
    [{ reset: true, id: "a" }, "INVALID_INPUT"],
    [{ id: "nobody", outcome: "helpful" as const }, "NOT_FOUND"],
  ])("%o is refused, and nothing is recorded", async (input, code) => {
    const a = await here.remember("Payments: retry three times.");
    const before = await scoreOf(a);
    await expect(here.engine.feedback(input, {})).rejects.toMatchObject({ code });
    if (code === "NOT_FOUND")
      await expect(here.engine.feedback({ ...input, ids: [a] }, {})).rejects.toMatchObject({ code });
    expect(await scoreOf(a)).toBeCloseTo(before, 3);
  });
});

test(
  "a store learns for questions that want to know why otherwise than for those that look for a place",
  { timeout: 60_000 },
  async () => {
    const topics = Array.from({ length: 60 }, (_, at) => `topic${at}x`);
    const said = (topic: string, kind: keyof typeof TOLD, timestamp: string) =>
      JSON.stringify({
        content: `About ${topic} as it is here. ${TOLD[kind]}`,
        eventType: kind,
        kind,
        timestamp,
      });
    const lines = topics.flatMap((topic) => [
      said(topic, "decision", "2026-01-01T00:00:00Z"),
      said(topic, "note", "2026-10-01T00:00:00Z"),
    ]);
    const { created } = await here.engine.importLines(stream(lines), { dedupe: "none" }, {});
    expect(created).toBe(lines.length);
    const why = (topic: string): string => `why is ${topic} as it is`;
    const where = (topic: string): string => `where is ${topic}`;
    const ask = async (query: string) => (await here.engine.retrieve({ query }, {})).memories;
    for (const topic of topics.slice(0, 56)) {
      for (const [query, kind] of [
        [why(topic), "decision"],
        [where(topic), "note"],
      ] as const) {
        const used = (await ask(query)).find((memory) => memory.content.includes(topic) && memory.kind === kind);
        await here.engine.feedback({ id: used?.id ?? "", outcome: "used" }, {});
      }
    }
    const [topic = ""] = topics.slice(-1);
    await expect
      .poll(async () => [(await ask(why(topic)))[0]?.kind, (await ask(where(topic)))[0]?.kind], { timeout: 20_000 })
      .toEqual(["decision", "note"]);
  },
);

const TOLD = {
  decision: "We agreed on that at length in autumn, with the other team.",
  note: "Somebody saw it in the logs once, and wrote it down on a train.",
} as const;

async function* stream(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
