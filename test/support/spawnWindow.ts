import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { StatsResult } from "../../src/contract/engineApi.ts";
import type { CaptureResult, RetrieveResult } from "../../src/contract/tools.ts";
import type { WindowApi } from "../../src/contract/window.ts";
import { folderOf } from "./engineWindow.ts";

/** A window in a process of its own: test/support/windowProcess.ts. */
export class WindowProcess {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#process = spawn(process.execPath, [join(import.meta.dirname, "windowProcess.ts")]);
    this.#process.stderr.pipe(process.stderr);
    const lines: Interface = createInterface(this.#process.stdout);
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async call<Result>(call: keyof WindowApi | "close", ...given: readonly unknown[]): Promise<Result> {
    this.#process.stdin.write(`${JSON.stringify({ call, given })}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("the window's process ended");
    const answer = JSON.parse(line.value) as { readonly result: Result; readonly error?: unknown };
    if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
    return answer.result;
  }

  async open(dataFolder: string, path: string): Promise<void> {
    await this.call("openWindow", { dataFolder, folders: [folderOf(path)], settings: {}, logLevel: "error" });
    await this.call("folders");
  }

  capture(content: string): Promise<CaptureResult> {
    return this.call("capture", { eventType: "note", scope: "repo", content }, {});
  }

  async contents(query = ""): Promise<readonly string[]> {
    const { memories } = await this.call<RetrieveResult>("retrieve", { query, limit: 100 }, {});
    return memories.map(({ content }) => content);
  }

  async role(): Promise<string | undefined> {
    return (await this.call<StatsResult>("stats", {})).stores[0]?.role;
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}
