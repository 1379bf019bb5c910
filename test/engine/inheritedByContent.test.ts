import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openHost } from "../../src/serve/openHost.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

/** More of them find rarer orders: HEIRLOOM_SEQUENCES=3000 npx vitest run test/engine/inheritedByContent.test.ts */
const SEQUENCES = Number(process.env["HEIRLOOM_SEQUENCES"] ?? 25);

const OPERATIONS = [
  "commit",
  "commit",
  "learn",
  "learn",
  "branch",
  "switch",
  "merge",
  "squash",
  "rebase",
  "amend",
  "pick",
  "reset",
  "delete",
  "collect",
  "restart",
] as const;
type Operation = (typeof OPERATIONS)[number];

/**
 * Every commit adds a file of its own, so that what HEAD inherits can be seen in its tree: a memory is inherited exactly where the files are that
 * its commit added, however they came there.
 */
class Play {
  readonly #folder = temporaryFolder("sequence");
  readonly #repository = TestRepository.init(join(this.#folder.folder, "repo"));
  /** By the name of a memory the files that its commit added. */
  readonly #learned = new Map<string, readonly string[]>();
  readonly #steps: string[] = [];
  #host: Awaited<ReturnType<typeof openHost>> | undefined;
  #count = 0;

  async run(sequence: readonly (readonly [Operation, number])[]): Promise<void> {
    try {
      mkdirSync(join(this.#folder.folder, "data"));
      writeFileSync(join(this.#folder.folder, "data", "settings.json"), JSON.stringify({ queryTimeoutMs: 30_000 }));
      this.#repository.commit("README.md");
      await this.#restart();
      for (const [operation, choice] of sequence) {
        await this.#play(operation, choice);
        const steps = this.#steps.join("\n");
        // On a busy machine a request may be answered before all rewrites are found; a later one is right.
        await expect
          .poll(async () => [steps, await this.#seen()], { timeout: 30_000 })
          .toEqual([steps, this.#inTree()]);
      }
    } finally {
      await this.#host?.close();
      this.#folder.remove();
    }
  }

  async #play(operation: Operation, choice: number): Promise<void> {
    const plays: Readonly<Record<Operation, () => void | Promise<void>>> = {
      commit: () => this.#commit(),
      learn: () => this.#learn(),
      branch: () => this.#try("switch", "-qc", `b${++this.#count}`),
      switch: () => this.#try("switch", "-q", this.#other(choice)),
      merge: () => this.#try("merge", "-q", "-m", "merge", this.#other(choice)),
      squash: () => {
        this.#try("merge", "-q", "--squash", this.#other(choice));
        this.#try("commit", "-q", "-m", "squash");
      },
      rebase: () => this.#try("rebase", "-q", this.#other(choice)),
      amend: () => this.#amend(),
      pick: () => this.#try("cherry-pick", this.#other(choice)),
      reset: () => this.#try("reset", "-q", "--hard", "HEAD~1"),
      delete: () => {
        const other = this.#other(choice);
        if (other !== "main") this.#try("branch", "-qD", other);
      },
      collect: () => {
        this.#try("reflog", "expire", "--expire=now", "--all");
        this.#try("gc", "-q", "--prune=now");
      },
      restart: () => this.#restart(),
    };
    await plays[operation]();
  }

  /** A branch that HEAD is not on; main where there is no other. */
  #other(choice: number): string {
    const listed = this.#git("for-each-ref", "--format=%(HEAD)%(refname:short)", "refs/heads").split("\n");
    const others = listed.filter((line) => !line.startsWith("*")).map((line) => line.trim());
    return others[choice % Math.max(1, others.length)] ?? "main";
  }

  #commit(): void {
    const name = `f${++this.#count}`;
    this.#repository.commit(`${name}.ts`, text(name, "first"));
    this.#steps.push(`commit ${name}`);
  }

  /** On a commit that added something: what a merge or an empty commit brings can be seen in no tree. */
  async #learn(): Promise<void> {
    const files = this.#git("diff-tree", "-r", "--root", "--no-commit-id", "--name-only", "--diff-filter=A", "HEAD");
    if (files === "") return;
    const name = `m${++this.#count}`;
    this.#learned.set(name, files.split("\n"));
    this.#steps.push(`learn ${name} of ${files.replaceAll("\n", ", ")}`);
    await this.#host?.engine.capture({ eventType: "note", content: `${name} is learned`, dedupe: "none" }, {});
    // What is noted in the background is noted before the objects may go.
    await this.#seen();
    await new Promise((resolve) => setTimeout(resolve, 40));
  }

  #amend(): void {
    const [file] = this.#git("diff-tree", "-r", "--no-commit-id", "--name-only", "--diff-filter=A", "HEAD").split("\n");
    if (file === undefined || !file.endsWith(".ts")) return;
    this.#repository.write(file, text(file.replace(".ts", ""), `amended ${++this.#count}`));
    this.#git("add", "-A");
    this.#try("commit", "-q", "--amend", "--no-edit");
  }

  async #restart(): Promise<void> {
    await this.#host?.close();
    const dataFolder = join(this.#folder.folder, "data");
    const workspace = this.#repository.root;
    this.#host = await openHost({ workspace, dataFolder, profiles: ["core"], rateLimited: false, longLived: true });
  }

  async #seen(): Promise<string> {
    const found = await this.#host?.engine.retrieve({ query: "", limit: 100 }, {});
    return (found?.memories ?? [])
      .map(({ content }) => content.split(" ")[0])
      .sort()
      .join(" ");
  }

  #inTree(): string {
    const files = new Set(this.#git("ls-tree", "-r", "--name-only", "HEAD").split("\n"));
    return [...this.#learned]
      .filter(([, added]) => added.every((file) => files.has(file)))
      .map(([name]) => name)
      .sort()
      .join(" ");
  }

  /** What git refuses, as a squash of nothing or a pick with a conflict, is given up without a trace. */
  #try(...args: readonly string[]): void {
    this.#steps.push(args.join(" "));
    try {
      this.#git(...args);
    } catch {
      for (const undo of ["rebase", "cherry-pick", "merge"]) this.#quietly(undo, "--abort");
      this.#quietly("reset", "-q", "--hard");
    }
  }

  #quietly(...args: readonly string[]): void {
    try {
      this.#git(...args);
    } catch {
      // There was nothing to abort.
    }
  }

  #git(...args: readonly string[]): string {
    return this.#repository.git(...args);
  }
}

const text = (name: string, version: string): string =>
  Array.from({ length: 30 }, (_, at) => `export const ${name}${at} = "line ${at} of ${name}";\n`).join("") +
  `export const version = "${name} ${version}";\n`;

test(
  "what a person sees after any order of commits, merges, squashes, rebases, amends and picks is what the tree inherits",
  { timeout: SEQUENCES * 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...OPERATIONS), fc.nat(10)), { minLength: 6, maxLength: 18 }),
        async (sequence) => await new Play().run([["commit", 0], ["learn", 0], ["branch", 0], ...sequence]),
      ),
      { numRuns: SEQUENCES },
    );
  },
);
