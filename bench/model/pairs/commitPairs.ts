import { execFileSync } from "node:child_process";
import { oneLine, type Pair, plain } from "./pair.ts";

const MOST_COMMITS = 8_000;
const MOST_FILES = 6;
const BUFFER_BYTES = 1 << 30;
const CODE = ["*.ts", "*.tsx", "*.js", "*.mjs", "*.py", "*.go", "*.rs", "*.svelte", "*.vue"];
const NO_SUBJECT =
  /^(?:[a-z]+(?:\([^)]*\))?!?:\s*)?(?:bump|merge|release|auto merge|revert|v?\d+\.\d|upgrade|update dep|prepare|\[?auto)|dependabot|changelog|code review|typo|lint|rustfmt|prettier|formatting|pre-commit/iu;

/** The subject of a commit with each file that it changed, as that was before, and with the path alone. Newest commits first. */
export function commitPairs(gitFolder: string, commit: string): Pair[] {
  const pairs: Pair[] = [];
  // Five hundred a call: the changes of all at once are more than fits into memory.
  for (let skip = 0; skip < MOST_COMMITS; skip += 500) {
    const log = execFileSync(
      "git",
      [
        "--git-dir",
        gitFolder,
        "log",
        "--no-merges",
        "-n",
        "500",
        "--skip",
        String(skip),
        "-p",
        "-U3",
        "--no-renames",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--format=%x00%s",
        commit,
        "--",
        ...CODE,
      ],
      { encoding: "utf8", maxBuffer: BUFFER_BYTES, stdio: ["ignore", "pipe", "ignore"] },
    );
    const records = log.split("\0").slice(1);
    for (const record of records) pairs.push(...pairsOf(record));
    if (records.length === 0) break;
  }
  return pairs;
}

function pairsOf(record: string): Pair[] {
  if (record.length > 1_000_000) return [];
  const subject = record
    .slice(0, record.indexOf("\n"))
    .replace(/\(#\d+\)|#\d+|\bgh-\d+/giu, "")
    .trim();
  if (subject.length < 14 || subject.split(/\s+/u).length < 3 || NO_SUBJECT.test(subject)) return [];
  const files = record.split(/^diff --git /mu).slice(1);
  if (files.length > MOST_FILES) return [];
  return files.slice(0, 4).flatMap((file, at) => {
    const path = /^a\/(\S+)/u.exec(file)?.[1];
    if (path === undefined) return [];
    const tail = path.split("/").slice(-3).join(" ");
    const hunks = file.split("\n@@ ").slice(1, 5).map(before).join(" ");
    return [
      { kind: "commit-change", left: oneLine(plain(subject), 200), right: `${tail} ${oneLine(hunks, 900)}` },
      ...(at === 0 ? [{ kind: "commit-path", left: oneLine(plain(subject), 200), right: tail }] : []),
    ];
  });
}

/** Lines of a hunk as they were before the change, with what it says it is in. */
function before(hunk: string): string {
  const [head = "", ...lines] = hunk.split("\n");
  const kept = lines.slice(0, 25).filter((line) => line.startsWith(" ") || line.startsWith("-"));
  return `${head.split("@@")[1] ?? ""} ${kept.map((line) => line.slice(1)).join(" ")}`;
}
