import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anchorKey } from "../../src/contract/freshness.ts";
import type { ParseApi } from "../../src/contract/code.ts";
import type { Memory } from "../../src/contract/memory.ts";
import { CodeFile } from "../../src/engine/anchors/codeFile.ts";
import { fingerprintOf } from "../../src/engine/anchors/fingerprint.ts";
import type { Clock } from "../../src/engine/ports.ts";
import { type Comparable, TreeFreshness } from "../../src/engine/treeFreshness.ts";
import { TreeSources } from "../../src/engine/treeSources.ts";
import { createNodeGit } from "../../src/serve/nodeGit.ts";
import { systemClock } from "../../src/serve/openNodeEngine.ts";
import { captured, silentLogger } from "../support/journalEvents.ts";
import { fileParser } from "../support/parsedFile.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

const { folder, remove } = temporaryFolder("tree-freshness");
let repository: TestRepository;
beforeEach(() => {
  repository = TestRepository.init(folder);
});
afterEach(remove);

const LIMIT = `export function limitOf(queue: Queue): number {
  const waiting = queue.entries.filter((entry) => entry.isWaiting);
  return Math.max(10, waiting.length * 2);
}
`;

/** A function of a file that is in another one now, which was there before. */
interface Moved {
  readonly tree: TreeFreshness;
  readonly those: readonly Comparable[];
  /** Paths of whose symbols was told that they came late. */
  readonly came: readonly string[];
}

async function moved(parser: ParseApi, clock: Clock): Promise<Moved> {
  const anchor = { path: "queue.ts", symbol: "limitOf" };
  const blob = createHash("sha1").update(LIMIT).digest("hex");
  const [parsed] = await parser.parse([{ path: anchor.path, text: LIMIT }]);
  const print = fingerprintOf(anchor, new CodeFile(anchor.path, blob, LIMIT, parsed?.symbols));
  const commit = repository.commit("queue.ts", LIMIT);
  repository.write("queue.ts", "export const queue = 1;\n");
  repository.write("limits.ts", LIMIT);
  await laterThanNow();
  const logger = silentLogger;
  const place = { root: folder, isRepository: true, git: createNodeGit(), index: () => undefined };
  const came: string[] = [];
  const sources = new TreeSources({ ...place, parser, symbolsCame: (path) => came.push(path), clock, logger });
  const nothing = { since: () => Promise.resolve(undefined), fill: () => Promise.resolve([]) };
  const event = captured("m");
  if (event.type !== "captured" || print === undefined) throw new Error("a memory with a fingerprint is needed");
  const memory: Memory = {
    ...event.memory,
    anchors: [anchor],
    fingerprints: { [anchorKey(anchor)]: print },
    provenance: { ...event.memory.provenance, commit },
  };
  const those = [{ store: "s", row: 1, memory }];
  return { tree: new TreeFreshness({ ...nothing, sources, clock, logger }), those, came };
}

async function realParser(): Promise<ParseApi> {
  const parser = await fileParser();
  return { parse: (files) => Promise.all(files.map((file) => parser.parse(file))) };
}

/** What was written a moment ago is doubted for that alone. */
const laterThanNow = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 50));

test("what is written into another file while that is read is not taken for what was read", async () => {
  const parser = await realParser();
  let writes = true;
  const { tree, those } = await moved(
    {
      parse: async (files) => {
        if (writes && files.some(({ path }) => path === "limits.ts")) {
          writes = false;
          repository.write("limits.ts", LIMIT.replace("Math.max(10", "Math.min(2_000"));
          await laterThanNow();
        }
        return parser.parse(files);
      },
    },
    systemClock,
  );
  await tree.compare(those, Infinity);
  expect(tree.stateOf("s", 1)?.freshness).toBe("fresh");
  await laterThanNow();
  await tree.compare(those, Infinity);
  expect(tree.stateOf("s", 1)).toMatchObject({ freshness: "drifted", anchors: [{ now: { path: "limits.ts" } }] });
});

test("what was found in another file long ago is not known any more where that file changed and nobody had time to look", async () => {
  let late = 0;
  const clock: Clock = { now: () => systemClock.now() + late, monotonic: () => systemClock.monotonic() + late };
  const { tree, those } = await moved(await realParser(), clock);
  await tree.compare(those, Infinity);
  expect(tree.stateOf("s", 1)?.freshness).toBe("fresh");
  late = 60_000;
  await tree.within(those, 0);
  expect(tree.stateOf("s", 1)?.freshness).toBe("fresh");
  rmSync(join(folder, "limits.ts"));
  await tree.within(those, 0);
  expect(tree.stateOf("s", 1)).toBeUndefined();
});

test("code whose symbols were not read in time is compared when they are there, and is parsed once for all who ask meanwhile", async () => {
  const parser = await realParser();
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let [isSlow, parsed] = [false, 0];
  const { tree, those, came } = await moved(
    {
      parse: async (files) => {
        if (isSlow && files.some(({ path }) => path === "limits.ts")) {
          parsed++;
          await released;
        }
        return parser.parse(files);
      },
    },
    systemClock,
  );
  isSlow = true;
  const both = [...those, ...those.map((one) => ({ ...one, row: 2 }))];
  await tree.compare(both, Infinity);
  expect([1, 2].map((row) => tree.stateOf("s", row)?.freshness)).toEqual(["unchecked", "unchecked"]);
  await tree.compare(both, Infinity);
  expect([parsed, came]).toEqual([1, []]);
  release();
  await vi.waitFor(() => expect(came).toEqual(["limits.ts"]));
  await tree.compare(both, Infinity);
  expect([1, 2].map((row) => tree.stateOf("s", row)?.freshness)).toEqual(["fresh", "fresh"]);
  expect(parsed).toBe(1);
});
