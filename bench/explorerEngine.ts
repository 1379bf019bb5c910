// The engine behind bench/explorerPage.ts, in a process of its own: it fills a store, then answers what the page asks.
// usage: fork(this, [memories])
import type { FromExplorer } from "../src/contract/explorer.ts";
import { ExplorerHost } from "../test/webview/support/explorerHost.ts";
import { realTexts } from "./corpus.ts";
import { benchFolder, importLinesOf, openBenchEngine } from "./openStore.ts";

const memories = Number(process.argv[2]);
const folder = benchFolder();
const engine = await openBenchEngine(folder);
await engine.importLines(importLinesOf(realTexts(memories)), { dedupe: "none" }, {});
const host = new ExplorerHost(engine);
host.connect((message) => process.send?.(message));
process.on("message", (message: FromExplorer | "end") => {
  if (message !== "end") return void host.receive(message);
  void engine.close().then(() => {
    folder.remove();
    process.exit(0);
  });
});
process.send?.("filled");
