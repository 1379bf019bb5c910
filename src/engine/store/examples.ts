import type { RecordedEvent } from "../../contract/events.ts";
import type { RankingExample } from "../../contract/ranking.ts";
import type { SqlDatabase } from "./sqlEngine.ts";

/** The newest searches that are learned from. */
const MOST_EXAMPLES = 500;

/** Searches with what came of them, oldest first. */
export function readExamples(database: SqlDatabase): readonly RankingExample[] {
  return database
    .all("SELECT json FROM example ORDER BY seq")
    .map(([json]) => JSON.parse(String(json)) as RankingExample);
}

export function addExample(database: SqlDatabase, seq: number, example: RankingExample): void {
  database.run("INSERT OR REPLACE INTO example VALUES (?, ?)", seq, JSON.stringify(example));
  database.run(
    "DELETE FROM example WHERE seq NOT IN (SELECT seq FROM example ORDER BY seq DESC LIMIT ?)",
    MOST_EXAMPLES,
  );
}

/** As events that add them again. What was said of single memories stands in the memories. */
export function* exampleEvents(database: SqlDatabase): Generator<RecordedEvent> {
  for (const [seq, json] of database.all("SELECT seq, json FROM example ORDER BY seq"))
    yield {
      seq: Number(seq),
      event: { type: "feedback", ids: [], outcome: "used", at: 0, example: JSON.parse(String(json)) as RankingExample },
    };
}
