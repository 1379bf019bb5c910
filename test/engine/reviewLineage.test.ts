import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LineageInput } from "../../src/contract/lineageReview.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("review-lineage");
});
afterEach(() => here.close());

const review = (input: LineageInput) => here.engine.lineage(input, {});
const git = (...args: readonly string[]): string => here.repository.git(...args);
const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `export const ${name}${at} = "value of ${name} ${at}";\n`).join("");
const seen = async (): Promise<readonly string[]> => {
  const { memories } = await here.engine.retrieve({ query: "", limit: 100 }, {});
  return memories.map(({ content }) => content).sort();
};

/** Two memories on a branch that is given up, one on main. */
async function abandoned(): Promise<{ readonly ids: readonly string[]; readonly commit: string }> {
  git("switch", "-qc", "spike");
  const commit = here.repository.commit("spike.ts", lines("spike", 20));
  const ids = [await here.remember("retries hide the bug"), await here.remember("the queue is ordered")];
  git("switch", "-q", "main");
  await here.remember("main is main");
  git("branch", "-qD", "spike");
  return { ids, commit };
}

describe("memories of a branch that was given up", () => {
  test("are listed under it, and reach nobody meanwhile", async () => {
    const { ids, commit } = await abandoned();
    expect(await seen()).toEqual(["main is main"]);
    const { elsewhere, offered } = await review({ action: "list" });
    expect(offered).toEqual([]);
    expect(elsewhere).toEqual([
      expect.objectContaining({ branch: "spike", commit, subject: "change spike.ts", count: 2 }) as unknown,
    ]);
    expect(elsewhere?.[0]?.memories.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(elsewhere?.[0]?.why).toContain("learned on branch spike");
  });

  test("hold on every branch once they are promoted, by id or the whole branch", async () => {
    const { ids } = await abandoned();
    expect(await review({ action: "promote", ids: ids.slice(0, 1), dryRun: true })).toMatchObject({ changed: 1 });
    expect(await seen()).toEqual(["main is main"]);
    await review({ action: "promote", ids: ids.slice(0, 1) });
    expect(await seen()).toEqual(["main is main", "retries hide the bug"]);
    expect(await review({ action: "promote", branch: "spike" })).toMatchObject({ changed: 1, ids: ids.slice(1) });
    git("switch", "-q", "--orphan", "elsewhere");
    expect(await seen()).toEqual(["retries hide the bug", "the queue is ordered"]);
  });

  test("belong to the commit that they are moved to, also when the store is made anew", async () => {
    const { commit } = await abandoned();
    const main = git("rev-parse", "HEAD");
    here.repository.commit("later.ts", "export {};\n");
    expect(await review({ action: "move", commit, to: "main~1" })).toMatchObject({ changed: 2, commit: main });
    expect(await seen()).toEqual(["main is main", "retries hide the bug", "the queue is ordered"]);
    here.loseCache();
    await here.reopen();
    expect(await seen()).toHaveLength(3);
    git("switch", "-q", "--orphan", "elsewhere");
    expect(await seen()).toEqual([]);
    expect((await review({ action: "list" })).elsewhere?.[0]).toMatchObject({ commit: main, count: 3 });
  });

  test("of what was not committed are listed as well, and can be moved to HEAD", async () => {
    git("switch", "-qc", "spike");
    here.repository.write("draft.ts", "export {};\n");
    await here.remember("a draft");
    git("stash", "-qu");
    git("switch", "-q", "main");
    expect((await review({ action: "list" })).elsewhere).toMatchObject([{ branch: "spike", count: 1 }]);
    expect(await review({ action: "move", branch: "spike" })).toMatchObject({ changed: 1 });
    expect(await seen()).toEqual(["a draft"]);
  });
});

describe("a commit that may have taken the place of another", () => {
  const offer = async (): Promise<{ readonly from: string; readonly to: string }> => {
    git("switch", "-qc", "topic");
    const from = here.repository.commit("big.ts", lines("big", 40));
    await here.remember("big is big");
    git("switch", "-q", "main");
    const to = here.repository.commit("big.ts", `${lines("big", 28)}${lines("different", 12)}`);
    expect(await seen()).toEqual([]);
    return { from, to };
  };

  test("is offered with how sure it is, told where a hidden memory is shown, and counts once it is accepted", async () => {
    const { from, to } = await offer();
    const { offered } = await review({ action: "list" });
    expect(offered).toEqual([
      expect.objectContaining({
        from,
        to,
        how: "content",
        inherited: true,
        count: 1,
        subject: "change big.ts",
      }) as unknown,
    ]);
    const { memories } = await here.engine.retrieve({ query: "", includeHidden: true }, {});
    expect(memories[0]?.hiddenBecause).toContain(`${to.slice(0, 8)} may have taken its place`);
    expect(await review({ action: "accept", from: from.slice(0, 8), to: to.slice(0, 8) })).toMatchObject({
      changed: 1,
    });
    expect(await seen()).toEqual(["big is big"]);
    expect((await review({ action: "list" })).offered).toEqual([]);
  });

  test("is offered no more when it was refused, and can be accepted later all the same", async () => {
    const { from, to } = await offer();
    expect(await review({ action: "refuse", from, to })).toMatchObject({ changed: 0 });
    expect(await seen()).toEqual([]);
    expect((await review({ action: "list" })).offered).toEqual([]);
    here.repository.commit("more.ts", "export {};\n");
    expect(await seen()).toEqual([]);
    expect((await review({ action: "list" })).offered).toEqual([]);
    await review({ action: "accept", from, to });
    expect(await seen()).toEqual(["big is big"]);
  });
});

test("what is not there, or not said clearly, is refused and changes nothing", async () => {
  const { ids } = await abandoned();
  await expect(review({ action: "accept", from: "abcd", to: "ef01" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(review({ action: "accept" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  await expect(review({ action: "promote" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  await expect(review({ action: "promote", branch: "nothing" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(review({ action: "promote", ids: [...ids, "nobody"] })).rejects.toMatchObject({ code: "NOT_FOUND" });
  for (const to of ["nothing", "--all", "HEAD\n--all", "README.md"])
    await expect(review({ action: "move", ids: [...ids], to })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const repo = await here.remember("everywhere", { scope: "repo" });
  await expect(review({ action: "move", ids: [repo] })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  expect(await seen()).toEqual(["everywhere", "main is main"]);
});
