import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ShareRequest } from "../../src/contract/share.ts";
import {
  type SharedMemory,
  type SharedRelation,
  sharedPath,
  writeMemoryFile,
} from "../../src/engine/share/memoryFile.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("relate-shared");
});
afterEach(() => here.close());

const share = (request: ShareRequest) => here.engine.share(request, {});
const rule = (id: string, relations: readonly SharedRelation[] = [], content = `What ${id} says.`): SharedMemory => ({
  ...{ id, kind: "rule", scope: "repo", title: `Rule ${id}`, tags: [], anchors: [], content, relations },
});
/** As somebody else's commit would bring it. */
const put = (memory: SharedMemory): string => here.repository.commit(sharedPath(memory), writeMemoryFile(memory));
const seen = async (): Promise<string> => {
  const { memories } = await here.engine.retrieve({ query: "", limit: 100 }, {});
  return memories
    .map(({ id }) => id)
    .sort()
    .join(" ");
};
const relationsOf = async (id: string) =>
  ((await here.engine.get(id, {})).memory.relations ?? []).map(({ is, id: other }) => `${is} ${other}`);
const states = async () => ((await share({ action: "status" })).files ?? []).map(({ id, state }) => `${id} ${state}`);
const supersedes = (id: string): SharedRelation => ({ is: "supersedes", id });

describe("what is shared says what was said of it", () => {
  const fileOf = async (id: string): Promise<string> => {
    const { files = [] } = await share({ action: "status" });
    return readFileSync(join(here.repository.root, files.find((file) => file.id === id)?.path ?? ""), "utf8");
  };

  test("where the other one is shared too, also when that comes later or is said later", async () => {
    const [old, next, mine] = [await here.remember("Old."), await here.remember("New."), await here.remember("Mine.")];
    for (const to of [old, mine])
      await here.engine.relate({ action: "relate", from: next, to, relation: "supersedes" }, {});
    await share({ action: "share", ids: [next] });
    expect(await fileOf(next)).not.toContain("relations");
    const { written } = await share({ action: "share", ids: [old] });
    expect(written?.map(({ id, change }) => [id, change])).toEqual([
      [old, "new"],
      [next, "changed"],
    ]);
    expect(await fileOf(next)).toContain(`relations:\n  - { "is": "supersedes", "id": "${old}" }\n`);
    expect(await fileOf(next)).not.toContain(mine);
    expect(await states()).toEqual(expect.arrayContaining([`${old} same`, `${next} same`]));
    await here.engine.relate({ action: "relate", from: next, to: old, relation: "confirms" }, {});
    expect(await states()).toContain(`${next} differs`);
    await share({ action: "share" });
    expect(await fileOf(next)).toContain('"confirms"');
    expect(await share({ action: "share" })).toMatchObject({ written: [], unchanged: 2 });
  });

  test("and a colleague who accepts the files has it said, and nothing to share", async () => {
    const [one, two] = [await here.remember("Always so."), await here.remember("Never so.")];
    await here.engine.relate({ action: "relate", from: two, to: one, relation: "contradicts" }, {});
    await here.engine.relate({ action: "relate", from: one, to: two, relation: "compatible" }, {});
    await share({ action: "share", ids: [two, one] });
    const texts = new Map(
      await Promise.all(
        ((await share({ action: "status" })).files ?? []).map(
          async ({ id, path }) => [path, await fileOf(id)] as const,
        ),
      ),
    );
    await here.close();
    here = await EngineInRepository.open("relate-colleague");
    for (const [path, text] of texts) here.repository.commit(path, text);
    await share({ action: "accept", ids: [one, two] });
    expect([await relationsOf(one), await relationsOf(two)]).toEqual([[`compatible ${two}`], [`compatible ${one}`]]);
    expect((await states()).sort()).toEqual([`${one} same`, `${two} same`].sort());
  });
});

describe("what a file says of another memory", () => {
  test("does nothing before both are accepted, and holds from the commit on that brought the later one", async () => {
    put(rule("old"));
    await share({ action: "accept", ids: ["old"] });
    put(rule("new", [supersedes("old"), supersedes("missing")]));
    expect(await seen()).toBe("old");
    expect((await share({ action: "review" })).pending?.[0]?.text).toContain('{ "is": "supersedes", "id": "old" }');
    await share({ action: "accept", ids: ["new"] });
    expect(await seen()).toBe("new");
    expect((await share({ action: "status" })).files).toMatchObject([
      { id: "new", state: "same", waitsFor: ["missing"] },
      { id: "old", state: "same" },
    ]);
    const commit = put(rule("missing"));
    expect(await seen()).toBe("new");
    await share({ action: "accept", ids: ["missing"] });
    expect(await seen()).toBe("new");
    const { memory } = await here.engine.get("missing", {});
    expect((await share({ action: "status" })).files?.every(({ waitsFor }) => waitsFor === undefined)).toBe(true);
    expect(memory.relations).toMatchObject([{ is: "superseded-by", id: "new", since: commit }]);
  });

  test("is nothing where that one is refused, or is no shared one", async () => {
    const mine = await here.remember("Mine.", { scope: "repo" });
    put(rule("new", [supersedes("refused"), supersedes(mine)]));
    put(rule("refused"));
    await share({ action: "refuse", ids: ["refused"] });
    await share({ action: "accept", ids: ["new"] });
    expect(await seen()).toBe([mine, "new"].sort().join(" "));
    expect(await relationsOf("new")).toEqual([]);
  });

  test("is withdrawn when the file says it no more, and comes again with a new one", async () => {
    put(rule("old"));
    put(rule("new", [supersedes("old")]));
    await share({ action: "accept", author: "Ada" });
    expect(await seen()).toBe("new");
    put(rule("new"));
    expect(await seen()).toBe("new");
    await share({ action: "accept", ids: ["new"] });
    expect(await seen()).toBe("new old");
    put(rule("new", [{ is: "confirms", id: "old" }]));
    await share({ action: "accept", ids: ["new"] });
    expect(await relationsOf("old")).toEqual(["confirmed-by new"]);
  });

  test("is told and left where the two would stand in the place of one another", async () => {
    put(rule("a", [supersedes("b")]));
    put(rule("b", [supersedes("a")]));
    const { accepted, problems } = await share({ action: "accept", author: "Ada" });
    expect(accepted).toEqual(["a", "b"]);
    expect(problems.map(({ path }) => path)).toEqual([sharedPath(rule("b"))]);
    expect(problems[0]?.message).toContain("a supersedes b already");
    expect(await seen()).toBe("a");
  });

  test("is taken in unasked where the repository is trusted", async () => {
    await share({ action: "trust" });
    put(rule("old"));
    put(rule("new", [supersedes("old")]));
    await share({ action: "review" });
    expect(await seen()).toBe("new");
  });
});
