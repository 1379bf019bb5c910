import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MemoryView } from "../../src/contract/memory.ts";
import { asking, EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("freshness");
});
afterEach(() => here.close());

const CODE = `import { readFile } from "node:fs/promises";

/** Reads the settings. */
export async function readSettings(path: string): Promise<object> {
  const text = await readFile(path, "utf8");
  if (text.trim() === "") return {};
  return JSON.parse(text) as object;
}

export class Server {
  close(): void {
    this.sockets.forEach((socket) => socket.end());
    this.listening = false;
  }
}
`;

async function seen(): Promise<MemoryView> {
  const { memories } = await here.engine.retrieve({ query: "settings are read once" }, {});
  const [memory] = memories;
  if (memory === undefined) throw new Error("nothing was found");
  return memory;
}

/** The first question of all starts the threads that parse. */
const WAIT = { timeout: 10_000, interval: 20 };
const shown = (expected: object): Promise<void> =>
  vi.waitFor(async () => expect(await seen()).toMatchObject(expected), WAIT);

describe("a memory of a function", () => {
  beforeEach(async () => {
    here.repository.commit("src/settings.ts", CODE);
    await here.remember("The settings are read once", {
      anchors: [{ path: "src/settings.ts", symbol: "readSettings" }],
    });
    await shown({ freshness: "fresh" });
  });

  test("is fresh as long as the code is, whatever is written around it", async () => {
    here.repository.write(
      "src/settings.ts",
      `// a licence\n\nimport { z } from "zod";\n${CODE.replaceAll("  ", "    ").replace("return {};", "return {}; // none")}`,
    );
    await shown({ freshness: "fresh" });
  });

  test("drifts when its body changes, and says so", async () => {
    here.repository.write("src/settings.ts", CODE.replace('=== ""', '!== "x"'));
    await shown({ freshness: "drifted", freshnessReason: "drifted, not committed yet: body changed" });
  });

  test("is fresh under a new name, in a file that was moved", async () => {
    here.repository.write("src/settings.ts", CODE.replaceAll("readSettings", "loadSettings"));
    await shown({ freshness: "fresh", anchorsNow: [{ symbol: "loadSettings" }] });
    mkdirSync(join(here.repository.root, "lib"));
    renameSync(join(here.repository.root, "src/settings.ts"), join(here.repository.root, "lib/settings.ts"));
    await shown({ freshness: "fresh", anchorsNow: [{ path: "lib/settings.ts", symbol: "loadSettings" }] });
  });

  test("is fresh in another file that was there before, also where no code is indexed", async () => {
    const [head = "", rest = ""] = CODE.split("export class");
    here.repository.commit("lib/old.ts", "export const limit = 3;\n");
    here.repository.commit("src/other.ts", "import { readSettings } from './settings.ts';\nreadSettings('a');\n");
    here.repository.write("src/settings.ts", `export class${rest}`);
    here.repository.write("lib/old.ts", `export const limit = 3;\n${head}`);
    await shown({ freshness: "fresh", anchorsNow: [{ path: "lib/old.ts", symbol: "readSettings" }] });
  });

  test("is orphaned where all of it is gone, and filters and facets know", async () => {
    rmSync(join(here.repository.root, "src/settings.ts"));
    await shown({ freshness: "orphaned" });
    const { memories } = await here.engine.retrieve({ query: "", filters: { freshness: "orphaned" } }, {});
    expect(memories).toHaveLength(1);
    const { facets } = await here.explore.browse(asking(), {});
    expect(facets.freshness).toEqual([{ value: "orphaned", count: 1 }]);
    expect((await here.explore.browse(asking({ facets: { freshness: ["fresh"] } }), {})).rows).toEqual([]);
  });
});

test("tells since which commit, and that a change is not committed yet", async () => {
  here.repository.commit("src/settings.ts", CODE);
  await here.remember("The settings are read once", { anchors: [{ path: "src/settings.ts", symbol: "readSettings" }] });
  await shown({ freshness: "fresh" });
  here.repository.write("src/settings.ts", CODE.replace('=== ""', '!== "x"'));
  await shown({ freshness: "drifted", freshnessReason: "drifted, not committed yet: body changed" });
  const first = here.repository.commit("src/settings.ts", CODE.replace('=== ""', '!== "x"'));
  here.repository.commit("src/settings.ts", CODE.replace('=== ""', '!== "y"'));
  await shown({ freshnessReason: `drifted since ${first.slice(0, 8)}: body changed` });
  const { anchors } = await here.explore.detail((await seen()).id, {});
  expect(anchors).toMatchObject([{ freshness: "drifted", since: { commit: first }, change: { added: 1, removed: 1 } }]);
  const { markdown } = await here.engine.buildContext({ query: "settings are read once" }, {});
  expect(markdown).toContain(`drifted since ${first.slice(0, 8)}: body changed`);
});

test("belongs to the work tree that asks", async () => {
  here.repository.commit("src/settings.ts", CODE);
  await here.remember("The settings are read once", {
    scope: "repo",
    anchors: [{ path: "src/settings.ts", symbol: "readSettings" }],
  });
  await shown({ freshness: "fresh" });
  const other = join(here.dataFolder, "../other");
  here.repository.git("worktree", "add", "-q", "-b", "side", other);
  here.repository.at(other).write("src/settings.ts", CODE.replace("return {};", "return { empty: true };"));
  const there = async (): Promise<string | undefined> =>
    (await here.engine.retrieve({ query: "settings are read once" }, { workspace: other })).memories[0]?.freshness;
  await vi.waitFor(async () => expect(await there()).toBe("drifted"), WAIT);
  expect((await seen()).freshness).toBe("fresh");
});

test("what nobody read is read of the commit that it belongs to, and kept when git has it no more", async () => {
  const commit = here.repository.commit("src/settings.ts", CODE);
  await here.import([
    {
      ...{ content: "The settings are read once", eventType: "note", scope: "repo", gitCommit: commit },
      anchors: [{ path: "src/settings.ts", symbol: "readSettings" }],
    },
  ]);
  await shown({ freshness: "fresh" });
  here.repository.write("src/settings.ts", CODE.replace("return {};", "return { empty: true };"));
  await shown({ freshness: "drifted" });
  await here.liveOn();
  const kept = async (): Promise<object> =>
    (await here.explore.detail((await seen()).id, {})).memory.fingerprints ?? {};
  await vi.waitFor(async () => expect(Object.keys(await kept())).toEqual(["src/settings.ts#readSettings"]), WAIT);
});

test("is compared in the background when a file changes, and who listens is told", async () => {
  here.repository.commit("src/settings.ts", CODE);
  await here.remember("The settings are read once", { anchors: [{ path: "src/settings.ts", symbol: "readSettings" }] });
  await shown({ freshness: "fresh" });
  await here.liveOn();
  const words = async (): Promise<readonly string[]> =>
    (await here.explore.browse(asking(), {})).rows.map(({ freshness }) => freshness);
  await vi.waitFor(async () => expect(await words()).toEqual(["fresh"]), WAIT);
  // A watch begins a little after it is asked for.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const told = new Promise<void>((resolve) => {
    const end = here.explore.onChange(({ memories }) => {
      if (!memories) return;
      end();
      resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  here.repository.write("src/settings.ts", CODE.replace("return {};", "return { empty: true };"));
  await told;
  expect(await words()).toEqual(["drifted"]);
});

test("is compared in the background when its anchors are revised", async () => {
  here.repository.commit("src/settings.ts", CODE);
  const anchors = [{ path: "src/settings.ts", symbol: "readSettings" }];
  const id = await here.remember("The settings are read once", { anchors });
  await here.liveOn();
  const word = async (): Promise<unknown> => (await here.explore.browse(asking(), {})).rows[0]?.freshness;
  await vi.waitFor(async () => expect(await word()).toBe("fresh"), WAIT);
  await here.engine.revise({ id, anchors: [{ path: "src/gone.ts", symbol: "readSettings" }] }, {});
  await vi.waitFor(async () => expect(await word()).toBe("orphaned"), WAIT);
});

test("is compared in the background when its anchors were revised while its branch was left", async () => {
  // The code itself is on both branches: nothing of it changes with them.
  here.repository.commit("src/settings.ts", CODE);
  here.repository.git("switch", "-qc", "topic");
  here.repository.git("commit", "-q", "--allow-empty", "-m", "topic");
  const anchors = [{ path: "src/settings.ts", symbol: "readSettings" }];
  const id = await here.remember("The settings are read once", { anchors });
  await here.liveOn();
  const words = async (): Promise<readonly string[]> =>
    (await here.explore.browse(asking({ visibility: "visible" }), {})).rows.map(({ freshness }) => freshness);
  await vi.waitFor(async () => expect(await words()).toEqual(["fresh"]), WAIT);
  here.repository.git("switch", "-q", "main");
  await vi.waitFor(async () => expect(await words()).toEqual([]), WAIT);
  await here.engine.revise({ id, anchors: [{ path: "src/gone.ts", symbol: "readSettings" }] }, {});
  expect(await words()).toEqual([]);
  // Until nothing waits in the background.
  await new Promise((resolve) => setTimeout(resolve, 500));
  here.repository.git("switch", "-q", "topic");
  await vi.waitFor(async () => expect(await words()).toEqual(["orphaned"]), WAIT);
});

test("is not what it was when so much changed at once that comparing is late", async () => {
  const large = (word: string): string =>
    Array.from({ length: 4_000 }, (_, at) => `${word}_${at} = read(${word}, ${at}) + ${word}.offset\n`).join("");
  const names = Array.from({ length: 30 }, (_, at) => `part${at}.conf`);
  for (const name of names) here.repository.write(name, large("before"));
  here.repository.git("add", ".");
  here.repository.git("commit", "-qm", "parts");
  for (const path of names) await here.remember(`About ${path}`, { anchors: [{ path }] });
  const words = async (): Promise<ReadonlySet<string>> => {
    const { memories } = await here.engine.retrieve({ query: "", limit: 100 }, {});
    return new Set(memories.map(({ freshness }) => freshness));
  };
  await vi.waitFor(async () => expect([...(await words())]).toEqual(["fresh"]), { timeout: 30_000 });
  for (const name of names) here.repository.write(name, large("after"));
  expect(await words()).not.toContain("fresh");
});

test("ranks a memory lower whose code changed, lower still one whose code is gone, and says why", async () => {
  for (const name of ["first", "second", "third"])
    here.repository.write(`${name}.conf`, `limit of the ${name} queue = 10\nworkers of the ${name} queue = 3\n`);
  here.repository.git("add", ".");
  here.repository.git("commit", "-qm", "queues");
  const texts = ["Imports obey the limit", "Load tests chose another limit", "Uploads share one limit"];
  for (const [at, path] of ["first.conf", "second.conf", "third.conf"].entries())
    await here.remember(texts[at] ?? "", { scope: "repo", anchors: [{ path, startLine: 1 }] });
  const ranked = async (): Promise<ReadonlyMap<string, MemoryView>> => {
    const { memories } = await here.engine.retrieve({ query: "limit", explain: true }, {});
    return new Map(memories.map((memory) => [memory.freshness, memory]));
  };
  here.repository.write("first.conf", "nothing is left of it\n");
  here.repository.write("second.conf", "limit of the second queue at night = 12\nworkers of the second queue = 3\n");
  await vi.waitFor(async () => {
    const found = await ranked();
    expect([...found.keys()].sort()).toEqual(["drifted", "fresh", "orphaned"]);
    const lost = (word: string): number => found.get(word)?.signals?.["freshness"] ?? 0;
    expect(lost("fresh")).toBe(0);
    expect(lost("drifted")).toBeLessThan(0);
    expect(lost("orphaned")).toBeLessThan(lost("drifted"));
    expect(found.get("drifted")?.reasons).toContain("ranked a little lower: the code that it speaks of has changed");
  }, WAIT);
  const { components } = await here.engine.health(true, {});
  expect(components["anchors"]?.details).toMatchObject({ fresh: 1, drifted: 1, orphaned: 1, unchecked: 0 });
  const { forgotten } = await here.engine.forget({ filters: { freshness: "orphaned" } }, {});
  expect(forgotten).toBe(1);
  expect([...(await ranked()).keys()].sort()).toEqual(["drifted", "fresh"]);
});
