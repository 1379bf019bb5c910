import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

export interface CodeTree {
  readonly root: string;
  readonly files: number;
  readonly bytes: number;
  /** Relative, of those that were written first. */
  readonly paths: readonly string[];
  git(...args: readonly string[]): string;
  remove(): void;
}

const SKIPPED = /(?:^|\/)(?:node_modules|dist|\.git|\.vscode-test)(?:\/|$)/u;
const CODE = /\.(?:[cm]?[jt]sx?|vue|py|go|rs|java|md)$/u;
const LARGEST_BYTES = 300_000;

/**
 * A repository with one commit, with `count` files of the code in these folders: where they have fewer, as copies in which a third of the longer names are
 * others.
 */
export function makeTree(sources: readonly string[], count: number): CodeTree {
  const folder = mkdtempSync(join(process.env["HEIRLOOM_BENCH_DIR"] ?? tmpdir(), "heirloom-code-"));
  const root = join(folder, "tree");
  mkdirSync(root);
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 30,
      stdio: "pipe",
    });
  const originals = sources.flatMap(filesIn);
  if (originals.length === 0) throw new Error(`There is no code in ${sources.join()}.`);
  const paths: string[] = [];
  let bytes = 0;
  for (let copy = 0; paths.length < count; copy++)
    for (const { path, from } of originals) {
      if (paths.length >= count) break;
      const text = copied(readFileSync(from, "utf8"), copy);
      const to = copy === 0 ? path : `copy${copy}/${path}`;
      mkdirSync(dirname(join(root, to)), { recursive: true });
      writeFileSync(join(root, to), text);
      bytes += Buffer.byteLength(text);
      paths.push(to);
    }
  git("init", "-q", "-b", "main");
  git("add", "-A", "-f");
  git("commit", "-q", "-m", "the tree");
  return {
    root,
    files: paths.length,
    bytes,
    paths,
    git,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const LONG_NAME = /[A-Za-z_$][\w$]{7,}/gu;

function copied(text: string, copy: number): string {
  if (copy === 0) return text;
  return text.replace(LONG_NAME, (name) => ((name.charCodeAt(1) + name.length) % 3 === 0 ? `${name}K${copy}` : name));
}

function filesIn(source: string): readonly { readonly path: string; readonly from: string }[] {
  return readdirSync(source, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile() && CODE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((from) => !SKIPPED.test(relative(source, from)) && statSync(from).size <= LARGEST_BYTES)
    .sort()
    .map((from) => ({ path: join(dirname(source) === source ? "" : lastPart(source), relative(source, from)), from }));
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
