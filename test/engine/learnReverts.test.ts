import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FLOATS, HookScene, MONEY } from "../support/hookScene.ts";

let scene: HookScene;
beforeEach(async () => {
  scene = new HookScene("reverts");
  scene.repository.commit("src/money.ts", MONEY, "Add money");
  await scene.open(false);
});
afterEach(() => scene.close());

const gotchas = (more: object = {}) => scene.memories({ kind: "gotcha" }, more);
const learn = async () => (await scene.engine.learn({}, {})).reverts;
const revert = (commit: string, ...more: readonly string[]): string => {
  scene.repository.git("revert", "--no-edit", commit);
  if (more.length > 0)
    scene.repository.git("commit", "--amend", "-q", "-m", scene.repository.git("log", "-1", "--format=%B"), ...more);
  return scene.repository.head();
};
const short = (commit: string): string => commit.slice(0, 12);

describe("a commit that says that it reverts another", () => {
  test("is a gotcha of that commit, anchored to the function, and tells what was tried, when, and why", async () => {
    const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
    scene.repository.commit("src/other.ts");
    const back = revert(tried, "-m", "0.29 became 28 cents on the invoices.");
    expect(await learn()).toEqual({ found: 1, created: 1 });
    const [gotcha] = await gotchas();
    expect(gotcha).toMatchObject({
      kind: "gotcha",
      scope: "lineage",
      title: "Reverted: Read amounts as floats",
      gitCommit: back,
      anchors: [{ path: "src/money.ts", symbol: "cents" }],
      metadata: { reverted: { by: back, of: tried, how: "said" } },
    });
    expect(gotcha?.content).toContain(`Read amounts as floats, commit ${short(tried)} of 2026-01-01`);
    expect(gotcha?.content).toContain(
      `Commit ${short(back)} of 2026-01-01 reverted it: Revert "Read amounts as floats"`,
    );
    expect(gotcha?.content).toContain("0.29 became 28 cents on the invoices.");
    expect(gotcha?.content).not.toContain("This reverts commit");
    // Again, and after a person forgot it: nothing more.
    expect(await learn()).toEqual({ found: 1, created: 0 });
    await scene.engine.forget({ id: gotcha?.id ?? "" }, {});
    expect(await learn()).toEqual({ found: 1, created: 0 });
    expect(await gotchas()).toEqual([]);
  });

  test("is seen only where it is inherited", async () => {
    const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
    scene.repository.git("branch", "with-floats");
    revert(tried);
    await learn();
    expect(await gotchas()).toHaveLength(1);
    scene.repository.git("checkout", "-q", "with-floats");
    expect(await gotchas()).toEqual([]);
  });

  test("is found by its subject where its id is gone, as a host writes it", async () => {
    scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats (#12)");
    const back = scene.repository.commit(
      "src/money.ts",
      MONEY,
      'Revert "Read amounts as floats" (#13)\n\nReverts ada/shop#12',
    );
    await learn();
    expect((await gotchas())[0]).toMatchObject({ title: "Reverted: Read amounts as floats (#12)", gitCommit: back });
    expect((await gotchas())[0]?.content).toContain("Its message does not say why.");
  });

  test("holds no secret of its message, and no line that only git made", async () => {
    const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
    revert(tried, "-m", "It sent ghp_16C7e42F292c6912E7710c838347Ae178B4a along.");
    await learn();
    expect((await gotchas())[0]?.content).toContain("It sent");
    expect((await gotchas())[0]?.content).not.toContain("ghp_16C7e42F");
  });
});

describe("a change that comes back", () => {
  test("by a revert of the revert: the gotcha is hidden there, and holds on the branch that has only the revert", async () => {
    const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
    const back = revert(tried);
    scene.repository.git("branch", "without-floats");
    const again = revert(back);
    expect(await learn()).toEqual({ found: 1, created: 1 });
    expect(await gotchas()).toEqual([]);
    const [hidden] = await gotchas({ includeHidden: true });
    expect(hidden?.hiddenBecause).toBe(`the change that it says was taken back came back with ${again.slice(0, 8)}`);
    scene.repository.git("checkout", "-q", "without-floats");
    expect(await gotchas()).toHaveLength(1);
    // And reverted for good, which is a gotcha of its own about the same change.
    scene.repository.git("checkout", "-q", "main");
    const last = revert(again);
    expect(await learn()).toEqual({ found: 2, created: 1 });
    expect(await gotchas()).toMatchObject([{ title: "Reverted: Read amounts as floats", gitCommit: last }]);
  });

  test("by a commit with the same patch, after the gotcha was learned", async () => {
    const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
    revert(tried);
    await learn();
    expect(await gotchas()).toHaveLength(1);
    scene.repository.git("cherry-pick", tried);
    expect(await learn()).toEqual({ found: 1, created: 0 });
    expect(await gotchas()).toEqual([]);
  });

  test("as git calls it: Reapply", async () => {
    const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
    revert(tried);
    scene.repository.commit("src/money.ts", `// With a test.\n${FLOATS}`, 'Reapply "Read amounts as floats"');
    await learn();
    expect(await gotchas()).toEqual([]);
  });
});

describe("a commit that undoes another without saying so", () => {
  test("is found by its patch, other changes of the file between them", async () => {
    scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
    scene.repository.commit("src/money.ts", FLOATS.replace("€", "EUR"), "Name the currency");
    const back = scene.repository.commit("src/money.ts", MONEY.replace("€", "EUR"), "Mend invoices");
    await learn();
    expect(await gotchas()).toMatchObject([
      { title: "Reverted: Read amounts as floats", gitCommit: back, metadata: { reverted: { how: "inverse" } } },
    ]);
    expect((await gotchas())[0]?.content).toContain("undid it exactly, without saying so: Mend invoices");
  });

  test("is none where it undoes a part, or changes only white space", async () => {
    scene.repository.commit("src/money.ts", FLOATS.replace("€", "EUR"), "Floats and a name");
    scene.repository.commit("src/money.ts", MONEY.replace("€", "EUR"), "Mend invoices");
    scene.repository.commit(
      "src/money.ts",
      MONEY.replace("€", "EUR").replace("  return Number", "\treturn Number"),
      "Indent",
    );
    scene.repository.commit("src/money.ts", MONEY.replace("€", "EUR"), "Indent as before");
    expect(await learn()).toEqual({ found: 0, created: 0 });
  });
});

test("a move of HEAD brings the reverts among its commits, without that anybody learns", async () => {
  await scene.open();
  const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
  await scene.engine.retrieve({ query: "floats" }, {});
  const back = revert(tried);
  await expect
    .poll(async () => (await gotchas()).map(({ gitCommit }) => gitCommit), { timeout: 10_000 })
    .toEqual([back]);
});

test("a rebase that makes the revert again leaves one gotcha", async () => {
  scene.repository.git("checkout", "-q", "-b", "topic");
  const tried = scene.repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
  revert(tried);
  await learn();
  scene.repository.git("checkout", "-q", "main");
  scene.repository.commit("src/other.ts");
  scene.repository.git("checkout", "-q", "topic");
  scene.repository.git("rebase", "-q", "main");
  await gotchas();
  await learn();
  expect(await gotchas()).toHaveLength(1);
});
