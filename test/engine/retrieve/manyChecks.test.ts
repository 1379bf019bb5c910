import { afterEach, expect, test } from "vitest";
import type { Projection } from "../../../src/engine/seams.ts";
import { searchStores } from "../../../src/engine/retrieve/searchStores.ts";
import { memoryOf } from "./support/memory.ts";
import { TestStore, ask } from "./support/testStore.ts";

const ROWS = 6_000;
const FIRST = 1_700_000_000_000;

let store: TestStore;
afterEach(() => store.close());

/** Only the oldest half, which have the longest texts and so the worst scores, pass the filter: the plan expects every second to. */
function openStore(): { readonly read: () => number } {
  store = new TestStore();
  store.add(
    ...Array.from({ length: ROWS }, (_, at) =>
      memoryOf({
        id: `m${at}`,
        content: `cache ${at < ROWS / 2 ? "filler words ".repeat(8) : ""}${at}`,
        timestamp: FIRST + at,
      }),
    ),
  );
  let read = 0;
  const { projection } = store;
  const memory = projection.memory.bind(projection);
  Object.assign(projection, {
    memory: (row: number): ReturnType<Projection["memory"]> => {
      read++;
      return memory(row);
    },
  });
  return { read: () => read };
}

test.each(["", "cache"])(
  "rows that a filter keeps against the order (%j) are found without reading all others",
  (query) => {
    const { read } = openStore();
    const page = (cursor?: string): ReturnType<typeof searchStores> => {
      const filters = { timestamp: { $lt: new Date(FIRST + ROWS / 2).toISOString() } };
      return searchStores([store], ask({ query, filters, limit: 5, ...(cursor === undefined ? {} : { cursor }) }));
    };
    const first = page();
    expect(first.plan.strategy).toBe(query === "" ? "list" : "index-first");
    const readForOne = read();
    const second = page(first.nextCursor);
    const found = [...first.results, ...second.results].map(({ memory }) => memory.id);
    expect(found).toEqual(Array.from({ length: 10 }, (_, place) => `m${ROWS / 2 - 1 - place}`));
    expect(readForOne).toBeLessThan(ROWS / 2);
  },
);
