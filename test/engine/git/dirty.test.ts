import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFile, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitLineage } from "../../../src/engine/git/lineage.ts";
import type { GitLineage } from "../../../src/engine/seams.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { countingGit, temporaryFolder, TestRepository } from "../../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let lineage: GitLineage;
let calls: string[];

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("dirty"));
  repository = TestRepository.init(join(folder, "repo"));
  calls = [];
  lineage = createGitLineage(countingGit(createNodeGit(), calls));
});
afterEach(() => {
  lineage.close();
  remove();
});

async function dirty(workspace = repository.root): Promise<boolean> {
  return await lineage.dirty(await lineage.place(workspace));
}

/** Asks until an answer costs no run of git; true when that came to be. */
async function watched(): Promise<boolean> {
  for (let round = 0; round < 100; round++) {
    const before = calls.length;
    await dirty();
    if (calls.length === before) return true;
    await sleep(20);
  }
  return false;
}

describe("whether the work tree has changes", () => {
  test("counts changed, staged, deleted and untracked files, and not ignored ones", async () => {
    expect(await dirty()).toBe(false);
    repository.write("a", "1");
    expect(await dirty()).toBe(true);
    repository.git("add", "a");
    expect(await dirty()).toBe(true);
    repository.commit(".gitignore", "*.log\nbuild/\n");
    expect(await dirty()).toBe(false);
    repository.write("x.log", "");
    repository.write("build/deep/x", "");
    expect(await dirty()).toBe(false);
    repository.write("a", "2");
    expect(await dirty()).toBe(true);
    repository.write("a", "1");
    expect(await dirty()).toBe(false);
    unlinkSync(join(repository.root, "a"));
    expect(await dirty()).toBe(true);
  });

  test("a folder without git, and a repository without a work tree, are clean", async () => {
    expect(await dirty(folder)).toBe(false);
    repository.git("config", "core.bare", "true");
    repository.write("a", "1");
    expect(await dirty()).toBe(false);
  });

  test("a submodule counts when it is on another commit, not for what is changed inside it", async () => {
    const library = TestRepository.init(join(folder, "library"));
    library.commit("a");
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library.root, "lib");
    repository.git("commit", "-qm", "add");
    expect(await dirty()).toBe(false);
    const submodule = repository.at(join(repository.root, "lib"));
    submodule.write("a", "changed\n");
    expect(await dirty()).toBe(false);
    expect(await dirty(submodule.root)).toBe(true);
    submodule.commit("b");
    expect(await dirty()).toBe(true);
  });

  test("calls that overlap share a status that started after the latest of them", async () => {
    repository.commit("a");
    lineage = createGitLineage(countingGit(createNodeGit(), calls), { watch: false });
    const place = await lineage.place(repository.root);
    const first = lineage.dirty(place);
    repository.write("b", "");
    const later = Array.from({ length: 20 }, () => lineage.dirty(place));
    await first;
    expect(await Promise.all(later)).toEqual(later.map(() => true));
    expect(calls).toEqual(["status", "status"]);
  });
});

describe.runIf(process.platform === "linux")("a work tree that is watched", () => {
  beforeEach(() => {
    repository.write("src/deep/a.ts", "1");
    repository.write("kept.log", "1");
    repository.commit(".gitignore", "build/\n");
    mkdirSync(join(repository.root, "empty"));
  });

  test("costs no run of git while nothing changes, and tells at once what changes", async () => {
    expect(await dirty()).toBe(false);
    expect(calls).toEqual(["status"]);
    expect(await watched()).toBe(true);
    const steps: (readonly [what: () => void, dirty: boolean])[] = [
      [() => repository.write("src/deep/a.ts", "2"), true],
      [() => repository.write("src/deep/a.ts", "1"), false],
      [() => repository.write("empty/new", ""), true],
      [() => rmSync(join(repository.root, "empty/new")), false],
      [() => repository.write("build/out", ""), false],
      [() => repository.write("made/just/now/x", ""), true],
      [() => rmSync(join(repository.root, "made"), { recursive: true }), false],
      [() => renameSync(join(repository.root, "src/deep"), join(repository.root, "src/other")), true],
      [() => renameSync(join(repository.root, "src/other"), join(repository.root, "src/deep")), false],
      [() => repository.write("src/deep/b.ts", ""), true],
      [() => rmSync(join(repository.root, "src/deep/b.ts")), false],
      [() => repository.write(".git/info/exclude", "*.tmp\n"), false],
      [() => repository.write("src/x.tmp", ""), false],
      [() => repository.write(".git/info/exclude", ""), true],
      [() => rmSync(join(repository.root, "src/x.tmp")), false],
      [() => repository.write(".gitignore", ""), true],
      [() => repository.git("add", ".gitignore"), true],
      [() => repository.git("commit", "-q", "-m", "ignore nothing"), true],
      [() => rmSync(join(repository.root, "build"), { recursive: true }), false],
      [() => repository.write("build/out", ""), true],
    ];
    for (const [index, [act, expected]] of steps.entries()) {
      act();
      expect([index, await dirty()]).toEqual([index, expected]);
      // Every other step finds the answer of the one before remembered.
      if (index % 2 === 0) expect([index, await watched()]).toEqual([index, true]);
    }
  });

  test("a folder that is replaced by another of the same name is watched again", async () => {
    expect(await watched()).toBe(true);
    rmSync(join(repository.root, "empty"), { recursive: true });
    mkdirSync(join(repository.root, "empty"));
    expect(await dirty()).toBe(false);
    expect(await watched()).toBe(true);
    repository.write("empty/new", "");
    expect(await dirty()).toBe(true);
  });

  test("a HEAD that moves under an unchanged index and work tree is noticed", async () => {
    const first = repository.head();
    repository.commit("b");
    expect(await watched()).toBe(true);
    expect(await dirty()).toBe(false);
    repository.git("update-ref", "refs/heads/main", first);
    expect(await dirty()).toBe(true);
  });

  test("a change that another process made is never missed, however soon one asks", async () => {
    expect(await watched()).toBe(true);
    const script = `
      const { writeFileSync, rmSync } = require("node:fs");
      require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
        const [act, path] = line.split(" ");
        if (act === "write") writeFileSync(path, ""); else rmSync(path);
        process.stdout.write("done\\n");
      });`;
    const writer = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      const answers = createInterface({ input: writer.stdout })[Symbol.asyncIterator]();
      const tell = async (line: string) => {
        writer.stdin.write(`${line}\n`);
        await answers.next();
      };
      const stale: number[] = [];
      let remembered = 0;
      for (let round = 0; round < 200; round++) {
        const path = join(repository.root, round % 2 === 0 ? "src/deep/new" : "empty/new");
        const before = calls.length;
        await dirty();
        if (calls.length === before) remembered++;
        await tell(`write ${path}`);
        if (!(await dirty())) stale.push(round);
        await tell(`remove ${path}`);
        if (await dirty()) stale.push(-round);
      }
      expect(stale).toEqual([]);
      expect(remembered).toBeGreaterThan(150);
    } finally {
      writer.stdin.end();
      await once(writer, "exit");
    }
  });

  test("a change is not missed by who asks before the event loop has turned, in any phase of it", async () => {
    expect(await watched()).toBe(true);
    const place = await lineage.place(repository.root);
    const path = join(repository.root, "src/deep/new");
    const stale: string[] = [];
    let remembered = 0;
    for (let round = 0; round < 100; round++) {
      const before = calls.length;
      await lineage.dirty(place);
      if (calls.length === before) remembered++;
      writeFileSync(path, "");
      if (!(await lineage.dirty(place))) stale.push(`at once ${round}`);
      await lineage.dirty(place);
      const seen = await new Promise<Promise<boolean>>((resolve) => {
        readFile(join(repository.root, "kept.log"), () => {
          rmSync(path);
          resolve(lineage.dirty(place));
        });
      });
      if (seen) stale.push(`after input ${round}`);
    }
    expect(stale).toEqual([]);
    expect(remembered).toBeGreaterThan(80);
  });

  test("nested repositories are not watched, and answers stay right", async () => {
    TestRepository.init(join(repository.root, "build2/nested"));
    for (let round = 0; round < 3; round++) {
      expect(await dirty()).toBe(true);
      await sleep(30);
    }
    const before = calls.length;
    await dirty();
    expect(calls.length).toBeGreaterThan(before);
  });
});
