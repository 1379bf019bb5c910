// Opens a store, answers one question and says how long that took and how much memory the process has; without arguments it only says the
// latter, for an empty process. Run by bench/engine.ts.
const [workspace, dataFolder] = process.argv.slice(2);
let ms = 0;
if (workspace !== undefined && dataFolder !== undefined) {
  const { openBenchEngine } = await import("./openStore.ts");
  const started = performance.now();
  const engine = await openBenchEngine({ workspace, dataFolder });
  await engine.retrieve({ query: "how is the cache invalidated when a file changes" }, {});
  ms = performance.now() - started;
  for (const query of ["parse the arguments", "return a promise", "default options"])
    await engine.retrieve({ query }, {});
}
globalThis.gc?.();
process.send?.({ ms, rss: process.memoryUsage.rss() }, () => process.exit(0));

export {};
