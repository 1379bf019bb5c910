import type { RecordedEvent } from "../../contract/events.ts";
import type { SharedVerdict } from "../../contract/share.ts";
import type { SharedVerdicts } from "../seams.ts";
import { comparableText } from "./comparable.ts";
import type { SqlDatabase } from "./sqlEngine.ts";

/** What a person said of memories that came with the repository. The row without an id says whether they are accepted unasked. */
export function addSharedTable(database: SqlDatabase): void {
  database.script(
    "CREATE TABLE shared (id TEXT, hash TEXT, seq INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (id, hash)) WITHOUT ROWID",
  );
}

type SharedEvent = Extract<RecordedEvent["event"], { type: "shared" }>;

/** The latest about one text of a memory stands. */
export function addVerdicts(database: SqlDatabase, seq: number, { verdicts = [], trusted }: SharedEvent): void {
  const put = (id: string, hash: string, value: unknown): void => {
    const key = [comparableText(id), comparableText(hash)] as const;
    database.run("INSERT OR REPLACE INTO shared VALUES (?, ?, ?, ?)", ...key, seq, JSON.stringify(value));
  };
  for (const verdict of verdicts) put(verdict.id, verdict.hash, verdict);
  if (trusted !== undefined) put("", "", trusted);
}

export function readVerdicts(database: SqlDatabase): SharedVerdicts {
  let trusted = false;
  const verdicts: SharedVerdict[] = [];
  for (const { event } of sharedEvents(database)) {
    trusted = event.trusted ?? trusted;
    verdicts.push(...(event.verdicts ?? []));
  }
  return { trusted, verdicts };
}

/** In order of `seq`; what one event said is one again. */
export function* sharedEvents(database: SqlDatabase): Generator<RecordedEvent & { readonly event: SharedEvent }> {
  const groups = new Map<number, { verdicts: SharedVerdict[]; trusted?: boolean }>();
  for (const [seq, json] of database.all("SELECT seq, json FROM shared ORDER BY seq")) {
    const value = JSON.parse(String(json)) as SharedVerdict | boolean;
    const group = groups.get(Number(seq)) ?? { verdicts: [] };
    groups.set(Number(seq), group);
    if (typeof value === "boolean") group.trusted = value;
    else group.verdicts.push(value);
  }
  for (const [seq, group] of groups) yield { seq, event: { type: "shared", ...group } };
}
