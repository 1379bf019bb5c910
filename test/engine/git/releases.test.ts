import { existsSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { GitRunner } from "../../../src/engine/ports.ts";
import { ReleasesReader } from "../../../src/engine/git/releases.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../support/repository.ts";

test("releases are the tags with their own time or that of their commit, newest first", async () => {
  const { folder, remove } = temporaryFolder("releases");
  try {
    const repository = TestRepository.init(folder);
    const place = { root: repository.root, commonDir: join(repository.root, ".git") };
    const read = () => new ReleasesReader(createNodeGit()).read(place);
    expect(await read()).toEqual([]);
    repository.commit("a.txt");
    repository.git("tag", "v1");
    repository.commit("b.txt");
    repository.git("tag", "-a", "v2", "-m", "second");
    const releases = await read();
    expect(releases.map(({ name }) => name).sort()).toEqual(["v1", "v2"]);
    const committed = Number(repository.git("log", "-1", "--format=%ct", "v1")) * 1000;
    expect(releases.find(({ name }) => name === "v1")?.at).toBe(committed);
  } finally {
    remove();
  }
});

test("git is asked again when a tag is made, moved, packed or removed, and not otherwise", async () => {
  const { folder, remove } = temporaryFolder("releases-again");
  try {
    const repository = TestRepository.init(folder);
    const commonDir = join(repository.root, ".git");
    const git = createNodeGit();
    let runs = 0;
    const counting: GitRunner = { ...git, run: (...given) => (runs++, git.run(...given)) };
    const reader = new ReleasesReader(counting);
    /** As if everything had been written long ago: what was written just now may change within the same tick of the clock. */
    const age = (): void => {
      for (const path of ["packed-refs", "refs/tags", "refs/tags/web"])
        if (existsSync(join(commonDir, path))) utimesSync(join(commonDir, path), new Date(0), new Date(1_000));
    };
    const ask = () => reader.read({ root: repository.root, commonDir });
    const read = async (): Promise<readonly string[]> => {
      const changed = await ask();
      age();
      const releases = await ask();
      expect(releases).toEqual(changed);
      const before = runs;
      expect(await ask()).toBe(releases);
      expect(runs).toBe(before);
      return releases.map(({ name }) => name).sort();
    };
    repository.commit("a.txt");
    expect(await read()).toEqual([]);
    repository.git("tag", "v1");
    expect(await read()).toEqual(["v1"]);
    const [first] = await ask();
    repository.commit("b.txt");
    repository.git("tag", "-f", "v1");
    await read();
    expect((await ask())[0]?.at).not.toBe(first?.at);
    repository.git("tag", "web/v2");
    expect(await read()).toEqual(["v1", "web/v2"]);
    repository.git("tag", "web/v3");
    expect(await read()).toEqual(["v1", "web/v2", "web/v3"]);
    repository.git("pack-refs", "--all");
    expect(await read()).toEqual(["v1", "web/v2", "web/v3"]);
    repository.git("tag", "-d", "v1");
    expect(await read()).toEqual(["web/v2", "web/v3"]);
  } finally {
    remove();
  }
});
