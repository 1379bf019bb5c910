import { HeirloomError } from "../contract/errors.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import type { HookApi } from "../contract/hooks.ts";
import { PEER_VERSION, STORE_WRITES, type StoreWrite } from "../contract/peer.ts";

/** The calls of an engine that another process may make through the peer route: all but those that stream or end it. */
export const REMOTE_CALLS = [
  "capture",
  "retrieve",
  "buildContext",
  "revise",
  "feedback",
  "forget",
  "forgotten",
  "gitState",
  "health",
  "stats",
  "get",
  "upsert",
  "document",
  "relate",
  "lineage",
  "share",
  "locate",
  "searchCode",
  "analyze",
  "codeChunk",
  "grep",
  "projectStats",
  "indexControl",
  "contextProgressive",
  "packs",
  "hook",
  "receipts",
] as const;
export type RemoteCall = (typeof REMOTE_CALLS)[number];

/** What the peer route needs of an engine beside its API. */
export interface PeerEngine extends EngineApi, HookApi {
  /** A write that a follower of one of this process's stores sends. OWNER_UNREACHABLE when it does not own that store. */
  serveWrite(store: string, write: StoreWrite, body: unknown): Promise<unknown>;
}

interface PeerMessage {
  readonly version: number;
}
interface WriteMessage extends PeerMessage {
  readonly store: string;
  readonly body: unknown;
}
interface CallMessage extends PeerMessage {
  readonly arguments: readonly unknown[];
  readonly context: RequestContext;
}
interface ImportMessage extends PeerMessage {
  readonly lines: readonly string[];
  readonly dedupe: "none" | "skip" | "merge";
  readonly onceKey?: string;
  readonly context: RequestContext;
}

/** Answers one request of another Heirloom process on this machine, which has shown the token. */
export async function servePeer(engine: PeerEngine, operation: string, body: unknown): Promise<unknown> {
  const message = body as PeerMessage | undefined;
  if (message?.version !== PEER_VERSION) {
    throw new HeirloomError(
      "UNSUPPORTED_VERSION",
      `This process speaks version ${PEER_VERSION} of the peer protocol, the caller ${message?.version ?? "none"}: restart the older one.`,
    );
  }
  const [target, name = ""] = operation.split(".", 2);
  const write = STORE_WRITES.find((one) => one === name);
  if (target === "store" && write !== undefined) {
    const { store, body: request } = message as WriteMessage;
    return engine.serveWrite(store, write, request);
  }
  const call = REMOTE_CALLS.find((one) => one === name);
  if (target === "engine" && call !== undefined) {
    const { arguments: given, context } = message as CallMessage;
    const method = engine[call].bind(engine) as (...all: readonly unknown[]) => Promise<unknown>;
    return method(...given, context);
  }
  if (operation === "engine.importLines") {
    const { lines, dedupe, onceKey, context } = message as ImportMessage;
    return engine.importLines(each(lines), { dedupe, ...(onceKey === undefined ? {} : { onceKey }) }, context);
  }
  throw new HeirloomError("INVALID_INPUT", `There is no peer operation "${operation}".`);
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
