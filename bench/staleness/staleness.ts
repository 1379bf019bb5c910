/**
 * How often a memory of code is served as good when its code has changed, hidden when it holds, or shown where it does not belong. The real history of
 * repositories is walked, memories are captured on the way, anchored to functions and files, and branches, merges, squashes, amends and rebases are played on
 * top. After each step everything that is served is compared with the truth, which is computed here from the trees and git alone: see docs/staleness.md.
 * usage: node bench/staleness/staleness.ts --repos DIR --only owner/name[,…] [--steps 200] [--anchors 1000] [--systems heirloom,server-memory]
 *        needs dist/ (npm run build). DIR holds repositories as OWNER+NAME/repo.
 */
import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { printFigure } from "../figure.ts";
import { type FunctionText, functionsOf, isRead, likeness, significantLines } from "./groundTruth.ts";
import { heirloom, type MemorySystem, serverMemory } from "./systems.ts";

const { values } = parseArgs({
  options: {
    repos: { type: "string", default: "" },
    only: { type: "string", default: "" },
    steps: { type: "string", default: "200" },
    anchors: { type: "string", default: "1000" },
    systems: { type: "string", default: "heirloom,server-memory" },
  },
});
const STEPS = Number(values.steps);
const ANCHORS = Number(values.anchors);
/** In the first part of the walk memories are captured, evenly. */
const CAPTURING_SHARE = 0.5;
/** One anchor in so many is a whole file. */
const FILES_EVERY = 5;
/** A whole file holds what is said of it while so many of its lines are there, and does not from so few on; between, nothing is counted. */
const [FILE_HOLDS, FILE_IS_ANOTHER] = [0.9, 0.7];
/** Of a file that something is said of as a whole. */
const FEWEST_LINES = 10;
const PLAY_EVERY = 4;
const MOST_EXAMPLES = 12;
const PLAYS = ["merge", "squash", "rebase", "amend", "abandon"] as const;
const SYSTEMS: Readonly<Record<string, (workspace: string, data: string) => Promise<MemorySystem>>> = {
  heirloom,
  "server-memory": serverMemory,
};

interface Known {
  readonly path: string;
  readonly symbol?: string;
  /** Of the function's tokens, or the text of the file. */
  readonly was: string;
  readonly commit: string;
}

type Candidate = Omit<Known, "commit">;

/** What of a tree does not depend on when it is asked about. */
interface Tree {
  readonly head: string;
  readonly paths: ReadonlySet<string>;
  /** Of all functions in it. */
  readonly bodies: ReadonlySet<string>;
}

class Counts {
  served = 0;
  fresh = 0;
  staleServed = 0;
  wronglyHidden = 0;
  holding = 0;
  wronglyShown = 0;
  notInherited = 0;
  unchecked = 0;
  falselyStale = 0;
  checks = 0;
  /** The first of each kind, to look at. */
  readonly examples = new Map<string, string[]>();

  example(kind: string, where: string): void {
    const known = this.examples.get(kind) ?? [];
    this.examples.set(kind, known);
    if (known.length < MOST_EXAMPLES && !known.includes(where)) known.push(where);
  }
}

class Walk {
  readonly #root: string;
  readonly #system: MemorySystem;
  readonly #memories = new Map<string, Known>();
  /** Commits that stand for a commit since it was made again in a play. */
  readonly #again = new Map<string, string>();
  readonly #blobs = new Map<string, readonly FunctionText[]>();
  /** Most of a tree is as it was a step ago. */
  readonly #functionsByText = new Map<string, readonly FunctionText[]>();
  readonly #renames = new Map<string, ReadonlyMap<string, string>>();
  readonly counts = new Counts();
  #tree: Tree | undefined;
  #played = 0;

  constructor(root: string, system: MemorySystem) {
    this.#root = root;
    this.#system = system;
  }

  async run(commits: readonly string[]): Promise<void> {
    const capturing = Math.max(1, Math.floor(commits.length * CAPTURING_SHARE));
    const perStep = Math.ceil(ANCHORS / capturing);
    for (const [step, commit] of commits.entries()) {
      this.#git("checkout", "-q", "--force", "--detach", commit);
      if (step < capturing) await this.#capture(commit, perStep, step);
      await this.#check();
      const next = commits[step + 1];
      if (next !== undefined && step % PLAY_EVERY === PLAY_EVERY - 1) await this.#play(commit, next);
    }
  }

  /** Functions and files of this tree that nothing is said of yet, evenly over it. */
  async #capture(commit: string, count: number, step: number): Promise<void> {
    const known = new Set([...this.#memories.values()].map(({ path, symbol = "" }) => `${path}#${symbol}`));
    const paths = this.#git("ls-tree", "-r", "--name-only", "HEAD").split("\n").filter(isRead);
    const candidates = paths.flatMap((path): readonly Candidate[] => {
      const text = this.#read(path);
      const all: Candidate[] = this.#functions(path, text).map(({ name, body }) => ({ path, symbol: name, was: body }));
      const file: readonly Candidate[] = significantLines(text) < FEWEST_LINES ? [] : [{ path, was: text }];
      return [...all, ...file].filter(({ symbol = "" }) => !known.has(`${path}#${symbol}`));
    });
    const files = candidates.filter(({ symbol }) => symbol === undefined);
    const functions = candidates.filter(({ symbol }) => symbol !== undefined);
    const wanted = Math.min(count, candidates.length);
    for (let at = 0; at < wanted; at++) {
      const from = at % FILES_EVERY === FILES_EVERY - 1 ? files : functions;
      const [one] = from.splice(Math.floor(((at * 0.618 + step * 0.37) % 1) * from.length), 1);
      if (one === undefined) continue;
      const doc = this.#functions(one.path, this.#read(one.path)).find(({ name }) => name === one.symbol)?.doc ?? "";
      const subject = this.#git("log", "-1", "--format=%s", "HEAD", "--", one.path);
      const text = `${one.symbol ?? one.path}: ${doc === "" ? subject : doc}`.slice(0, 500);
      const id = await this.#system.capture({
        text,
        path: one.path,
        ...(one.symbol === undefined ? {} : { symbol: one.symbol }),
      });
      this.#memories.set(id, { ...one, commit });
    }
  }

  /** A branch with a change and a memory, that is made a part of history in one way or the other, or is not. */
  async #play(at: string, next: string): Promise<void> {
    const play = PLAYS[this.#played++ % PLAYS.length] ?? "merge";
    const branch = `play-${this.#played}`;
    this.#git("switch", "-q", "-c", branch);
    const path = `play/${branch}.js`;
    mkdirSync(join(this.#root, "play"), { recursive: true });
    writeFileSync(
      join(this.#root, path),
      `export function ${branch.replace("-", "")}(left, right) {\n  const sum = left + right * ${this.#played};\n  return sum > 10 ? sum : -sum;\n}\n`,
    );
    this.#git("add", "-A", "play");
    this.#git("commit", "-q", "-m", `play ${play}`);
    const commit = this.#head();
    const [made] = this.#functions(path, this.#read(path));
    if (made === undefined) throw new Error("what is played has a function");
    const id = await this.#system.capture({ text: `${branch} adds two numbers`, path, symbol: made.name });
    this.#memories.set(id, { path, symbol: made.name, was: made.body, commit });
    if (play === "amend") {
      this.#git("commit", "-q", "--amend", "-m", `play ${play}, said better`);
      this.#again.set(commit, this.#head());
      await this.#check();
    }
    this.#git("checkout", "-q", "--detach", at);
    await this.#check();
    if (play === "merge") this.#git("merge", "-q", "--no-ff", "-m", `merge ${branch}`, branch);
    if (play === "squash") {
      this.#git("merge", "-q", "--squash", branch);
      this.#git("commit", "-q", "-m", `squash ${branch}`);
      this.#again.set(commit, this.#head());
    }
    if (play === "rebase") {
      this.#git("switch", "-q", branch);
      this.#git("rebase", "-q", next);
      this.#again.set(commit, this.#head());
    }
    if (play !== "amend" && play !== "abandon") await this.#check();
    this.#git("checkout", "-q", "--force", "--detach", at);
    if (play === "abandon") this.#git("branch", "-q", "-D", branch);
  }

  async #check(): Promise<void> {
    const served = await this.#system.served();
    const head = this.#head();
    const ancestors = new Set(this.#git("rev-list", "HEAD").split("\n"));
    const inherits = (commit: string): boolean => {
      for (let one: string | undefined = commit; one !== undefined; one = this.#again.get(one))
        if (ancestors.has(one)) return true;
      return false;
    };
    this.counts.checks += 1;
    for (const [id, memory] of this.#memories) {
      const said = served.get(id);
      const isInherited = inherits(memory.commit);
      const where = `${memory.path}#${memory.symbol ?? ""} of ${memory.commit.slice(0, 8)} at ${head.slice(0, 8)}`;
      if (!isInherited) {
        this.counts.notInherited += 1;
        if (said !== undefined) {
          this.counts.wronglyShown += 1;
          this.counts.example("wrongly shown", where);
        }
        continue;
      }
      const holds = this.#holds(memory, head);
      if (said === undefined) {
        if (holds === true) {
          this.counts.holding += 1;
          this.counts.wronglyHidden += 1;
          this.counts.example("wrongly hidden", where);
        }
        continue;
      }
      this.counts.served += 1;
      if (holds === true) this.counts.holding += 1;
      if (said === "unchecked") this.counts.unchecked += 1;
      if (said === "fresh") this.counts.fresh += 1;
      if (said === "fresh" && holds === false) {
        this.counts.staleServed += 1;
        this.counts.example("stale served", where);
      }
      if (said === "stale" && holds === true) {
        this.counts.falselyStale += 1;
        this.counts.example("holds and is called stale", where);
      }
    }
  }

  /** Whether the code is in this tree as it was captured; undefined where a file changed so that one may say either. */
  #holds({ path, symbol, was, commit }: Known, head: string): boolean | undefined {
    const now = this.#nowAt(path, commit, head);
    if (symbol === undefined) {
      if (now === undefined) return false;
      const share = likeness(was, this.#read(now));
      return share >= FILE_HOLDS ? true : share <= FILE_IS_ANOTHER ? false : undefined;
    }
    const at = now === undefined ? [] : this.#functions(now, this.#read(now));
    if (at.some(({ body }) => body === was)) return true;
    // It may have moved to any other file. Short ones are alike, so that the name has to be the same then.
    return this.#treeAt(head).bodies.has(movedKey(symbol, was));
  }

  /** Of HEAD. */
  #treeAt(head: string): Tree {
    if (this.#tree?.head === head) return this.#tree;
    const listed = this.#git("ls-tree", "-r", "HEAD").split("\n");
    const bodies = new Set<string>();
    const paths = new Set<string>();
    for (const line of listed) {
      const [, blob = "", path = ""] = /^\d+ blob (\w+)\t(.*)$/u.exec(line) ?? [];
      paths.add(path);
      if (!isRead(path)) continue;
      let functions = this.#blobs.get(blob);
      if (functions === undefined) this.#blobs.set(blob, (functions = this.#functions(path, this.#read(path))));
      for (const { name, body } of functions) bodies.add(movedKey(name, body));
    }
    return (this.#tree = { head, paths, bodies });
  }

  /** Where a file is now, as git follows renames. */
  #nowAt(path: string, commit: string, head: string): string | undefined {
    if (this.#treeAt(head).paths.has(path)) return path;
    const key = `${commit} ${head}`;
    let renames = this.#renames.get(key);
    if (renames === undefined) {
      const listed = this.#git("diff", "--name-status", "--find-renames", "--diff-filter=R", commit, head);
      renames = new Map(
        listed.split("\n").flatMap((line) => {
          const [, from, to] = line.split("\t");
          return from === undefined || to === undefined ? [] : [[from, to] as const];
        }),
      );
      this.#renames.set(key, renames);
    }
    return renames.get(path);
  }

  #functions(path: string, text: string): readonly FunctionText[] {
    const key = `${extname(path)} ${hash("sha256", text)}`;
    let functions = this.#functionsByText.get(key);
    if (functions === undefined) this.#functionsByText.set(key, (functions = functionsOf(path, text)));
    return functions;
  }

  #read(path: string): string {
    try {
      return readFileSync(join(this.#root, path), "utf8");
    } catch {
      return "";
    }
  }

  #head(): string {
    return this.#git("rev-parse", "HEAD");
  }

  #git(...args: readonly string[]): string {
    return git(this.#root, ...args);
  }
}

const movedKey = (name: string, body: string): string => `${name.split(".").at(-1)} ${body}`;

function git(cwd: string, ...args: readonly string[]): string {
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...identity, ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: "pipe",
  }).trim();
}

for (const name of values.only.split(",")) {
  for (const chosen of values.systems.split(",")) {
    const open = SYSTEMS[chosen];
    if (open === undefined) throw new Error(`There is no system ${chosen}: ${Object.keys(SYSTEMS).join(", ")}.`);
    const folder = mkdtempSync(join(tmpdir(), "heirloom-staleness-"));
    const workspace = join(folder, "tree");
    const data = join(folder, "data");
    mkdirSync(data);
    git(folder, "clone", "-q", "--shared", join(values.repos, name.replace("/", "+"), "repo"), workspace);
    const line = git(workspace, "rev-list", "--reverse", "--first-parent", "HEAD").split("\n");
    // The oldest tenth has little code.
    const late = line.slice(Math.floor(line.length / 10));
    const commits = Array.from(
      { length: Math.min(STEPS, late.length) },
      (_, at) => late[Math.floor((at * late.length) / STEPS)] ?? "",
    );
    const started = performance.now();
    git(workspace, "checkout", "-q", "--detach", commits[0] ?? "HEAD");
    const system = await open(workspace, data);
    try {
      const walk = new Walk(workspace, system);
      await walk.run(commits);
      const { counts } = walk;
      const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
      printFigure("staleness", `${name}, ${system.name}`, {
        ...{
          steps: commits.length,
          checks: counts.checks,
          served: counts.served,
          holding: counts.holding,
          notInherited: counts.notInherited,
        },
        staleServedPercent: share(counts.staleServed, counts.served),
        staleAmongFreshPercent: share(counts.staleServed, counts.fresh),
        wronglyHiddenPercent: share(counts.wronglyHidden, counts.holding),
        wronglyShown: counts.wronglyShown,
        uncheckedPercent: share(counts.unchecked, counts.served),
        falselyStalePercent: share(counts.falselyStale, counts.holding),
        seconds: (performance.now() - started) / 1000,
      });
      for (const [kind, examples] of counts.examples) console.error(`${kind}:\n  ${examples.join("\n  ")}`);
    } finally {
      await system.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
