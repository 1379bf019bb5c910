import { afterEach, beforeEach, expect, test } from "vitest";
import { emptyRowSet } from "../../../src/contract/rowSet.ts";
import { AnchorEvidence } from "../../../src/engine/retrieve/anchorEvidence.ts";
import { memoryOf } from "./support/memory.ts";
import { TestStore } from "./support/testStore.ts";

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store.close());

const remember = (count: number, path: string, more: object = {}): void =>
  store.add(
    ...Array.from({ length: count }, (_, at) =>
      memoryOf({ id: `${path} ${at}`, content: `${path} ${at}`, anchors: [{ path }], ...more }),
    ),
  );
const lenders = (rows: readonly number[], text: number) => rows.map((row) => ({ row, text }));
const rowsTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);
const everything = () => emptyRowSet(store.projection.rowLimit).fill(0xffffffff);

test("many that match lend no more than the best of them, and less the more there are", () => {
  remember(2, "few.ts");
  remember(20, "some.ts");
  const ofFew = new AnchorEvidence(store.projection, lenders([1], 0.8)).of(2)?.share ?? 0;
  const some = rowsTo(22).slice(2);
  const ofSome = new AnchorEvidence(store.projection, lenders(some.slice(1), 0.8)).of(3)?.share ?? 0;
  const ofOne = new AnchorEvidence(store.projection, lenders([4], 0.8)).of(3)?.share ?? 0;
  expect(ofFew).toBeLessThanOrEqual(0.8);
  expect(ofFew).toBeGreaterThan(ofSome);
  expect(ofSome).toBe(ofOne);
  expect(ofSome).toBeGreaterThan(0);
});

test("what stands in the same session lends as context, and not as an anchor too", () => {
  remember(2, "a.ts", { sessionId: "s" });
  remember(1, "b.ts");
  store.add(memoryOf({ id: "c", content: "c", anchors: [{ path: "a.ts" }] }));
  const evidence = new AnchorEvidence(store.projection, lenders([1], 0.8));
  expect(evidence.of(2)).toBeUndefined();
  expect(evidence.of(3)).toBeUndefined();
  expect(evidence.of(4)?.share).toBeGreaterThan(0);
});

test("a file with 5,000 memories lends nothing, and is not read beyond a few of them", () => {
  remember(5_000, "all.ts");
  remember(3, "few.ts");
  let looks = 0;
  const counted = new Proxy(store.projection, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...given: readonly unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, given);
        looks += Array.isArray(result) ? result.length : 1;
        return result;
      };
    },
  });
  const matches = lenders([...rowsTo(63), 5_001], 0.9);
  const evidence = new AnchorEvidence(counted, matches);
  const brought = evidence.borrowers(everything());
  expect(brought).toEqual([5_003, 5_002, 5_001]);
  for (const { row } of matches) evidence.of(row);
  expect(evidence.of(100)).toBeUndefined();
  expect(looks).toBeLessThan(4 * matches.length);
});

test("of a file that lends only the newest four come, and none of those that do not exist for a later page", () => {
  remember(50, "some.ts");
  expect(new AnchorEvidence(store.projection, lenders([1], 0.9)).borrowers(everything())).toEqual(
    rowsTo(50).slice(-4).toReversed(),
  );
  expect(new AnchorEvidence(store.projection, lenders([1], 0.9), 21).borrowers(everything())).toEqual(
    rowsTo(20).slice(-4).toReversed(),
  );
});
