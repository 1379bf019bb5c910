import type { CommitFacts, CommitMapping, RecordedEvent } from "../../contract/events.ts";
import { comparableText } from "./comparable.ts";
import type { SqlDatabase } from "./sqlEngine.ts";

/** Which commit stands for which, and which commits were part of the branch of an observed one. */
export function addRewriteTables(database: SqlDatabase): void {
  database.script(`
    CREATE TABLE carried (commitId TEXT, tipId TEXT, PRIMARY KEY (commitId, tipId)) WITHOUT ROWID;
    CREATE TABLE mapping (fromId TEXT, toId TEXT, seq INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (fromId, toId)) WITHOUT ROWID;
  `);
}

export function addFacts(database: SqlDatabase, seq: number, facts: CommitFacts): void {
  const tip = comparableText(facts.commit);
  database.run("INSERT OR REPLACE INTO observed VALUES (?, ?, ?)", tip, seq, JSON.stringify(facts));
  database.run("DELETE FROM carried WHERE tipId = ?", tip);
  for (const commit of facts.carries ?? [])
    database.run("INSERT OR IGNORE INTO carried VALUES (?, ?)", comparableText(commit), tip);
}

export function readFacts(database: SqlDatabase, commit: string): CommitFacts | undefined {
  return factsIn(database.all("SELECT json FROM observed WHERE commitId = ?", comparableText(commit)))[0];
}

export function readCarriers(database: SqlDatabase, commit: string): readonly CommitFacts[] {
  return factsIn(
    database.all(
      "SELECT json FROM carried JOIN observed ON observed.commitId = tipId WHERE carried.commitId = ? ORDER BY seq",
      comparableText(commit),
    ),
  );
}

const factsIn = (rows: readonly (readonly unknown[])[]): readonly CommitFacts[] =>
  rows.map(([json]) => JSON.parse(String(json)) as CommitFacts);

/** The latest about a pair of commits stands. */
export function addMapping(database: SqlDatabase, seq: number, mapping: CommitMapping): void {
  const pair = [comparableText(mapping.from), comparableText(mapping.to)] as const;
  database.run("INSERT OR REPLACE INTO mapping VALUES (?, ?, ?, ?)", ...pair, seq, JSON.stringify(mapping));
}

/** Oldest first. */
export function readMappings(database: SqlDatabase): readonly CommitMapping[] {
  return [...mappingEvents(database)].map(({ event }) => event.mapping);
}

export function* mappingEvents(
  database: SqlDatabase,
): Generator<RecordedEvent & { readonly event: { readonly type: "mapped"; readonly mapping: CommitMapping } }> {
  for (const [seq, json] of database.all("SELECT seq, json FROM mapping ORDER BY seq"))
    yield { seq: Number(seq), event: { type: "mapped", mapping: JSON.parse(String(json)) as CommitMapping } };
}
