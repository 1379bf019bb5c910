import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { anchorKey } from "../../src/contract/freshness.ts";
import type { Memory } from "../../src/contract/memory.ts";
import { CodeFile } from "../../src/engine/anchors/codeFile.ts";
import { fingerprintOf } from "../../src/engine/anchors/fingerprint.ts";
import { TreeFreshness } from "../../src/engine/treeFreshness.ts";
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

test("what is written into another file while that is read is not taken for what was read", async () => {
  const parser = await fileParser();
  const anchor = { path: "queue.ts", symbol: "limitOf" };
  const blob = createHash("sha1").update(LIMIT).digest("hex");
  const print = fingerprintOf(
    anchor,
    new CodeFile(anchor.path, blob, LIMIT, (await parser.parse({ path: anchor.path, text: LIMIT })).symbols),
  );
  const commit = repository.commit("queue.ts", LIMIT);
  repository.write("queue.ts", "export const queue = 1;\n");
  repository.write("limits.ts", LIMIT);
  // Of a time that is not a moment ago: that alone would be doubted.
  await new Promise((resolve) => setTimeout(resolve, 50));
  let writes = true;
  const sources = new TreeSources({
    root: folder,
    isRepository: true,
    git: createNodeGit(),
    parser: {
      parse: async (files) => {
        if (writes && files.some(({ path }) => path === "limits.ts")) {
          writes = false;
          repository.write("limits.ts", LIMIT.replace("Math.max(10", "Math.min(2_000"));
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return await Promise.all(files.map((file) => parser.parse(file)));
      },
    },
    index: () => undefined,
    clock: systemClock,
    logger: silentLogger,
  });
  const tree = new TreeFreshness({
    sources,
    since: () => Promise.resolve(undefined),
    fill: () => Promise.resolve([]),
    clock: systemClock,
    logger: silentLogger,
  });
  const event = captured("m");
  if (event.type !== "captured" || print === undefined) throw new Error("a memory with a fingerprint is needed");
  const memory: Memory = {
    ...event.memory,
    anchors: [anchor],
    fingerprints: { [anchorKey(anchor)]: print },
    provenance: { ...event.memory.provenance, commit },
  };
  const those = [{ store: "s", row: 1, memory }];
  await tree.compare(those, Infinity);
  expect(tree.stateOf("s", 1)?.freshness).toBe("fresh");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await tree.compare(those, Infinity);
  expect(tree.stateOf("s", 1)).toMatchObject({ freshness: "drifted", anchors: [{ now: { path: "limits.ts" } }] });
});
