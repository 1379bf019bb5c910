import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RelateInput } from "../../src/contract/relate.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("truth");
});
afterEach(() => here.close());

const git = (...args: readonly string[]): string => here.repository.git(...args);
const relate = (input: RelateInput) => here.engine.relate(input, {});
const seen = async (more: object = {}): Promise<readonly string[]> => {
  const { memories } = await here.engine.retrieve({ query: "", limit: 100, ...more }, {});
  return memories.map(({ content }) => content).sort();
};
const viewOf = async (id: string) => (await here.engine.get(id, {})).view;

describe("a memory that another one supersedes", () => {
  test("is hidden exactly where the other one is inherited, says why, and nothing of it is lost", async () => {
    const old = await here.remember("retries are three");
    git("switch", "-qc", "topic");
    here.repository.commit("topic.ts");
    const young = (
      await here.engine.capture(
        { eventType: "note", content: "retries are five", supersedes: [old] },
        { agent: "tester" },
      )
    ).id;
    expect(await seen()).toEqual(["retries are five"]);
    expect(await viewOf(old)).toMatchObject({ visibility: "hidden", hiddenBecause: `superseded by ${young}` });
    expect((await viewOf(old)).validTo).toBe(here.repository.head());
    expect((await viewOf(young)).relations).toEqual([{ is: "supersedes", id: old }]);
    git("switch", "-q", "main");
    expect(await seen()).toEqual(["retries are three"]);
    git("merge", "-q", "--no-ff", "-m", "merge", "topic");
    expect(await seen()).toEqual(["retries are five"]);
    expect(await seen({ includeHidden: true })).toEqual(["retries are five", "retries are three"]);
  });

  test("is hidden from the commit on at which it was said of two that were there", async () => {
    const [old, young] = [await here.remember("the queue is Redis"), await here.remember("the queue is Postgres")];
    here.repository.commit("later.ts");
    const since = here.repository.head();
    expect(await relate({ from: young, to: old, relation: "supersedes", reason: "migrated" })).toMatchObject({ since });
    expect(await seen()).toEqual(["the queue is Postgres"]);
    expect(await viewOf(old)).toMatchObject({
      hiddenBecause: `superseded by ${young}, as was said at ${since.slice(0, 8)}`,
      validTo: since,
    });
    git("checkout", "-q", "HEAD~1");
    expect(await seen()).toEqual(["the queue is Postgres", "the queue is Redis"]);
    git("checkout", "-q", "main");
    here.loseCache();
    await here.reopen();
    expect(await seen()).toEqual(["the queue is Postgres"]);
  });

  test("is seen again when that is withdrawn, or the other one is forgotten, and hidden when that is undone", async () => {
    const old = await here.remember("use tabs");
    const young = (await here.engine.capture({ eventType: "note", content: "use spaces", supersedes: [old] }, {})).id;
    expect(await seen()).toEqual(["use spaces"]);
    const { undoToken = "" } = await here.engine.forget({ id: young }, {});
    expect(await seen()).toEqual(["use tabs"]);
    await here.engine.forget({ undo: undoToken }, {});
    expect(await seen()).toEqual(["use spaces"]);
    await relate({ action: "withdraw", from: young, to: old });
    expect(await seen()).toEqual(["use spaces", "use tabs"]);
    expect((await viewOf(young)).relations).toBeUndefined();
  });

  test("stays hidden where the one in its place waits for its commit, and is hidden with it elsewhere only then", async () => {
    const old = await here.remember("port 80");
    git("branch", "other");
    here.repository.write("draft.ts", "export {};\n");
    await here.engine.capture({ eventType: "note", content: "port 8080", supersedes: [old] }, {});
    expect(await seen()).toEqual(["port 8080"]);
    git("stash", "-qu");
    git("switch", "-q", "other");
    expect(await seen()).toEqual(["port 80"]);
    git("switch", "-q", "main");
    git("stash", "pop", "-q");
    git("add", "-A");
    git("commit", "-qm", "draft");
    expect(await seen()).toEqual(["port 8080"]);
    git("switch", "-q", "other");
    expect(await seen()).toEqual(["port 80"]);
  });

  test("of everywhere is hidden only on the branch whose memory supersedes it", async () => {
    const old = await here.remember("deploy by hand", { scope: "repo" });
    git("switch", "-qc", "topic");
    here.repository.commit("topic.ts");
    await here.engine.capture({ eventType: "note", content: "deploy by pipeline", supersedes: [old] }, {});
    expect(await seen()).toEqual(["deploy by pipeline"]);
    git("switch", "-q", "main");
    expect(await seen()).toEqual(["deploy by hand"]);
  });

  test("of a chain stays hidden, and a circle is refused", async () => {
    const [a, b, c] = [await here.remember("one"), await here.remember("two"), await here.remember("three")];
    await relate({ from: b, to: a, relation: "supersedes" });
    await relate({ from: c, to: b, relation: "supersedes" });
    expect(await seen()).toEqual(["three"]);
    await expect(relate({ from: a, to: c, relation: "supersedes" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(relate({ from: a, to: a, relation: "confirms" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(relate({ from: a, to: "nobody", relation: "confirms" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const user = await here.remember("of the user", { scope: "user" });
    await expect(relate({ from: user, to: a, relation: "supersedes" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });
});

test("memories that contradict or confirm each other are both served, and say so, in a bundle too", async () => {
  const [a, b] = [await here.remember("the cache is per user"), await here.remember("the cache is global")];
  await relate({ from: b, to: a, relation: "contradicts" });
  expect((await viewOf(a)).relations).toMatchObject([{ is: "contradicted-by", id: b }]);
  const { markdown } = await here.engine.buildContext({ query: "cache" }, {});
  expect(markdown).toContain(`contradicted by memory://${b}`);
  await relate({ from: b, to: a, relation: "confirms" });
  expect((await viewOf(a)).relations).toMatchObject([{ is: "confirmed-by", id: b }]);
});

describe("contradictions", () => {
  const found = async () =>
    (await relate({ action: "contradictions" })).contradictions?.map(({ a, b, why }) => [a.content, b.content, why]);

  test("are found among memories of one place, and among those of much the same words", async () => {
    here.repository.commit("src/cache.ts", "export {};\n");
    const anchors = [{ path: "src/cache.ts" }];
    await here.remember("Pages are cached by inode.", { kind: "decision", anchors });
    await here.remember("Pages must not be cached by inode; they are cached by path.", { kind: "decision", anchors });
    await here.remember("Requests time out after 30 seconds.");
    await here.remember("Requests time out after 60 seconds.");
    await here.remember("Feature flags are enabled by default in staging.");
    await here.remember("Feature flags are disabled by default in staging.");
    await here.remember("Feature flags are read from the database.");
    const pairs = await found();
    expect(pairs?.map(([, , why]) => why).sort()).toEqual(
      ['"enabl" against "disabl"', "60 against 30", "one says not"].sort(),
    );
  });

  test("that a person judged are not offered again", async () => {
    const a = await here.remember("Always squash before merging a branch.");
    const b = await here.remember("Never squash before merging a branch.");
    expect(await found()).toHaveLength(1);
    await relate({ from: b, to: a, relation: "compatible" });
    expect(await found()).toEqual([]);
    await relate({ action: "withdraw", from: a, to: b });
    expect(await found()).toHaveLength(1);
    await relate({ from: b, to: a, relation: "supersedes" });
    expect(await found()).toEqual([]);
  });
});

describe("a question as of then", () => {
  test("is answered by what that commit inherits", async () => {
    const first = here.repository.head();
    await here.remember("at first");
    here.repository.commit("second.ts");
    await here.remember("at second");
    git("tag", "v1");
    here.repository.commit("third.ts");
    await here.remember("at third");
    expect(await seen({ asOf: "v1" })).toEqual(["at first", "at second"]);
    expect(await seen({ asOf: first.slice(0, 10) })).toEqual(["at first"]);
    expect(await seen({ asOf: "HEAD" })).toEqual(["at first", "at second", "at third"]);
    git("switch", "-qc", "side", first);
    expect(await seen({ asOf: "main" })).toHaveLength(3);
    expect(await seen()).toEqual(["at first"]);
    const { memories } = await here.engine.retrieve({ query: "second", asOf: first, includeHidden: true }, {});
    expect(memories[0]).toMatchObject({ content: "at second", visibility: "hidden" });
  });

  test("of a time leaves out what came later, in the text of then, with what was said of it then", async () => {
    const old = await here.remember("retries are three", { scope: "repo" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const then = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await here.engine.revise({ id: old, content: "retries are four" }, {});
    await here.engine.capture({ eventType: "note", scope: "repo", content: "retries are five", supersedes: [old] }, {});
    expect(await seen()).toEqual(["retries are five"]);
    expect(await seen({ asOf: then })).toEqual(["retries are three"]);
    expect(await seen({ asOf: "2001-01-01" })).toEqual([]);
    const { memories, nextCursor = "" } = await here.engine.retrieve({ query: "retries", asOf: then, limit: 1 }, {});
    expect(memories.map(({ content }) => content)).toEqual(["retries are three"]);
    expect(nextCursor).toBe("");
  });

  test("that is neither a commit nor a time is refused", async () => {
    for (const asOf of ["yesterday-ish", "2026-13-45", "--all", "HEAD~99"])
      await expect(seen({ asOf })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
