import type { CommitFacts, MergedInto, RecordedEvent } from "../../contract/events.ts";
import type { Memory } from "../../contract/memory.ts";
import { exampleEvents } from "./examples.ts";
import type { RowTable } from "./rowTable.ts";
import { mappingEvents } from "./rewrites.ts";
import { sharedEvents } from "./sharedVerdicts.ts";
import type { SqlDatabase } from "./sqlEngine.ts";

interface HeldKey {
  readonly key: string;
  readonly row: number;
  readonly seq: number;
}

interface HeldForgetting {
  readonly token: string;
  readonly at: number;
  readonly rows: number[];
  readonly merged?: MergedInto;
}

/**
 * The living state as events in order of `seq`, each memory read only when its turn comes, so that no statement stays open between two.
 * A memory that several idempotency keys made has the further ones in `merged` events that add nothing else, as its own provenance is
 * known already.
 */
export function livingEvents(
  database: SqlDatabase,
  rows: RowTable,
  read: (row: number) => Memory | undefined,
  keepForgottenSince: number,
): Iterable<RecordedEvent> {
  return {
    *[Symbol.iterator]() {
      const kept = new Set<number>();
      let limit = rows.limit;
      const forgotten = new Map<number, HeldForgetting>();
      for (const [row, token, at, seq, merged] of database.all(
        "SELECT row, token, at, seq, merged FROM forgotten WHERE at > ? ORDER BY row",
        keepForgottenSince,
      )) {
        kept.add(Number(row));
        // What came and was forgotten at once never was among the rows.
        limit = Math.max(limit, Number(row) + 1);
        const group = forgotten.get(Number(seq));
        if (group !== undefined) {
          group.rows.push(Number(row));
          continue;
        }
        forgotten.set(Number(seq), {
          token: String(token),
          at: Number(at),
          rows: [Number(row)],
          ...(typeof merged === "string" ? { merged: JSON.parse(merged) as MergedInto } : {}),
        });
      }
      const unlearned = new Map<number, string[]>();
      for (const [key, row, seq] of database.all("SELECT key, row, seq FROM unlearned ORDER BY key")) {
        // Those of a memory that is kept follow from its being forgotten.
        if (kept.has(Number(row))) continue;
        const group = unlearned.get(Number(seq));
        if (group === undefined) unlearned.set(Number(seq), [String(key)]);
        else group.push(String(key));
      }
      const keys = new Map<number, HeldKey>();
      const others: HeldKey[] = [];
      for (const [key, row, seq] of database.all("SELECT key, row, seq FROM idempotency ORDER BY seq")) {
        const held = { key: String(key), row: Number(row), seq: Number(seq) };
        if (keys.has(held.row)) others.push(held);
        else keys.set(held.row, held);
      }
      const rest = [
        ...others
          .filter(({ row }) => rows.isLiving(row) || kept.has(row))
          .map((held) => ({ seq: held.seq, event: () => keyEvent(held, read) })),
        ...[...forgotten].map(([seq, group]) => ({
          seq,
          event: () => ({
            type: "forgotten" as const,
            ids: group.rows.flatMap((row) => read(row)?.id ?? []),
            undoToken: group.token,
            at: group.at,
            ...(group.merged === undefined ? {} : { merged: group.merged }),
          }),
        })),
        ...[...unlearned].map(([seq, gone]) => ({ seq, event: () => ({ type: "unlearned" as const, keys: gone }) })),
        ...database.all("SELECT seq, json FROM observed").map(([seq, json]) => ({
          seq: Number(seq),
          event: () => ({ type: "observed" as const, facts: JSON.parse(String(json)) as CommitFacts }),
        })),
        ...[...mappingEvents(database), ...exampleEvents(database), ...sharedEvents(database)].map(
          ({ seq, event }) => ({
            seq,
            event: () => event,
          }),
        ),
      ].sort((a, b) => a.seq - b.seq);
      let next = 0;
      for (let row = 1; row < limit; row++) {
        for (let item = rest[next]; item !== undefined && item.seq < row; item = rest[++next]) {
          const event = item.event();
          if (event !== undefined) yield { seq: item.seq, event };
        }
        if (!rows.isLiving(row) && !kept.has(row)) continue;
        const memory = read(row);
        if (memory === undefined) continue;
        const key = keys.get(row)?.key;
        yield { seq: row, event: { type: "captured", memory, ...(key === undefined ? {} : { idempotencyKey: key }) } };
      }
      for (const item of rest.slice(next)) {
        const event = item.event();
        if (event !== undefined) yield { seq: item.seq, event };
      }
    },
  };
}

function keyEvent(held: HeldKey, read: (row: number) => Memory | undefined): RecordedEvent["event"] | undefined {
  const memory = read(held.row);
  if (memory === undefined) return undefined;
  const { id, provenance } = memory;
  return { type: "merged", id, provenance, tags: [], metadata: {}, anchors: [], idempotencyKey: held.key };
}
