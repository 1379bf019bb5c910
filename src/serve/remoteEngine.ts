import { HeirloomError } from "../contract/errors.ts";
import type { EngineApi, ImportOptions, ImportResult, RequestContext } from "../contract/engineApi.ts";
import type { HookApi } from "../contract/hooks.ts";
import { PEER_VERSION } from "../contract/peer.ts";
import type { PeerAddress } from "../engine/ports.ts";
import { callPeer } from "./peerClient.ts";
import type { RemoteCall } from "./peerRoutes.ts";

/** Characters of import lines sent at once: well under the body cap, even when every one of them is escaped. */
const IMPORT_CHARACTERS = 1_000_000;
const IMPORT_LINES = 1_000;

/** The engine of a running process, asked by a short-lived one. Every method throws what the other side threw, or OWNER_UNREACHABLE. */
export function remoteEngine(address: PeerAddress): EngineApi & HookApi {
  const ask = (call: RemoteCall, given: readonly unknown[], context: RequestContext): Promise<unknown> => {
    const { signal, ...sent } = context;
    return callPeer(address, `engine.${call}`, { version: PEER_VERSION, arguments: given, context: sent });
  };
  return {
    capture: (input, context) => ask("capture", [input], context) as ReturnType<EngineApi["capture"]>,
    retrieve: (input, context) => ask("retrieve", [input], context) as ReturnType<EngineApi["retrieve"]>,
    buildContext: (input, context) => ask("buildContext", [input], context) as ReturnType<EngineApi["buildContext"]>,
    revise: (input, context) => ask("revise", [input], context) as ReturnType<EngineApi["revise"]>,
    feedback: (input, context) => ask("feedback", [input], context) as ReturnType<EngineApi["feedback"]>,
    forget: (input, context) => ask("forget", [input], context) as ReturnType<EngineApi["forget"]>,
    forgotten: (limit, context) => ask("forgotten", [limit], context) as ReturnType<EngineApi["forgotten"]>,
    gitState: (context) => ask("gitState", [], context) as ReturnType<EngineApi["gitState"]>,
    health: (detailed, context) => ask("health", [detailed], context) as ReturnType<EngineApi["health"]>,
    stats: (context) => ask("stats", [], context) as ReturnType<EngineApi["stats"]>,
    get: (id, context) => ask("get", [id], context) as ReturnType<EngineApi["get"]>,
    upsert: (input, context) => ask("upsert", [input], context) as ReturnType<EngineApi["upsert"]>,
    document: (input, context) => ask("document", [input], context) as ReturnType<EngineApi["document"]>,
    relate: (input, context) => ask("relate", [input], context) as ReturnType<EngineApi["relate"]>,
    lineage: (input, context) => ask("lineage", [input], context) as ReturnType<EngineApi["lineage"]>,
    share: (input, context) => ask("share", [input], context) as ReturnType<EngineApi["share"]>,
    locate: (input, context) => ask("locate", [input], context) as ReturnType<EngineApi["locate"]>,
    searchCode: (input, context) => ask("searchCode", [input], context) as ReturnType<EngineApi["searchCode"]>,
    analyze: (input, context) => ask("analyze", [input], context) as ReturnType<EngineApi["analyze"]>,
    codeChunk: (input, context) => ask("codeChunk", [input], context) as ReturnType<EngineApi["codeChunk"]>,
    grep: (input, context) => ask("grep", [input], context) as ReturnType<EngineApi["grep"]>,
    projectStats: (input, context) => ask("projectStats", [input], context) as ReturnType<EngineApi["projectStats"]>,
    indexControl: (input, context) => ask("indexControl", [input], context) as ReturnType<EngineApi["indexControl"]>,
    contextProgressive: (input, context) =>
      ask("contextProgressive", [input], context) as ReturnType<EngineApi["contextProgressive"]>,
    packs: (input, context) => ask("packs", [input], context) as ReturnType<EngineApi["packs"]>,
    hook: (event, input, context) => ask("hook", [event, input], context) as ReturnType<HookApi["hook"]>,
    receipts: (options, context) => ask("receipts", [options], context) as ReturnType<HookApi["receipts"]>,
    importLines: (lines, options, context) =>
      importInBatches(lines, options, async (batch) => {
        const { signal: _signal, ...sent } = context;
        const { dedupe, onceKey } = options;
        const message = { version: PEER_VERSION, lines: batch, dedupe, onceKey, context: sent };
        return (await callPeer(address, "engine.importLines", message)) as ImportResult;
      }),
    learn: () => Promise.reject(notRemote("learn")),
    inspect: () => Promise.reject(notRemote("inspect")),
    exportLines: () => {
      throw notRemote("exportLines");
    },
    close: () => Promise.resolve(),
  };
}

const notRemote = (call: string): HeirloomError =>
  new HeirloomError(
    "INTERNAL",
    `${call} works on the store itself: open it, as a follower where another process owns it.`,
  );

/** Gives `take` the lines in batches that fit into one message, and adds up what it says. */
export async function importInBatches(
  lines: AsyncIterable<string>,
  { onProgress }: ImportOptions,
  take: (batch: readonly string[]) => Promise<ImportResult>,
): Promise<ImportResult> {
  let total: ImportResult = { read: 0, created: 0, merged: 0, duplicates: 0, redactions: 0, problems: [] };
  let before = 0;
  let batch: string[] = [];
  let characters = 0;
  const send = async (): Promise<void> => {
    if (batch.length === 0) return;
    total = addImports(total, await take(batch), before);
    before += batch.length;
    batch = [];
    characters = 0;
    onProgress?.(total.read);
  };
  for await (const line of lines) {
    batch.push(line);
    characters += line.length;
    if (batch.length >= IMPORT_LINES || characters >= IMPORT_CHARACTERS) await send();
  }
  await send();
  return total;
}

/** `next` counts its lines from 1; they follow `before` others, blank ones included. */
function addImports(sum: ImportResult, next: ImportResult, before: number): ImportResult {
  return {
    read: sum.read + next.read,
    created: sum.created + next.created,
    merged: sum.merged + next.merged,
    duplicates: sum.duplicates + next.duplicates,
    redactions: sum.redactions + next.redactions,
    problems: [...sum.problems, ...next.problems.map(({ line, message }) => ({ line: line + before, message }))],
  };
}
