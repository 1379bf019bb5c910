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
    await shown({ freshness: "drifted", freshnessReason: "drifted: body changed" });
  });

  test("is fresh under a new name, in a file that was moved", async () => {
    here.repository.write("src/settings.ts", CODE.replaceAll("readSettings", "loadSettings"));
    await shown({ freshness: "fresh", anchorsNow: [{ symbol: "loadSettings" }] });
    mkdirSync(join(here.repository.root, "lib"));
    renameSync(join(here.repository.root, "src/settings.ts"), join(here.repository.root, "lib/settings.ts"));
    await shown({ freshness: "fresh", anchorsNow: [{ path: "lib/settings.ts", symbol: "loadSettings" }] });
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
