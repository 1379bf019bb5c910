import { HeirloomError } from "../src/contract/errors.ts";
import type { ExplorerNotice, FromExplorer, ToExplorer } from "../src/contract/explorer.ts";
import type { Host } from "./host.ts";
import { emptyPageState, readPageState } from "./pageState.ts";

/** Speaks contract/explorer.ts over the one channel that VS Code gives. */
export function connectHost(api: VsCodeApi): Host {
  const pending = new Map<number, Pending>();
  const listeners = new Map<ExplorerNotice, Set<(params: never) => void>>();
  let nextId = 1;
  let saved = readPageState(api.getState()) ?? emptyPageState;
  const post = (message: FromExplorer): void => api.postMessage(message);

  window.addEventListener("message", ({ data }: MessageEvent<ToExplorer>) => {
    if (data.type === "notice") {
      for (const listener of listeners.get(data.name) ?? []) listener(data.params as never);
      return;
    }
    const waiting = pending.get(data.id);
    pending.delete(data.id);
    if (data.type === "answer") waiting?.resolve(data.result as never);
    else waiting?.reject(new HeirloomError(data.error.code, data.error.message, data.error.details));
  });

  return {
    request: (name, params) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        pending.set(id, { resolve, reject });
        post({ type: "request", id, name, params } as FromExplorer);
      }),
    onNotice: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
    ready: () => post({ type: "ready" }),
    get saved() {
      return saved;
    },
    save: (change) => {
      saved = { ...saved, ...change };
      api.setState(saved);
    },
  };
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}
