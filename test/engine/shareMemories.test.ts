import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ShareRequest } from "../../src/contract/share.ts";
import { type SharedMemory, sharedPath, writeMemoryFile } from "../../src/engine/share/memoryFile.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("share");
});
afterEach(() => here.close());

const share = (request: ShareRequest) => here.engine.share(request, {});
const git = (...args: readonly string[]): string => here.repository.git(...args);
const rule = (id: string, more: Partial<SharedMemory> = {}): SharedMemory => ({
  ...{ id, kind: "rule", scope: "lineage", title: `Rule ${id}`, tags: [], anchors: [], content: `What ${id} says.` },
  relations: [],
  ...more,
});
/** As somebody else's commit would bring it. */
const put = (memory: SharedMemory): string => here.repository.commit(sharedPath(memory), writeMemoryFile(memory));
const waiting = async (): Promise<readonly string[]> =>
  ((await share({ action: "review" })).pending ?? []).map(({ id, change }) => `${id} ${change}`);
const seen = async (): Promise<readonly string[]> => {
  const { memories } = await here.engine.retrieve({ query: "", limit: 100 }, {});
  return memories.map(({ content }) => content).sort();
};

describe("what is accepted", () => {
  test("is seen where the commit is inherited that brought it, and nowhere else", async () => {
    git("switch", "-qc", "topic");
    const commit = put(rule("a"));
    await share({ action: "accept", ids: ["a"] });
    expect(await seen()).toEqual(["What a says."]);
    const { memory } = await here.engine.get("a", {});
    expect(memory.provenance).toMatchObject({ commit, author: "Ada", pending: false });
    expect(memory.metadata["shared"]).toEqual({ path: sharedPath(rule("a")), author: "Ada", commit });
    git("switch", "-q", "main");
    expect(await seen()).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  test("holds no secret and no date to come, and is not asked about again", async () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    put(rule("a", { content: `The token is ${token}.`, date: Date.parse("2999-01-01T00:00:00Z") }));
    await share({ action: "accept", author: "ada" });
    const { memory } = await here.engine.get("a", {});
    expect(memory.content).not.toContain(token);
    expect(memory.timestamp).toBeLessThan(Date.parse("2999-01-01T00:00:00Z"));
    expect(await waiting()).toEqual([]);
  });

  test("stays so when everything is made anew from the journal, as does what was refused", async () => {
    put(rule("a"));
    put(rule("b"));
    await share({ action: "accept", ids: ["a"] });
    await share({ action: "refuse", ids: ["b"] });
    await share({ action: "trust" });
    here.loseCache();
    await here.reopen();
    const { files, trusted } = await share({ action: "status" });
    expect(files?.map(({ id, state }) => `${id} ${state}`)).toEqual(["a same", "b refused"]);
    expect(trusted).toBe(true);
    expect(await waiting()).toEqual([]);
  });

  test("and forgotten here is not asked about again before it says something else", async () => {
    put(rule("a"));
    await share({ action: "accept", ids: ["a"] });
    await here.engine.forget({ id: "a" }, {});
    expect(await waiting()).toEqual([]);
    expect((await share({ action: "status" })).files).toMatchObject([{ state: "forgotten" }]);
    put(rule("a", { content: "Something else." }));
    expect(await waiting()).toEqual(["a new"]);
    await share({ action: "accept", ids: ["a"] });
    expect(await seen()).toEqual(["Something else."]);
  });

  test("is what was reviewed, or nothing", async () => {
    put(rule("a"));
    const { pending = [] } = await share({ action: "review" });
    put(rule("a", { content: "Changed behind the back." }));
    const hashes = pending.map(({ hash }) => hash);
    await expect(share({ action: "accept", ids: ["a"], hashes })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(await seen()).toEqual([]);
  });
});

test("a file that cannot be a memory here is told, and the others are not kept from being accepted", async () => {
  mkdirSync(join(here.repository.root, "src"));
  symlinkSync("/etc", join(here.repository.root, "src/out"));
  put(rule("good"));
  put(rule("bad", { anchors: [{ path: "src/out/passwd" }] }));
  put(rule("worse", { anchors: [{ path: "../../etc/passwd" }] }));
  const { pending = [], problems } = await share({ action: "review" });
  expect(pending.map(({ id }) => id)).toEqual(["good"]);
  expect(problems.map(({ path }) => path)).toEqual([sharedPath(rule("bad")), sharedPath(rule("worse"))]);
  expect(await share({ action: "accept", author: "Ada" })).toMatchObject({ accepted: ["good"] });
  expect(await seen()).toEqual(["What good says."]);
  const found = (await here.engine.inspect({})).filter(({ component }) => component === "shared");
  expect(found.map(({ status }) => status)).toEqual(["ok", "warning", "warning"]);
  expect(found[1]?.message).toContain(sharedPath(rule("bad")));
});

test("a file that is only missing here, or that a branch never had, offers nothing; one that a commit deleted does", async () => {
  const before = here.repository.head();
  put(rule("a", { scope: "repo" }));
  await share({ action: "accept", ids: ["a"] });
  rmSync(join(here.repository.root, sharedPath(rule("a"))));
  expect(await waiting()).toEqual([]);
  git("checkout", "-q", "--", ".");
  git("switch", "-qc", "older", before);
  expect(await waiting()).toEqual([]);
  git("switch", "-q", "main");
  git("rm", "-q", sharedPath(rule("a")));
  git("commit", "-qm", "Away");
  expect(await waiting()).toEqual(["a gone"]);
  expect(await seen()).toEqual(["What a says."]);
  await share({ action: "accept", ids: ["a"] });
  expect(await seen()).toEqual([]);
  expect(await waiting()).toEqual([]);
});

test("a document is as it was when its block is taken out, its last line ended; and only documents that agents read take one", async () => {
  const before = "\ufeff# Rules\r\n\r\nBe kind.";
  here.repository.write("AGENTS.md", before);
  await here.remember("Migrations are never edited.", { kind: "rule" });
  await here.remember("Mine.", { kind: "rule", scope: "user" });
  expect(await share({ action: "share", to: "AGENTS.md", dryRun: true })).toMatchObject({ dryRun: true });
  expect(readFileSync(join(here.repository.root, "AGENTS.md"), "utf8")).toBe(before);
  await share({ action: "share", to: "AGENTS.md" });
  expect(readFileSync(join(here.repository.root, "AGENTS.md"), "utf8")).toMatch(
    /^\ufeff# Rules\r\n\r\nBe kind\.\r\n\r\n<!-- heirloom:begin -->/u,
  );
  expect(readFileSync(join(here.repository.root, "AGENTS.md"), "utf8")).not.toContain("Mine.");
  await share({ action: "unshare", to: "AGENTS.md" });
  expect(readFileSync(join(here.repository.root, "AGENTS.md"), "utf8")).toBe(`${before}\r\n`);
  for (const to of ["src/a.ts", "../AGENTS.md", "README.md", "/etc/AGENTS.md"])
    await expect(share({ action: "share", to })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  symlinkSync(join(here.repository.root, "AGENTS.md"), join(here.repository.root, "CLAUDE.md"));
  await expect(share({ action: "share", to: "CLAUDE.md" })).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
});

test("without git, memories are shared and reviewed all the same", async () => {
  const bare = await EngineInRepository.open("share-bare", "bare");
  try {
    const id = await bare.remember("A rule.", { kind: "rule" });
    expect(await bare.engine.share({ action: "share", ids: [id] }, {})).toMatchObject({ written: [{ change: "new" }] });
    bare.repository.write(sharedPath(rule("b")), writeMemoryFile(rule("b")));
    expect(await bare.engine.share({ action: "accept", ids: ["b"] }, {})).toMatchObject({ accepted: ["b"] });
    const { memories } = await bare.engine.retrieve({ query: "", limit: 10 }, {});
    expect(memories.map(({ content }) => content).sort()).toEqual(["A rule.", "What b says."]);
  } finally {
    await bare.close();
  }
});
