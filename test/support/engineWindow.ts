import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FolderState, WindowEvents, WindowOptions } from "../../src/contract/window.ts";
import { storeFolder, storeNameAt } from "../../src/engine/storeName.ts";
import { type EngineClient, startEngine } from "../../src/worker/engineClient.ts";
import { initialize, post, toolCall } from "./served.ts";

/** The worker's entry, run from its source by the Node that runs the tests. */
export const ENGINE_WORKER = new URL("../../src/worker/engineWorker.ts", import.meta.url);

export interface TestWindow extends EngineClient {
  readonly url: string;
  readonly token: string;
  readonly events: { readonly [Name in keyof WindowEvents]: WindowEvents[Name][] };
  /** Calls a tool at the window's endpoint, with what follows its address. */
  tool(name: string, given: unknown, query?: string): Promise<Record<string, unknown>>;
}

/** A window on real folders in a real worker thread, opened when this resolves; the endpoint limits no captures. */
export async function openTestWindow(
  dataFolder: string,
  folders: readonly string[],
  options: Partial<WindowOptions> = {},
): Promise<TestWindow> {
  const client = startEngine(ENGINE_WORKER);
  const events: TestWindow["events"] = { changed: [], folder: [], learning: [], progress: [], code: [], log: [] };
  for (const name of Object.keys(events) as (keyof WindowEvents)[])
    client.on(name, (data) => (events[name] as unknown[]).push(data));
  const { url, token } = await client.api.openWindow({
    dataFolder,
    folders: folders.map(folderOf),
    settings: {
      rateLimit: { enabled: false, capturesPerSessionPerMinute: 1, capturesPerWorkspacePerHour: 1 },
    },
    logLevel: "warn",
    ...options,
  });
  await client.api.folders();
  return {
    ...client,
    url,
    token,
    events,
    tool: async (name, given, query = "") => {
      const address = `${url}${query}`;
      const { headers } = await initialize({ url, token }, address);
      const { body } = await post({ url, token }, toolCall(name, given), headers, address);
      return body.result?.structuredContent ?? { ...body };
    },
  };
}

export const folderOf = (path: string) => ({ path, name: path.split("/").at(-1) ?? path });

export const statesOf = (folders: readonly FolderState[]): readonly string[] => folders.map(({ state }) => state);

/** Where the store of a folder is, made or not. */
export function storeFolderOf(dataFolder: string, workspace: string): string {
  return storeFolder(dataFolder, storeNameAt(workspace));
}

export function emptyFolder(root: string, name: string): string {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  return path;
}
