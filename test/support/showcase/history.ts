import type { TestRepository } from "../repository.ts";
import { JOURNAL, MERGE, QUEUE, SERVER } from "./sources.ts";

/** Who commits, and how their names are written. */
const PEOPLE = { ada: "Ada Okafor", jonas: "Jonas Lind", mei: "Mei Tanaka" } as const;

interface Commit {
  /** What memories call it. */
  readonly key: string;
  readonly on: string;
  /** Where a branch begins: the newest commit of this one. */
  readonly from?: string;
  readonly merge?: string;
  readonly by: keyof typeof PEOPLE;
  /** Before now. */
  readonly hours: number;
  readonly says: string;
  readonly files?: Readonly<Record<string, string>>;
}

const small = (name: string): Readonly<Record<string, string>> => ({
  [`src/${name}.ts`]: `export const ${name.replace(/\W+/gu, "_")} = true;\n`,
});

/** The history of Lantern, which keeps notes in step between a person's machines; oldest first. */
const HISTORY: readonly Commit[] = [
  {
    key: "begin",
    on: "main",
    by: "ada",
    hours: 1500,
    says: "Begin with a journal on disk",
    files: { "src/store/journal.ts": JOURNAL, "README.md": "# Lantern\n\nNotes in step on every machine.\n" },
  },
  {
    key: "fsync",
    on: "main",
    by: "ada",
    hours: 1476,
    says: "Fsync the folder after a rename",
    files: small("store/files"),
  },
  { key: "notes", on: "main", by: "jonas", hours: 1430, says: "Notes have revisions", files: small("notes/revision") },
  {
    key: "server",
    on: "main",
    by: "jonas",
    hours: 1400,
    says: "Serve the journal over HTTP",
    files: { "src/http/server.ts": SERVER },
  },
  {
    key: "token",
    on: "main",
    by: "ada",
    hours: 1352,
    says: "Ask for a token on every route",
    files: small("http/token"),
  },
  {
    key: "merge-a",
    on: "feature/three-way-merge",
    from: "main",
    by: "mei",
    hours: 1330,
    says: "Find the common revision of two notes",
    files: { "src/sync/merge.ts": MERGE },
  },
  { key: "cli", on: "main", by: "ada", hours: 1310, says: "A command line for scripts", files: small("cli") },
  {
    key: "merge-b",
    on: "feature/three-way-merge",
    by: "mei",
    hours: 1290,
    says: "Keep both sides of a conflict in the note",
  },
  { key: "merge-c", on: "feature/three-way-merge", by: "mei", hours: 1270, says: "Test merges with random edits" },
  {
    key: "merge",
    on: "main",
    merge: "feature/three-way-merge",
    by: "ada",
    hours: 1250,
    says: "Merge the three-way merge",
  },
  { key: "compact", on: "main", by: "ada", hours: 1190, says: "Compact the journal when half of it is dead" },
  {
    key: "queue-a",
    on: "feature/offline-queue",
    from: "main",
    by: "jonas",
    hours: 1150,
    says: "Queue changes while offline",
    files: { "src/sync/queue.ts": QUEUE },
  },
  {
    key: "search-a",
    on: "feature/search",
    from: "main",
    by: "mei",
    hours: 1100,
    says: "Index notes by words",
    files: small("search/index"),
  },
  { key: "limits", on: "main", by: "ada", hours: 1080, says: "Refuse bodies of more than 4 MB" },
  {
    key: "queue-b",
    on: "feature/offline-queue",
    by: "jonas",
    hours: 1060,
    says: "Send a queued change once, whatever the network says",
  },
  { key: "search-b", on: "feature/search", by: "mei", hours: 1020, says: "Rank by where a word stands" },
  {
    key: "queue",
    on: "main",
    merge: "feature/offline-queue",
    by: "jonas",
    hours: 990,
    says: "Merge the offline queue",
  },
  { key: "search-c", on: "feature/search", by: "mei", hours: 960, says: "Find words that are typed half" },
  { key: "v1", on: "main", by: "ada", hours: 900, says: "Release 1.0" },
  {
    key: "skew",
    on: "fix/clock-skew",
    from: "main",
    by: "jonas",
    hours: 850,
    says: "Order revisions by counters, not by clocks",
    files: small("sync/clock"),
  },
  { key: "search", on: "main", merge: "feature/search", by: "mei", hours: 800, says: "Merge the search" },
  { key: "skewed", on: "main", merge: "fix/clock-skew", by: "ada", hours: 780, says: "Merge the fix of clock skew" },
  { key: "ipv6", on: "main", by: "jonas", hours: 700, says: "Listen on IPv6 where there is no IPv4" },
  {
    key: "crdt-a",
    on: "experiment/crdt",
    from: "main",
    by: "mei",
    hours: 620,
    says: "Try a CRDT for the text of a note",
    files: small("crdt/text"),
  },
  {
    key: "attach",
    on: "main",
    by: "ada",
    hours: 560,
    says: "Attachments are stored by their hash",
    files: small("store/blobs"),
  },
  { key: "crdt-b", on: "experiment/crdt", by: "mei", hours: 520, says: "Measure the CRDT on a year of edits" },
  { key: "gzip", on: "main", by: "jonas", hours: 430, says: "Compress what goes over the wire" },
  { key: "release", on: "release/1.1", from: "main", by: "ada", hours: 400, says: "Release 1.1" },
  {
    key: "e2e-a",
    on: "feature/encryption",
    from: "main",
    by: "mei",
    hours: 350,
    says: "Derive a key from the passphrase",
    files: small("crypto/key"),
  },
  { key: "metrics", on: "main", by: "jonas", hours: 300, says: "Count retries by their reason" },
  { key: "backport", on: "release/1.1", by: "ada", hours: 250, says: "Backport: a lost ack is no second change" },
  { key: "ack", on: "main", by: "ada", hours: 240, says: "A lost ack is no second change" },
  {
    key: "e2e-b",
    on: "feature/encryption",
    by: "mei",
    hours: 170,
    says: "Encrypt a note before it leaves the machine",
  },
  {
    key: "watch",
    on: "feature/watch",
    from: "main",
    by: "jonas",
    hours: 150,
    says: "Watch the folder instead of polling it",
    files: small("store/watch"),
  },
  { key: "strict", on: "main", by: "ada", hours: 120, says: "Strict types for messages" },
  { key: "watch-b", on: "feature/watch", by: "jonas", hours: 96, says: "Editors save by renaming: follow the path" },
  { key: "e2e-c", on: "feature/encryption", by: "mei", hours: 52, says: "Rotate keys without a second upload" },
  { key: "watched", on: "main", merge: "feature/watch", by: "ada", hours: 30, says: "Merge the watcher" },
  { key: "flaky", on: "main", by: "jonas", hours: 20, says: "Wait for the port, not for a second" },
  { key: "retry", on: "main", by: "ada", hours: 4, says: "Back off with jitter between retries" },
];

/** Writes the history into an empty repository, checks main out, and gives the ids of its commits by their keys. */
export function writeHistory(repository: TestRepository, now: number): ReadonlyMap<string, string> {
  const trees = new Map<string, ReadonlyMap<string, string>>();
  const marks = new Map(HISTORY.map(({ key }, index) => [key, index + 1]));
  let stream = "";
  const newest = new Map<string, string>();
  for (const commit of HISTORY) {
    const { key, on, from, merge, by, hours, says, files = { [`notes/${key}.md`]: `${says}.\n` } } = commit;
    const base = trees.get(on) ?? trees.get(from ?? "") ?? new Map<string, string>();
    const tree = new Map([...base, ...(trees.get(merge ?? "") ?? []), ...Object.entries(files)]);
    const who = `${PEOPLE[by]} <${by}@lantern.example> ${Math.floor(now / 1000) - hours * 3600} +0000`;
    stream += `commit refs/heads/${on}\nmark :${marks.get(key) ?? 0}\nauthor ${who}\ncommitter ${who}\n${data(says)}`;
    const parent = newest.get(on) ?? newest.get(from ?? "");
    if (parent !== undefined) stream += `from ${parent}\n`;
    if (merge !== undefined) stream += `merge ${newest.get(merge) ?? ""}\n`;
    newest.set(on, `:${marks.get(key) ?? 0}`);
    stream += "deleteall\n";
    for (const [path, text] of tree) stream += `M 100644 inline ${path}\n${data(text)}`;
    trees.set(on, tree);
  }
  repository.gitWith(
    `${stream}tag v1.0\nfrom :${marks.get("v1") ?? 0}\n${TAGGER(now)}${data("1.0")}`,
    "fast-import",
    "--quiet",
  );
  repository.git("reset", "--hard", "-q", "main");
  const ids = new Map<string, string>();
  for (const { key, on, says } of HISTORY) {
    ids.set(key, repository.git("log", "-1", "--format=%H", `--grep=^${says}$`, `refs/heads/${on}`));
  }
  return ids;
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
const TAGGER = (now: number): string =>
  `tagger ${PEOPLE.ada} <ada@lantern.example> ${Math.floor(now / 1000) - 900 * 3600} +0000\n`;
