import fc from "fast-check";
import { expect, test } from "vitest";
import { KINDS, SCOPES } from "../../../src/contract/kinds.ts";
import type { Memory, Provenance } from "../../../src/contract/memory.ts";
import { exportLine } from "../../../src/engine/lifecycle/exportLine.ts";
import {
  candidateOfLine,
  provenanceOfLine,
  restoredOfLine,
  timeOfLine,
} from "../../../src/engine/lifecycle/importedMemory.ts";
import { parseImportLine } from "../../../src/engine/lifecycle/parseImportLine.ts";

const elsewhere: Provenance = {
  at: 1,
  dirty: true,
  pending: true,
  branch: "other",
  commit: "f".repeat(40),
  worktree: "/w",
};

/** The memory that a line makes where admission changes nothing, as remember.ts puts it together. */
function imported(text: string): Memory {
  const line = parseImportLine(text);
  if (line === undefined) throw new Error("a blank line");
  const candidate = candidateOfLine(line);
  return {
    id: "new",
    mergedFrom: [],
    revision: 1,
    flags: [],
    ...candidate,
    kind: candidate.kind as Memory["kind"],
    scope: candidate.scope ?? "lineage",
    tags: candidate.tags ?? [],
    metadata: candidate.metadata ?? {},
    anchors: candidate.anchors ?? [],
    timestamp: timeOfLine(line) ?? 0,
    ...(line.sessionId === undefined ? {} : { sessionId: line.sessionId }),
    workspaceId: "here",
    provenance: provenanceOfLine(line, elsewhere),
    tokens: 0,
    parts: [],
    signature: "",
    ...restoredOfLine(line),
  };
}

const trimmed = (maxLength: number) =>
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength })
    .map((text) => text.trim())
    .filter((text) => text !== "" && text.length <= maxLength);
const time = fc.integer({ min: 0, max: Date.UTC(2300, 0, 1) });
const commit = fc.stringMatching(/^[0-9a-f]{40}$/u);
const provenance = fc.record(
  {
    at: time,
    author: trimmed(30),
    agent: trimmed(20),
    sessionId: trimmed(20),
    branch: trimmed(20),
    commit,
    dirty: fc.boolean(),
    pending: fc.boolean(),
    worktree: trimmed(20),
  },
  { requiredKeys: ["at", "dirty", "pending"] },
);
// JSON.parse gives `__proto__` as a key of its own, which the schema of JSON objects refuses to copy.
const metadata = fc
  .dictionary(
    trimmed(10).filter((key) => key !== "__proto__"),
    fc.jsonValue({ maxDepth: 2, noUnicodeString: false }) as fc.Arbitrary<never>,
  )
  .filter((value) => !JSON.stringify(value).includes("__proto__"));
const anchor = fc
  .record(
    {
      path: trimmed(20),
      symbol: trimmed(10),
      startLine: fc.integer({ min: 1, max: 99 }),
      endLine: fc.integer({ min: 100, max: 999 }),
    },
    { requiredKeys: ["path"] },
  )
  .filter((one) => one.endLine === undefined || one.startLine !== undefined);
const memory = fc.record(
  {
    id: fc.stringMatching(/^[\w.:@-]{1,20}$/u),
    kind: fc.constantFrom(...KINDS),
    scope: fc.constantFrom(...SCOPES),
    eventType: trimmed(20),
    content: fc.string({ unit: "binary", minLength: 1, maxLength: 200 }).filter((text) => text.trim() !== ""),
    title: trimmed(100),
    tags: fc.array(trimmed(10), { maxLength: 4 }),
    metadata,
    anchors: fc.array(anchor, { maxLength: 3 }),
    timestamp: time,
    sessionId: trimmed(20),
    workspaceId: fc.constant("there"),
    ttlSeconds: fc.integer({ min: 1, max: 3_153_600_000 }),
    expiresAt: time,
    provenance,
    mergedFrom: fc.array(provenance, { maxLength: 3 }),
    tokens: fc.nat(),
    parts: fc.constant([]),
    revision: fc.integer({ min: 1, max: 50 }),
    flags: fc.subarray(["high-entropy", "redacted"] as const),
    signature: fc.constant("s"),
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      "id",
      "kind",
      "scope",
      "eventType",
      "content",
      "tags",
      "metadata",
      "anchors",
      "timestamp",
      "workspaceId",
      "provenance",
      "mergedFrom",
      "tokens",
      "parts",
      "revision",
      "flags",
      "signature",
    ],
  },
) as fc.Arbitrary<Memory>;

test("export, import and export again give the same bytes, for any memory", () => {
  fc.assert(
    fc.property(memory, (one) => {
      const first = exportLine(one);
      expect(first).not.toContain("\n");
      const again = imported(first);
      expect(exportLine(again)).toBe(first);
      // And not because both left something out.
      const derived = { tokens: undefined, parts: undefined, signature: undefined, workspaceId: undefined };
      expect(again).toMatchObject(JSON.parse(JSON.stringify({ ...one, ...derived })) as object);
    }),
    { numRuns: 300 },
  );
});

test("the order of keys does not depend on the order in which a memory was built", () => {
  fc.assert(
    fc.property(memory, (one) => {
      const { metadata: kept, ...rest } = one;
      const reversed = Object.fromEntries(
        Object.entries({ ...rest, provenance: Object.fromEntries(Object.entries(one.provenance).reverse()) }).reverse(),
      );
      expect(exportLine({ ...reversed, metadata: kept } as unknown as Memory)).toBe(exportLine(one));
    }),
    { numRuns: 50 },
  );
});
