import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MemoryView } from "../../src/contract/memory.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("meaning");
  await here.reopen({ embedding: "built-in" });
});
afterEach(() => here.close());

const found = async (query: string, limit = 10): Promise<readonly MemoryView[]> =>
  (await here.engine.retrieve({ query, limit }, {})).memories;
const contents = async (query: string): Promise<readonly string[]> =>
  (await found(query)).map(({ content }) => content);

describe("what means the same", () => {
  const answer = "Ducks swim in the pond.";

  beforeEach(async () => {
    await here.remember(answer);
    await here.remember("The header of the page is green since spring.");
    await here.remember("Weights of the ranking are chosen on one half.");
  });

  test("is found though it shares no word with the question, and says so", async () => {
    const [first] = await found("birds of a lake");
    expect(first?.content).toBe(answer);
    expect(first?.reasons.join()).toMatch(/close in meaning \(0\.\d\d\)/u);
  });

  test("is found after a restart, from the cache and without one, and not any more when it is forgotten", async () => {
    await here.reopen();
    expect((await contents("birds of a lake"))[0]).toBe(answer);
    const [first] = await found("birds of a lake");
    await here.engine.forget({ id: first?.id ?? "" }, {});
    expect(await contents("birds of a lake")).not.toContain(answer);
  });

  test("is found by its new text when it is revised", async () => {
    const [first] = await found("birds of a lake");
    await here.engine.revise(
      { id: first?.id ?? "", content: "A folder is removed with everything that is inside." },
      {},
    );
    expect((await contents("delete directory"))[0]).toBe("A folder is removed with everything that is inside.");
  });

  test("stands in the plan with how many vectors were compared", async () => {
    const { plan } = await here.engine.retrieve({ query: "birds of a lake", explain: true }, {});
    expect(plan?.steps.map(({ step }) => step).join("; ")).toMatch(/vector search \(3 of static-2\)/u);
  });
});

describe("what stands beside a match in its session", () => {
  const turns = [
    "Did the nightly build break?",
    "Yes, it was the clock of the runner.",
    "Then let us pin it.",
    "Agreed.",
  ];

  beforeEach(async () => {
    const at = Date.parse("2026-01-01T10:00:00Z");
    await here.import(
      turns.map((content, turn) => ({
        ...{ eventType: "conversation", scope: "repo", content, sessionId: "talk" },
        timestamp: new Date(at + 1000 * turn).toISOString(),
      })),
    );
    await here.import([
      { eventType: "conversation", scope: "repo", content: "Yes, it was the colour of the door.", sessionId: "other" },
      { eventType: "conversation", scope: "repo", content: "Then paint it.", sessionId: "other" },
    ]);
  });

  test("is found with it, and comes before what only looks like it", async () => {
    const memories = await found("why did the nightly build break?");
    const order = memories.map(({ content }) => content);
    expect(order[0]).toBe(turns[0]);
    expect(order.indexOf(turns[1] ?? "")).toBeLessThan(order.indexOf("Yes, it was the colour of the door."));
    const answer = memories.find(({ content }) => content === turns[1]);
    expect(answer?.reasons.join()).toContain("beside a match in its session");
  });

  test("is not found where a filter leaves it out", async () => {
    const { memories } = await here.engine.retrieve(
      { query: "nightly build", filters: { sessionId: "other" }, limit: 10 },
      {},
    );
    expect(memories.filter(({ sessionId }) => sessionId !== "other")).toEqual([]);
  });
});

test("a store of thousands is searched by its words until its vectors are made, and by its meaning from then on", async () => {
  const answer = "Ducks swim in the pond.";
  const lines = Array.from({ length: 2_500 }, (_, index) => ({
    content: `Entry ${index} of the log.`,
    eventType: "note",
  }));
  await here.import([...lines, { content: answer, eventType: "note" }]);
  expect(await contents("birds of a lake")).not.toContain(answer);
  await here.remember("Faults of the network are tried again.");
  await expect.poll(() => contents("birds of a lake"), { timeout: 20_000 }).toContain(answer);
  const { plan } = await here.engine.retrieve({ query: "birds", explain: true }, {});
  expect(plan?.steps.map(({ step }) => step).join("; ")).toContain("vector search (2502 of static-2)");
});

test("pages neither repeat nor skip what was found by meaning and by context", async () => {
  for (let index = 0; index < 40; index++)
    await here.remember(`Note ${index} on ${["errors", "faults", "exceptions", "colours"][index % 4] ?? ""}.`);
  const whole = (await found("failures and errors", 40)).map(({ id }) => id);
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await here.engine.retrieve(
      { query: "failures and errors", limit: 7, ...(cursor === undefined ? {} : { cursor }) },
      {},
    );
    paged.push(...page.memories.map(({ id }) => id));
    cursor = page.nextCursor;
    await here.remember("An error that came in between.");
  } while (cursor !== undefined);
  expect(paged.slice(0, whole.length)).toEqual(whole);
  expect(new Set(paged).size).toBe(paged.length);
});
