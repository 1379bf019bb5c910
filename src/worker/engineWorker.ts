/** Entry of the engine worker, a thread of the extension host. */
import { parentPort } from "node:worker_threads";
import type { WindowApi, WindowEvents } from "../contract/window.ts";
import { type CallServer, serveCalls } from "./rpc.ts";
import { createWindowApi } from "./windowApi.ts";

if (parentPort === null) throw new Error("This is the code of a worker thread: see src/worker/engineClient.ts.");
const server: CallServer<WindowEvents> = serveCalls<WindowApi, WindowEvents>(
  parentPort,
  createWindowApi((name, data) => server.emit(name, data)),
);
