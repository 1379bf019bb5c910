// Runs every bench after the other, so that none disturbs another. usage: npm run bench
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BENCHES = [
  "engine",
  "search",
  "mcp",
  "eventLoop",
  "sideBySide",
  "textIndex",
  "embedding",
  "vectors",
  "hybrid",
  "journal",
  "store",
  "plan",
  "admission",
  "chunks",
  "parse",
  "lineage",
  "activation",
  "checkout",
  "walk",
  "codeIndex",
  "grep",
  "hook",
  "hookRelevance",
  "explore",
  "freshness",
  "explorerPage",
];

for (const name of BENCHES) {
  const { status } = spawnSync(process.execPath, ["--expose-gc", join(import.meta.dirname, `${name}.ts`)], {
    stdio: "inherit",
  });
  if (status !== 0) {
    console.error(`bench/${name}.ts ended with ${status}`);
    process.exitCode = 1;
  }
}
