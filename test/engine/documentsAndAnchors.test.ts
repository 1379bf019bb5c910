import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MemoryView } from "../../src/contract/memory.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("documents-and-anchors");
  await words();
});
afterEach(() => here.close());

/** By words alone, so that nothing but what stands around a memory can find it. */
const words = (context = true): Promise<void> => here.reopen({ embedding: "none", signals: { context } });
const found = async (query: string): Promise<readonly MemoryView[]> =>
  (await here.engine.retrieve({ query, explain: true }, {})).memories;
const contents = async (query: string): Promise<readonly string[]> =>
  (await found(query)).map(({ content }) => content);

const note = (content: string, more: object = {}): object => ({
  ...{ content, eventType: "note", scope: "repo", timestamp: "2026-01-01T00:00:00Z" },
  ...more,
});
const section = (path: string, content: string, more: object = {}): object =>
  note(content, {
    eventType: "document",
    metadata: { document: { path, section: `section:${content}`, hash: "0" } },
    anchors: [{ path }],
    ...more,
  });
const noise = Array.from({ length: 20 }, (_, at) => note(`Another thing, number ${at}, about gardens.`));

describe("a part of a document", () => {
  const answer = "Raise it to five minutes, then restart.";
  const other = "Raise it to one metre, then paint it.";
  const documents = [
    section("docs/running.md", "Payments time out when the gateway is slow."),
    section("docs/running.md", answer),
    section("docs/running.md", "The payments gateway is run by the bank."),
    section("docs/fences.md", "Fences are green."),
    section("docs/fences.md", other),
    ...noise,
  ];

  test("is found by what the rest of its document says, and comes before a part of another one", async () => {
    await here.import(documents);
    const order = await contents("raise payments gateway");
    expect(order).toContain(answer);
    expect(order.indexOf(answer)).toBeLessThan(order.indexOf(other));
    expect(await contents("slow payments gateway")).toContain(answer);
  });

  test("says so in words and points", async () => {
    await here.import(documents);
    const part = (await found("slow payments gateway")).find(({ content }) => content === answer);
    expect(part?.reasons.join()).toMatch(/its document speaks of this \(0\.\d\d\)/u);
    expect(part?.signals?.["document"]).toBeGreaterThan(0);
    expect(part?.signals).not.toHaveProperty("context");
  });

  test("is found so after the store is opened from its image, and made anew without one", async () => {
    await here.import(documents);
    await here.reopen();
    expect(await contents("slow payments gateway")).toContain(answer);
    here.loseCache();
    await here.reopen();
    expect(await contents("slow payments gateway")).toContain(answer);
  });

  test("is not found so when context is switched off", async () => {
    await here.import(documents);
    await words(false);
    expect(await contents("slow payments gateway")).not.toContain(answer);
    const [first] = await found("slow payments gateway");
    expect(first?.signals).not.toHaveProperty("document");
  });

  test("gains nothing of parts that are hidden from the request", async () => {
    const elsewhere = { scope: "session", sessionId: "another" };
    await here.import([
      section("docs/running.md", "Payments time out when the gateway is slow.", elsewhere),
      section("docs/running.md", answer),
      section("docs/running.md", "Ask the office."),
      ...noise,
    ]);
    expect(await contents("slow payments gateway")).toEqual([]);
    const part = (await found("raise slow payments gateway")).find(({ content }) => content === answer);
    expect(part?.reasons.join()).toContain("raise");
    expect(part?.reasons.join()).not.toContain("its document");
    expect(part?.signals).not.toHaveProperty("atAnchor");
  });
});

describe("memories at the same anchor", () => {
  const at = (...paths: readonly string[]): object => ({ anchors: paths.map((path) => ({ path })) });
  const answer = "Three attempts, then it gives up.";
  const memories = [
    note("Payments are retried by the worker.", at("src/worker.ts")),
    note(answer, at("src/worker.ts", "src/limits.ts")),
    note("Two attempts, then it gives up.", at("src/mail.ts")),
    ...noise,
  ];

  test("find one another, and say so in words and points", async () => {
    await here.import(memories);
    const lent = (await found("how are payments retried")).find(({ content }) => content === answer);
    expect(lent?.reasons.join()).toMatch(/other memories at src\/worker\.ts speak of this \(0\.\d\d\)/u);
    expect(lent?.signals?.["atAnchor"]).toBeGreaterThan(0);
    const order = await contents("attempts of payments");
    expect(order.indexOf(answer)).toBeLessThan(order.indexOf("Two attempts, then it gives up."));
  });

  test("lend nothing when context is switched off", async () => {
    await here.import(memories);
    await words(false);
    expect(await contents("how are payments retried")).not.toContain(answer);
    for (const { signals } of await found("payments retried attempts")) expect(signals).not.toHaveProperty("atAnchor");
  });

  test("lend nothing to themselves, and nothing while they are hidden or forgotten", async () => {
    await here.import([note("Payments are retried by the worker.", at("src/worker.ts")), ...noise]);
    const [alone] = await found("payments retried");
    expect(alone?.signals).not.toHaveProperty("atAnchor");
    await here.import([
      note("Payments are retried in secret.", { ...at("src/mail.ts"), scope: "session", sessionId: "another" }),
      note(answer, at("src/mail.ts")),
    ]);
    expect(await contents("payments retried")).not.toContain(answer);
    const { memories: all } = await here.engine.retrieve({ query: "payments retried", includeHidden: true }, {});
    expect(all.map(({ content }) => content)).toContain("Payments are retried in secret.");
    expect(all.map(({ content }) => content)).not.toContain(answer);
    await here.import([note(answer, at("src/worker.ts"))]);
    expect(await contents("payments retried")).toContain(answer);
    await here.engine.forget({ id: alone?.id ?? "" }, {});
    expect(await contents("payments retried")).not.toContain(answer);
  });

  test("follow a memory whose anchors are revised", async () => {
    await here.import([note("Payments are retried by the worker.", at("src/worker.ts")), ...noise]);
    const id = await here.remember(answer, { scope: "repo", anchors: [{ path: "src/mail.ts" }] });
    expect(await contents("payments retried")).not.toContain(answer);
    await here.engine.revise({ id, anchors: [{ path: "src/worker.ts" }] }, {});
    expect(await contents("payments retried")).toContain(answer);
  });

  test("rank a later page as the first one was, though more is remembered of the file in between", async () => {
    await here.import([
      note("Payments are retried by the worker.", at("src/worker.ts")),
      ...Array.from({ length: 12 }, (_, turn) => note(`Attempt ${turn} is made.`, at("src/worker.ts"))),
    ]);
    const query = "payments retried";
    // What is not compared in time ranks as if it were fresh, once.
    const known = async (): Promise<readonly string[]> => (await found(query)).map(({ freshness }) => freshness);
    await vi.waitFor(async () => expect(await known()).not.toContain("unchecked"), { timeout: 10_000, interval: 20 });
    const whole = (await here.engine.retrieve({ query, limit: 20 }, {})).memories.map(({ id }) => id);
    const first = await here.engine.retrieve({ query, limit: 3 }, {});
    await here.import(Array.from({ length: 12 }, (_, turn) => note(`Payments, ${turn}.`, at("src/worker.ts"))));
    const rest = await here.engine.retrieve({ query, limit: 20, cursor: first.nextCursor ?? "" }, {});
    expect([...first.memories, ...rest.memories].map(({ id }) => id)).toEqual(whole);
  });
});

describe("two that say the same in other words", () => {
  const same = [
    "The database password expires after ninety days.",
    "After ninety days the database password expires.",
  ] as const;
  const other = "The password of the mail server expires after ninety days too.";

  test("stand apart where there are vectors, which MinHash does not see", async () => {
    await here.import([note(same[0]), note(same[1]), note(other), ...noise]);
    const query = "password expires after ninety days";
    await here.reopen({ embedding: "built-in", signals: { diversity: false } });
    expect((await contents(query)).slice(0, 3).toSorted()).toEqual([...same, other].toSorted());
    const plain = await contents(query);
    await here.reopen({ embedding: "built-in" });
    const diverse = await contents(query);
    expect([plain[0], plain[1]].toSorted()).toEqual([...same].toSorted());
    expect(diverse[1]).toBe(other);
    await here.reopen({ embedding: "none", signals: { diversity: true } });
    const byWords = await contents(query);
    await here.reopen({ embedding: "none", signals: { diversity: false } });
    expect(byWords).toEqual(await contents(query));
  });
});
