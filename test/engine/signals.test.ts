import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("signals");
});
afterEach(() => here.close());

type Signal = "meaning" | "context" | "expansion" | "anchor" | "time" | "kind" | "diversity";
const found = async (query: string): Promise<readonly string[]> =>
  (await here.engine.retrieve({ query }, {})).memories.map(({ content }) => content);
/** What a search finds with the signal, and without it. */
async function withAndWithout(signal: Signal, query: string): Promise<readonly (readonly string[])[]> {
  // Words alone beside the signal, unless it is meaning itself.
  const embedding = signal === "meaning" ? "built-in" : "none";
  await here.reopen({ embedding, signals: { [signal]: true } });
  const on = await found(query);
  await here.reopen({ embedding, signals: { [signal]: false } });
  return [on, await found(query)];
}
const line = (content: string, timestamp: string, more: object = {}): object => ({
  content,
  eventType: "note",
  scope: "repo",
  timestamp,
  ...more,
});

describe("each signal ranks, and ranks no more when it is switched off", () => {
  test("meaning: what says it in other words", async () => {
    const answer = "Authentication tokens expire after one hour.";
    await here.import([
      line(answer, "2026-01-01T00:00:00Z"),
      line("The garden needs water in summer.", "2026-01-02T00:00:00Z"),
    ]);
    const [on, off] = await withAndWithout("meaning", "how long do login credentials last");
    expect(on?.[0]).toBe(answer);
    expect(off).not.toContain(answer);
  });

  test("context: what stands beside a match in its session", async () => {
    const answer = "Three times, then it gives up.";
    await here.import([
      line("How often do we retry payments?", "2026-01-01T00:00:00Z", { sessionId: "s1" }),
      line(answer, "2026-01-01T00:00:01Z", { sessionId: "s1" }),
      line("Lunch is at noon.", "2026-01-01T00:00:02Z", { sessionId: "s2" }),
    ]);
    const [on, off] = await withAndWithout("context", "retry payments");
    expect(on).toContain(answer);
    expect(off).not.toContain(answer);
  });

  test("expansion: what says what the best match says, without a word of the query", async () => {
    const answer = "Zanzibar gateway quota was raised by the bank.";
    await here.import([
      line("Payments fail since the Zanzibar gateway quota.", "2026-01-01T00:00:00Z"),
      line(answer, "2026-01-01T00:00:00Z"),
      ...Array.from({ length: 30 }, (_, at) =>
        line(`Another note about topic ${at} and nothing else.`, "2026-01-01T00:00:00Z"),
      ),
    ]);
    const [on, off] = await withAndWithout("expansion", "customers complain that payments fail");
    expect(on).toContain(answer);
    expect(off).not.toContain(answer);
  });

  test("time: of what matches as well, what is of the time that is named", async () => {
    await here.import([
      line("We decided about retries in the planning.", "2025-05-08T12:00:00Z"),
      line("We decided about retries in the meeting.", "2026-02-01T12:00:00Z"),
    ]);
    const [on, off] = await withAndWithout("time", "what we decided about retries on 8 May 2025");
    expect(on?.[0]).toContain("planning");
    expect(off?.[0]).toContain("meeting");
  });

  test("kind: a rule before what merely happened", async () => {
    await here.import([
      line("Retries stop after three attempts in payments.", "2026-01-01T00:00:00Z", {
        kind: "rule",
        eventType: "rule",
      }),
      line("Retries stop after three attempts in orders.", "2026-01-01T00:00:01Z"),
    ]);
    const [on, off] = await withAndWithout("kind", "retries stop after attempts");
    expect(on?.[0]).toContain("payments");
    expect(off?.[0]).toContain("orders");
  });
});

test("explaining a search tells what each signal adds, and says it in words", async () => {
  await here.import([
    line("We decided about retries in the planning.", "2025-05-08T12:00:00Z", {
      kind: "decision",
      eventType: "decision",
    }),
    line("Something else altogether.", "2026-02-01T12:00:00Z"),
  ]);
  const query = "what did we decide about retries on 8 May 2025";
  const { memories } = await here.engine.retrieve({ query, explain: true }, {});
  expect(memories[0]?.signals).toMatchObject({
    words: expect.any(Number) as number,
    meaning: expect.any(Number) as number,
    time: expect.any(Number) as number,
    kind: expect.any(Number) as number,
  });
  expect(memories[0]?.reasons.join()).toContain("of the time that is asked about: on 8 May 2025");
  expect((await here.engine.retrieve({ query }, {})).memories[0]?.signals).toBeUndefined();
});
