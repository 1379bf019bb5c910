import { expect, test } from "vitest";
import { readReleases } from "../../../src/engine/git/releases.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../support/repository.ts";

test("releases are the tags with their own time or that of their commit, newest first", async () => {
  const { folder, remove } = temporaryFolder("releases");
  try {
    const repository = TestRepository.init(folder);
    expect(await readReleases(createNodeGit(), repository.root)).toEqual([]);
    repository.commit("a.txt");
    repository.git("tag", "v1");
    repository.commit("b.txt");
    repository.git("tag", "-a", "v2", "-m", "second");
    const releases = await readReleases(createNodeGit(), repository.root);
    expect(releases.map(({ name }) => name).sort()).toEqual(["v1", "v2"]);
    const committed = Number(repository.git("log", "-1", "--format=%ct", "v1")) * 1000;
    expect(releases.find(({ name }) => name === "v1")?.at).toBe(committed);
  } finally {
    remove();
  }
});
