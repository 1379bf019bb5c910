import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { JournalEvent } from "../../../src/contract/events.ts";
import { type Facet, FACETS } from "../../../src/contract/explore.ts";
import type { Projection } from "../../../src/engine/seams.ts";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { SCHEMA_VERSION, upTo } from "../../../src/engine/store/schema.ts";
import { loadSql, type SqlDatabase, type SqlEngine } from "../../../src/engine/store/sqlEngine.ts";
import { WORD_FIELDS, type WordField } from "../../../src/engine/store/words.ts";
import { captured, memory, provenance, recorded, view } from "./memoryFixture.ts";

let sql: SqlEngine;
beforeAll(async () => {
  sql = await loadSql();
});

const nearHome = {
  op: "near" as const,
  ref: { field: "metadata" as const, path: ["home"] },
  center: { lat: 52.5, lon: 13.4 },
  km: 5,
};
const home = { home: { lat: 52.52, lon: 13.405 } };

describe("an image", () => {
  test("opens as the projection it was taken from, with what can be undone", () => {
    const projection = openProjection(sql);
    projection.apply(
      recorded([
        { type: "captured", memory: memory("a"), idempotencyKey: "k" },
        captured("b", { scope: "lineage", provenance: provenance({ pending: true, commit: "h", worktree: "w" }) }),
        captured("c", { expiresAt: 10, metadata: home }),
        captured("d"),
        { type: "forgotten", ids: ["d"], undoToken: "u", at: 50 },
        { type: "observed", facts: { commit: "c", parents: ["p"] } },
      ]),
    );
    const opened = openProjection(sql, projection.image(49));
    expect(answersOf(opened)).toEqual(answersOf(projection));
    expect(opened.undoable("u")).toEqual(["d"]);
    opened.apply(recorded([{ type: "restored", undoToken: "u", at: 60 }, captured("e")], 7));
    projection.apply(recorded([{ type: "restored", undoToken: "u", at: 60 }, captured("e")], 7));
    expect(opened.rowOf("d")).toBe(4);
    expect(answersOf(opened)).toEqual(answersOf(projection));
  });

  test("can be taken at any time: the projection goes on, and so does the next image", () => {
    const projection = openProjection(sql);
    for (let at = 1; at <= 5; at++) {
      projection.apply(recorded([captured(`m${at}`, { tags: [`t${at}`] })], at));
      const opened = openProjection(sql, projection.image(0));
      expect(answersOf(opened)).toEqual(answersOf(projection));
      opened.close();
    }
  });

  test("holds nothing of what was forgotten, overwritten or only ever said there", () => {
    const secret = fc.record({
      size: fc.nat(6000),
      tags: fc.nat(3),
      keys: fc.nat(3),
      fate: fc.constantFrom("forget", "revise", "keep"),
    });
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 40 }), (list) => {
        const projection = openProjection(sql);
        const word = (at: number): string => (list[at]?.fate === "keep" ? `plain${at}` : `s3cret${at}`);
        const events = list.map(({ size, tags, keys }, at): JournalEvent =>
          captured(`${word(at)}-id`, {
            content: word(at).repeat(size / 8),
            eventType: `${word(at)}-type`,
            tags: Array.from({ length: tags }, (_, tag) => `${word(at)}-tag${tag}`),
            metadata: Object.fromEntries(
              Array.from({ length: keys }, (_, key) => [`${word(at)}-key${key}`, word(at).repeat(key + 1)]),
            ),
            provenance: provenance({ branch: `${word(at)}-branch` }),
            scope: "lineage",
            signature: `m1:${word(at)}`,
          }),
        );
        projection.apply(recorded(events));
        const ids = list.flatMap(({ fate }, at) => (fate === "forget" ? [`${word(at)}-id`] : []));
        const revised = list.flatMap(({ fate }, at): readonly JournalEvent[] =>
          fate === "revise"
            ? // What was replaced stands in the history until 20 more revisions have come.
              Array.from({ length: 21 }, (_, revision) => ({
                type: "revised",
                id: `${word(at)}-id`,
                revision: revision + 2,
                changes: { content: `new ${revision}`, metadata: {} },
                provenance: provenance(),
              }))
            : [],
        );
        projection.apply(recorded([...revised, { type: "forgotten", ids, undoToken: "s3cret-token", at: 5 }], 1000));
        const image = Buffer.from(projection.image(5));
        list.forEach(({ fate, size }, at) => {
          if (fate === "forget") expect(image.includes(`${word(at)}-`)).toBe(false);
          if (fate !== "keep") expect(image.includes(word(at).repeat(2))).toBe(false);
          if (fate === "keep" && size > 16) expect(image.includes(word(at).repeat(2))).toBe(true);
        });
        expect(projection.undoable("s3cret-token")).toEqual([]);
        expect(image.includes("s3cret-token")).toBe(false);
        projection.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe("the version of an image", () => {
  test("is brought up from an older schema", () => {
    const database = sql.open();
    upTo(database, 0, 1);
    database.script("INSERT INTO columns SELECT 'none', x'00' WHERE 0");
    const old = database.export();
    database.close();
    const opened = openProjection(sql, old);
    expect(opened.counts().memories).toBe(0);
    opened.apply(recorded([captured("a", { metadata: home })]));
    expect([...opened.rowsWhere(nearHome)]).toEqual([2]);
  });

  test("is brought up with what the older schema did not extract", () => {
    const projection = openProjection(sql);
    projection.apply(recorded([captured("a", { metadata: home }), captured("b", { metadata: { lat: 1, lon: 2 } })]));
    // What versions 2 to 6 added is taken away again.
    const database = sql.open(projection.image(0));
    withoutFacets(database);
    database.script(
      "DROP TABLE position; DELETE FROM word WHERE text = '[]'; UPDATE meta SET value = 1 WHERE name = 'schemaVersion'",
    );
    const opened = openProjection(sql, database.export());
    database.close();
    expect([...opened.rowsWhere(nearHome)]).toEqual([2]);
    const top = { ...nearHome, ref: { field: "metadata" as const, path: [] }, center: { lat: 1, lon: 2 } };
    expect([...opened.rowsWhere(top)]).toEqual([4]);
    const again = openProjection(sql, opened.image(0));
    expect([...again.rowsWhere(top)]).toEqual([4]);
  });

  test("is brought up with the agents, pins and files of an image of version 2", () => {
    const projection = openProjection(sql);
    projection.apply(
      recorded([
        captured("a", {
          provenance: provenance({ agent: "copilot", branch: "main" }),
          anchors: [{ path: "src/a.ts" }],
        }),
        captured("b", { pinned: true, kind: "rule" }),
      ]),
    );
    const database = sql.open(projection.image(0));
    withoutFacets(database);
    const opened = openProjection(sql, database.export());
    database.close();
    expect(opened.anchoredIn("src/a.ts")).toEqual([1]);
    for (const facet of FACETS) expect(wordsOf(opened, facet)).toEqual(wordsOf(projection, facet));
    expect(wordsOf(opened, "agent")).toEqual(["copilot", undefined]);
    expect(wordsOf(opened, "pinned")).toEqual(["false", "true"]);
    // The uses of the words are counted as well: an image drops what nothing uses.
    expect(wordsOf(openProjection(sql, opened.image(0)), "agent")).toEqual(["copilot", undefined]);
  });

  test("is brought up with what was learned and forgotten in an image of version 4", () => {
    const projection = openProjection(sql);
    const commit = {
      type: "captured",
      memory: memory("a", { eventType: "commit" }),
      idempotencyKey: "commit:c1",
    } as const;
    projection.apply(recorded([commit, captured("b"), { type: "forgotten", ids: ["a"], undoToken: "undo", at: 50 }]));
    const database = sql.open(projection.image(0));
    database.script(
      "DROP TABLE unlearned; DROP TABLE carried; DROP TABLE mapping; DROP TABLE shared; UPDATE meta SET value = 4 WHERE name = 'schemaVersion'",
    );
    const opened = openProjection(sql, database.export());
    database.close();
    expect(opened.unlearned("commit")).toEqual(["c1"]);
  });

  test("knows the session or document of each memory and its files, also where an older program wrote it", () => {
    const part = (path: string, more: object = {}) => ({
      ...{ eventType: "document", metadata: { document: { path, section: "s", hash: "h" } }, anchors: [{ path }] },
      ...more,
    });
    const projection = openProjection(sql);
    projection.apply(
      recorded([
        captured("a", part("README.md")),
        captured("b", part("README.md")),
        captured("c", part("docs/a.md", { sessionId: "said" })),
        captured("d", { sessionId: "said" }),
        captured("e", { ...part("README.md"), eventType: "note" }),
      ]),
    );
    const wholes = (of: Projection): readonly number[] => [...of.sessions().of.subarray(1, 6)];
    const [first, , session] = wholes(projection);
    expect(wholes(projection)).toEqual([first, first, session, session, 0]);
    expect(first).not.toBe(session);
    expect([first, session].map((one) => projection.sessions().isDocument(one ?? 0))).toEqual([true, false]);
    const files = (of: Projection): readonly (readonly number[])[] =>
      [1, 2, 3, 4, 5].map((row) => [...of.anchorsOf(row)]);
    expect(files(projection).map(({ length }) => length)).toEqual([1, 1, 1, 0, 1]);
    const image = projection.image(0);
    const database = sql.open(image);
    database.script("DELETE FROM columns WHERE name = 'facet.whole'");
    for (const opened of [openProjection(sql, image), openProjection(sql, database.export())]) {
      expect(wholes(opened)).toEqual(wholes(projection));
      expect(files(opened)).toEqual(files(projection));
    }
  });

  test("is refused when it is newer than the program", () => {
    const database = sql.open(openProjection(sql).image(0));
    database.run("UPDATE meta SET value = ? WHERE name = 'schemaVersion'", SCHEMA_VERSION + 1);
    const newer = database.export();
    expect(() => openProjection(sql, newer)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_VERSION" }));
  });
});

/** The words of rows 1 and 2. */
function wordsOf(projection: Projection, facet: Facet): readonly (string | undefined)[] {
  const columns = projection.columns();
  return [1, 2].map((row) => columns.textOf(columns.facet(facet)[row] ?? 0));
}

/** Takes away what versions 3 to 7 added. */
function withoutFacets(database: SqlDatabase): void {
  const added = ["agent", "pinned", "anchorPath"].map((field) => WORD_FIELDS.indexOf(field as WordField)).join();
  database.script(`
    DROP INDEX memory_agent; ALTER TABLE memory DROP COLUMN agent; ALTER TABLE memory DROP COLUMN pinned; DROP TABLE anchor;
    DROP TABLE unlearned; DROP TABLE carried; DROP TABLE mapping; DROP TABLE shared;
    DELETE FROM word WHERE field IN (${added}); DELETE FROM columns WHERE name LIKE 'facet.%';
    ALTER TABLE forgotten DROP COLUMN merged; DROP TABLE rating; DROP TABLE example;
    UPDATE meta SET value = 2 WHERE name = 'schemaVersion'`);
}

test("what is no image, or a part of one, is STORE_CORRUPT or opens right", () => {
  const projection = openProjection(sql);
  projection.apply(recorded(Array.from({ length: 50 }, (_, at) => captured(`m${at}`, { content: "x".repeat(500) }))));
  const image = projection.image(0);
  const corrupt: unknown = expect.objectContaining({ code: "STORE_CORRUPT" });
  expect(() => openProjection(sql, new Uint8Array(5000).fill(7))).toThrow(corrupt);
  expect(() => openProjection(sql, new Uint8Array(0))).toThrow(corrupt);
  for (const length of [100, 4096, image.length >> 1, image.length - 4096]) {
    expect(() => openProjection(sql, image.slice(0, length))).toThrow(corrupt);
  }
});

test("the wasm file can be named, and a missing one says so", async () => {
  await expect(loadSql("/nowhere/sql-wasm.wasm")).rejects.toThrow(expect.objectContaining({ code: "INTERNAL" }));
});

function answersOf(projection: Projection): unknown {
  return {
    lastSeq: projection.lastSeq,
    rowLimit: projection.rowLimit,
    memories: [...projection.memories()],
    signatures: [...projection.signatures()],
    visible: [...projection.visibleRows(view(), 0)],
    expired: [...projection.livingRows(10)],
    newest: projection.newest(projection.livingRows(0), 100),
    commits: projection.memoryCommits(),
    pending: projection.pending(),
    keyed: projection.keyed("k"),
    facts: projection.commitFacts("c"),
    counts: projection.counts(),
    undoable: projection.undoable("u"),
    near: [...projection.rowsWhere(nearHome)],
    living: [...projection.living(0)],
  };
}
