import { once } from "node:events";
import { counted } from "../contract/counted.ts";
import type { MemoryView } from "../contract/memory.ts";
import type { Host } from "../serve/openHost.ts";
import type { Options } from "./parseCommand.ts";
import { endProgress, memoryLines, note, print, printable, printJson, progress } from "./printing.ts";

export async function serveUntilSignal(host: Host): Promise<void> {
  printJson({ url: host.http.url, token: host.http.token, pid: process.pid });
  await signalled();
  await host.close();
}

export async function serveStdio(host: Host): Promise<void> {
  const { serveStdioMcp } = await import("../serve/stdio.ts");
  const ended = serveStdioMcp(host.engine, host.serverOptions);
  await Promise.race([ended, signalled()]);
  await host.close();
  // After a signal the client still holds its end open, which would keep this process alive.
  process.stdin.destroy();
}

/** Fills the store from the workspace's own history and documents, answers a first question, and serves. */
export async function start(host: Host, options: Options): Promise<void> {
  const { engine, http } = host;
  const evenForgotten = options.flag("even-forgotten");
  const learned = await engine.learn({ onProgress: progress("commits read"), evenForgotten }, {});
  endProgress();
  const { commits, documents } = learned;
  const stats = await engine.stats({});
  const query = options.text("question") ?? (await firstQuestion(host));
  const answer = await engine.retrieve({ query, limit: 3 }, {});
  if (options.flag("json")) {
    printJson({ url: http.url, token: http.token, pid: process.pid, learned, query, answer });
  } else {
    print(`Heirloom remembers ${stats.workspace}`);
    print(
      `  ${counted(commits.read, "commit", "commits")} read: ${commits.created} new, ${commits.merged} merged, ${commits.known} known already` +
        (commits.refused > 0 ? `, ${commits.refused} refused` : ""),
    );
    print(
      `  ${counted(documents.sections, "section", "sections")} of documents: ${documents.created} new, ${documents.revised} changed, ${documents.known} known already` +
        (documents.skipped.length > 0
          ? `, ${counted(documents.skipped.length, "file", "files")} skipped (${documents.skipped.map(({ path, why }) => `${path}: ${why}`).join(", ")})`
          : ""),
    );
    const forgotten = commits.forgotten + documents.forgotten;
    if (forgotten > 0) print(`  ${forgotten} forgotten before and left out; --even-forgotten learns them again`);
    const { accepted = 0, pending = 0 } = learned.shared ?? {};
    if (accepted > 0) print(`  ${counted(accepted)} shared by this repository, which is trusted, taken in`);
    if (pending > 0) print(`  ${counted(pending)} shared by this repository wait for you: heirloom share --review`);
    print(
      `  ${counted(stats.visible)} ${stats.visible === 1 ? "is" : "are"} visible at this commit, ${stats.hidden} hidden\n`,
    );
    print(`A first question: ${printable(query)}`);
    if (answer.memories.length === 0) print("  Nothing is remembered about this yet.");
    for (const memory of answer.memories)
      print(`  ${memoryLines(memory, { whole: false, scored: true }).replaceAll("\n", "\n  ")}`);
    print(`\n${connectText(options.flag("once") ? undefined : http)}`);
  }
  if (options.flag("once")) return host.close();
  note("Serving on 127.0.0.1 until Ctrl-C.");
  await signalled();
  await host.close();
}

/** Asks about what was worked on most recently: that is certainly remembered, and the reader knows the answer. */
async function firstQuestion({ engine }: Host): Promise<string> {
  const newest = async (filters?: { readonly eventType: string }): Promise<MemoryView | undefined> =>
    (await engine.retrieve({ query: "", limit: 1, ...(filters === undefined ? {} : { filters }) }, {})).memories[0];
  const title = ((await newest({ eventType: "commit" })) ?? (await newest()))?.title;
  return title === undefined ? "What is this project?" : `What do we know about: ${title}`;
}

/** `http` where this process goes on serving. */
function connectText(http: { readonly url: string; readonly token: string } | undefined): string {
  const command = `${lastingNode()} ${process.argv[1] ?? "heirloom"}`;
  return [
    "Connect an agent (it is shown before it is written, and --undo takes it back):",
    `  Claude Code     ${command} connect claude-code`,
    `  other agents    ${command} connect`,
    `  anything else   ${command} mcp     (MCP over stdio)`,
    ...(http === undefined
      ? []
      : [`  or over HTTP    ${http.url}   with the header   Authorization: Bearer ${http.token}`]),
  ].join("\n");
}

/** npm puts the Node of this clone first on the PATH; an agent starts the one that is installed. */
function lastingNode(): string {
  return process.execPath.includes("node_modules") ? "node" : process.execPath;
}

async function signalled(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}
