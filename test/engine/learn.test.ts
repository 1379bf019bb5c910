import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Host, openHost } from "../../src/serve/openHost.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let host: Host;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("learn"));
  repository = TestRepository.init(join(folder, "repo"));
});
afterEach(async () => {
  await host.close();
  remove();
});

const open = async (workspace = repository.root, data = "data"): Promise<void> => {
  host = await openHost({
    workspace,
    dataFolder: join(folder, data),
    profiles: ["core"],
    rateLimited: false,
    longLived: false,
  });
};
const learned = async () => (await host.engine.learn({}, {})).documents;
const documents = async () =>
  (await host.engine.retrieve({ query: "", filters: { eventType: "document" }, limit: 50 }, {})).memories;
const texts = async (): Promise<readonly string[]> => (await documents()).map(({ content }) => content).sort();
const commitsOf = async (): Promise<readonly unknown[]> =>
  Promise.all(
    (await documents()).map(async ({ id }) => {
      const { provenance } = (await host.engine.get(id, {})).memory;
      return provenance.pending ? `pending on ${provenance.commit}` : provenance.commit;
    }),
  );

describe("what the documents say", () => {
  test("is seen on an older branch that has the same files, and is stored once", async () => {
    const first = repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    repository.commit("CLAUDE.md", "# Rules\n\nUse tabs.\n");
    repository.git("branch", "feature/retry");
    repository.commit("src/a.ts");
    await open();
    expect(await learned()).toMatchObject({ created: 2, known: 0 });
    const here = await texts();
    expect(here).toHaveLength(2);
    expect(await commitsOf()).toContain(first);

    repository.git("checkout", "-q", "feature/retry");
    expect(await texts()).toEqual(here);
    expect(await learned()).toMatchObject({ created: 0, revised: 0, known: 2 });
    repository.git("checkout", "-q", "main");
    expect(await learned()).toMatchObject({ created: 0, revised: 0, known: 2 });
    expect(await texts()).toEqual(here);
  });

  test("is each branch's own where both changed the document", async () => {
    repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    repository.git("checkout", "-q", "-b", "cars");
    const cars = repository.commit("README.md", "# Shop\n\nIt sells cars.\n");
    repository.git("checkout", "-q", "main");
    const bikes = repository.commit("README.md", "# Shop\n\nIt sells bikes.\n");
    repository.commit("src/a.ts");
    await open();
    await learned();
    expect(await commitsOf()).toEqual([bikes]);
    repository.git("checkout", "-q", "cars");
    expect(await texts()).toEqual([]);
    await learned();
    expect(await texts()).toEqual([expect.stringContaining("cars")]);
    expect(await commitsOf()).toEqual([cars]);
    repository.git("checkout", "-q", "main");
    expect(await texts()).toEqual([expect.stringContaining("bikes")]);
  });

  test("is the old text on a branch that did not change the document, after the new one was learned", async () => {
    repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    repository.git("branch", "old");
    await open();
    await learned();
    repository.git("checkout", "-q", "-b", "cars");
    const cars = repository.commit("README.md", "# Shop\n\nIt sells cars.\n");
    expect(await learned()).toMatchObject({ created: 0, revised: 1 });
    expect(await texts()).toEqual([expect.stringContaining("cars")]);
    expect(await commitsOf()).toEqual([cars]);
    expect(await learned()).toMatchObject({ created: 0, revised: 0, known: 1 });
    repository.git("checkout", "-q", "old");
    expect(await texts()).toEqual([expect.stringContaining("boats")]);
    expect(await learned()).toMatchObject({ created: 0, revised: 0, known: 1 });
    repository.git("merge", "-q", "cars");
    expect(await texts()).toEqual([expect.stringContaining("cars")]);
    repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    expect(await learned()).toMatchObject({ revised: 1 });
    expect(await texts()).toEqual([expect.stringContaining("boats")]);
  });

  test("that an earlier version put on the HEAD at learning is seen once everywhere after an older branch is learned", async () => {
    const first = repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    repository.git("branch", "old");
    const head = repository.commit("src/a.ts");
    await open();
    await learned();
    const lines: string[] = [];
    for await (const line of host.engine.exportLines({})) {
      if (line.includes('"eventType":"document"')) lines.push(line.replaceAll(first, head));
    }
    await host.close();
    await open(repository.root, "earlier");
    async function* earlier(): AsyncGenerator<string> {
      yield* lines;
    }
    expect(await host.engine.importLines(earlier(), { dedupe: "none" }, {})).toMatchObject({ problems: [] });
    expect(await commitsOf()).toEqual([head]);
    expect(await learned()).toMatchObject({ created: 0, known: 1 });
    repository.git("checkout", "-q", "old");
    expect(await texts()).toEqual([]);
    expect(await learned()).toMatchObject({ created: 1 });
    expect(await texts()).toHaveLength(1);
    repository.git("checkout", "-q", "main");
    expect(await texts()).toHaveLength(1);
    expect(await learned()).toMatchObject({ created: 0, known: 1 });
  });

  test("belongs to the merge that wrote it, not to a side that wrote something else", async () => {
    repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    repository.git("checkout", "-q", "-b", "cars");
    const rules = repository.commit("CLAUDE.md", "# Rules\n\nUse tabs.\n");
    repository.commit("README.md", "# Shop\n\nIt sells cars.\n");
    repository.git("checkout", "-q", "main");
    repository.commit("README.md", "# Shop\n\nIt sells bikes.\n");
    repository.git("merge", "-q", "--no-commit", "-s", "ours", "cars");
    repository.git("checkout", "-q", "cars", "--", "CLAUDE.md");
    const merge = repository.commit("README.md", "# Shop\n\nIt sells bikes and cars.\n");
    repository.commit("src/a.ts");
    await open();
    await learned();
    expect([...(await commitsOf())].sort()).toEqual([merge, rules].sort());
  });

  test("waits for a commit where the file is modified or untracked, and for nothing where only another file is", async () => {
    const rules = repository.commit("CLAUDE.md", "# Rules\n\nUse tabs.\n");
    const head = repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    repository.write("README.md", "# Shop\n\nIt sells cars.\n");
    repository.write("CHANGELOG.md", "# Changes\n\nNone.\n");
    await open();
    expect(await learned()).toMatchObject({ created: 3 });
    expect([...(await commitsOf())].sort()).toEqual([rules, `pending on ${head}`, `pending on ${head}`].sort());
    expect(await learned()).toMatchObject({ created: 0, revised: 0, known: 3 });
  });

  test("is not placed on a commit that deleted the file, which lies there ignored", async () => {
    repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    repository.git("rm", "-q", "--cached", "README.md");
    const head = repository.commit(".git/info/exclude", "README.md\n");
    expect(head).toBe(repository.head());
    repository.git("commit", "-q", "--allow-empty", "-m", "on");
    await open();
    await learned();
    expect(await commitsOf()).toEqual([repository.head()]);
  });

  test("belongs to the oldest commit of a shallow clone, and to the rename of its file", async () => {
    repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
    repository.commit("AGENTS.md", "# Rules\n\nUse tabs.\n");
    const graft = repository.commit("src/a.ts");
    repository.git("mv", "AGENTS.md", "CLAUDE.md");
    const renamed = repository.commit("src/b.ts");
    repository.commit("src/c.ts");
    repository.git("clone", "-q", "--depth=3", `file://${repository.root}`, join(folder, "clone"));
    await open(join(folder, "clone"));
    expect(await learned()).toMatchObject({ created: 2 });
    expect([...(await commitsOf())].sort()).toEqual([graft, renamed].sort());
    expect(await learned()).toMatchObject({ created: 0, known: 2 });
  });
});

test("what is being written is left for later where only committed documents are asked for", async () => {
  repository.commit("README.md", "# Shop\n\nIt sells boats.\n");
  await open();
  await learned();
  repository.write("README.md", "# Shop\n\nIt sells ca");
  repository.write("AGENTS.md", "# Rules\n\nUse ta");
  const committed = () => host.engine.learn({ committedOnly: true }, {});
  expect((await committed()).documents).toMatchObject({ sections: 0, created: 0, revised: 0 });
  expect(await texts()).toEqual([expect.stringContaining("boats")]);
  repository.write("AGENTS.md", "# Rules\n\nUse tabs.\n");
  repository.commit("README.md", "# Shop\n\nIt sells cars.\n");
  expect(await committed()).toMatchObject({ commits: { created: 1 }, documents: { created: 1, revised: 1 } });
  expect(await texts()).toEqual([expect.stringContaining("tabs"), expect.stringContaining("cars")]);
});

describe("what was forgotten", () => {
  const README =
    "# Shop\n\nIt sells boats.\n\n## Setup\n\nRun the installer twice, since the first run only fetches what the second one needs.\n";
  const forget = async (query: string, now: boolean) => {
    const [found] = (await host.engine.retrieve({ query, limit: 1 }, {})).memories;
    return host.engine.forget({ id: found?.id ?? "", now }, {});
  };

  test.each([false, true])("is not learned again, also when its text has left the disk (%s)", async (now) => {
    repository.commit("README.md", README);
    repository.git("commit", "-q", "--allow-empty", "-m", "Sell kayaks too");
    await open();
    await host.engine.learn({}, {});
    await forget("run the installer twice", now);
    await forget("sell kayaks", now);
    await host.close();
    await open();
    const again = await host.engine.learn({}, {});
    expect(again).toMatchObject({
      commits: { created: 0, forgotten: 1 },
      documents: { created: 0, known: 1, forgotten: 1 },
    });
    expect(await texts()).toEqual([expect.stringContaining("boats")]);
  });

  test("stays forgotten with another comma and in another file, and comes with another text", async () => {
    repository.commit("README.md", README);
    await open();
    await learned();
    await forget("run the installer twice", false);
    repository.commit("README.md", README.replace("twice, since", "twice  since"));
    expect(await learned()).toMatchObject({ created: 0, forgotten: 1 });
    repository.commit("CONTRIBUTING.md", README.slice(README.indexOf("## Setup")));
    expect(await learned()).toMatchObject({ created: 0, forgotten: 2 });
    repository.commit("README.md", README.replace(/Run the.*/u, "There is nothing to set up any more."));
    expect(await learned()).toMatchObject({ created: 1, forgotten: 1 });
  });

  test("comes back by undo, by hand, and when it is asked for", async () => {
    repository.commit("README.md", README);
    await open();
    await learned();
    const { undoToken = "" } = await forget("run the installer twice", false);
    await host.engine.forget({ undo: undoToken }, {});
    expect(await learned()).toMatchObject({ created: 0, known: 2, forgotten: 0 });

    await forget("run the installer twice", true);
    const byHand = await host.engine.capture({ eventType: "note", content: "Run the installer twice." }, {});
    expect(byHand.outcome).toBe("created");
    expect(await learned()).toMatchObject({ created: 0, forgotten: 1 });
    expect((await host.engine.learn({ evenForgotten: true }, {})).documents).toMatchObject({
      created: 1,
      forgotten: 0,
    });
    expect(await learned()).toMatchObject({ created: 0, known: 2, forgotten: 0 });
  });
});
