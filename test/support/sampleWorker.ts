/** A worker thread with a small API, for tests of the RPC alone. */
import { parentPort, threadId } from "node:worker_threads";
import { type ErrorCode, HeirloomError } from "../../src/contract/errors.ts";
import { type CallServer, serveCalls } from "../../src/worker/rpc.ts";

interface Context {
  readonly requestId?: string;
  readonly signal?: AbortSignal;
}

export interface SampleApi {
  add(a: number, b: number, context?: Context): Promise<number>;
  threadId(): Promise<number>;
  refuse(code: ErrorCode): Promise<never>;
  crash(): Promise<never>;
  giveFunction(): Promise<unknown>;
  /** Ends when its signal does, and says so. */
  wait(question: string, context: Context): Promise<void>;
  waiting(): Promise<number>;
  tick(times: number): Promise<void>;
}

export type SampleEvents = {
  readonly started: string;
  readonly aborted: string;
  readonly tick: number;
};

let waiting = 0;

if (parentPort !== null) {
  const server: CallServer<SampleEvents> = serveCalls<SampleApi, SampleEvents>(parentPort, {
    add: async (a, b) => a + b,
    threadId: async () => threadId,
    refuse: async (code) => {
      throw new HeirloomError(code, "as asked", { asked: code });
    },
    crash: async () => {
      throw new TypeError("a bug");
    },
    giveFunction: async () => () => undefined,
    wait: (question, { requestId, signal }) => {
      waiting++;
      server.emit("started", question);
      return new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          server.emit("aborted", requestId ?? "");
          reject(new Error("aborted"));
        });
      });
    },
    waiting: async () => waiting,
    tick: async (times) => {
      for (let n = 0; n < times; n++) server.emit("tick", n);
    },
  });
}
