import { expect, test } from "vitest";
import type { MemoryChanges } from "../../../src/contract/events.ts";
import type { Memory } from "../../../src/contract/memory.ts";
import { revise } from "../../../src/engine/store/revise.ts";
import { memory, provenance } from "./memoryFixture.ts";

const revised = (before: Memory, changes: MemoryChanges, at = 5): Memory =>
  revise(before, {
    type: "revised",
    id: before.id,
    revision: before.revision + 1,
    changes,
    provenance: provenance({ at, author: "Ada" }),
  });

test("keeps the fields that were replaced, and only those", () => {
  const after = revised(memory("a", { tags: ["x"], kind: "fact" }), { content: "new", kind: "fact", tags: ["x"] });
  expect(after.history).toEqual([{ revision: 1, at: 5, author: "Ada", before: { content: "content of a" } }]);
  expect(after).toMatchObject({ content: "new", revision: 2 });
});

test("a pin, another time to live and a revision that changes nothing leave no trace in the history", () => {
  const before = memory("a");
  for (const changes of [{ pinned: true }, { ttlSeconds: 60, expiresAt: 9 }, { content: before.content }])
    expect(revised(before, changes)).not.toHaveProperty("history");
  const once = revised(before, { content: "new" });
  expect(revised(once, { pinned: true }).history).toEqual(once.history);
});

test("the same event applied again adds nothing", () => {
  const once = revised(memory("a"), { content: "new" });
  expect(revised(once, { content: "new" }).history).toEqual(once.history);
});

test("the last twenty are kept", () => {
  let current = memory("a");
  for (let index = 0; index < 25; index++) current = revised(current, { content: `text ${index}` }, index);
  expect(current.history?.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, index) => index + 5));
});

test("as many of the newest are kept as are 64 KB of JSON in UTF-8; a larger text is not kept at all", () => {
  let current = memory("a");
  for (let index = 0; index < 6; index++)
    current = revised(current, { content: `${index}${"ä".repeat(10_000)}` }, index);
  const kept = current.history ?? [];
  expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(65_536);
  expect(kept.map(({ at }) => at)).toEqual([3, 4, 5]);
  const large = revised(memory("b", { content: "x".repeat(70_000) }), { content: "small" });
  expect(large).not.toHaveProperty("history");
});
