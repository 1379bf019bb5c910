import { randomUUID } from "node:crypto";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import { importInBatches } from "./remoteEngine.ts";

/**
 * `remote` as long as it answers, then `local`, call by call: the process that was asked may die at any moment, and what a command has
 * read from standard input cannot be read again. What may have been stored before it died is not stored twice.
 */
export function steadyEngine(remote: EngineApi, local: () => Promise<EngineApi>): EngineApi {
  let gone = false;
  const ask = async <T>(kind: "read" | "write", call: (engine: EngineApi) => Promise<T>): Promise<T> => {
    if (gone) return call(await local());
    try {
      return await call(remote);
    } catch (error) {
      if (!(error instanceof HeirloomError) || error.code !== "OWNER_UNREACHABLE") throw error;
      gone = true;
      // It lives and is silent. What it is asked to write it would be asked again, by the store that is opened here, and be waited for again.
      if (kind === "write" && error.details?.["cause"] === "ETIMEDOUT") throw error;
      return call(await local());
    }
  };
  return {
    capture: (input, context) => {
      const once = { ...input, idempotencyKey: input.idempotencyKey ?? randomUUID() };
      return ask("write", (engine) => engine.capture(once, context));
    },
    retrieve: (input, context) => ask("read", (engine) => engine.retrieve(input, context)),
    buildContext: (input, context) => ask("read", (engine) => engine.buildContext(input, context)),
    revise: (input, context) => ask("write", (engine) => engine.revise(input, context)),
    feedback: (input, context) => ask("write", (engine) => engine.feedback(input, context)),
    forget: (input, context) => {
      const once = onceOnly(context);
      return ask("write", (engine) => engine.forget(input, once));
    },
    upsert: (input, context) => {
      const once = onceOnly(context);
      return ask("write", (engine) => engine.upsert(input, once));
    },
    forgotten: (limit, context) => ask("read", (engine) => engine.forgotten(limit, context)),
    gitState: (context) => ask("read", (engine) => engine.gitState(context)),
    health: (detailed, context) => ask("read", (engine) => engine.health(detailed, context)),
    stats: (context) => ask("read", (engine) => engine.stats(context)),
    get: (id, context) => ask("read", (engine) => engine.get(id, context)),
    document: (input, context) => ask("read", (engine) => engine.document(input, context)),
    relate: (input, context) => ask("write", (engine) => engine.relate(input, context)),
    lineage: (input, context) => ask("write", (engine) => engine.lineage(input, context)),
    share: (input, context) => ask("write", (engine) => engine.share(input, context)),
    locate: (input, context) => ask("read", (engine) => engine.locate(input, context)),
    searchCode: (input, context) => ask("read", (engine) => engine.searchCode(input, context)),
    analyze: (input, context) => ask("read", (engine) => engine.analyze(input, context)),
    codeChunk: (input, context) => ask("read", (engine) => engine.codeChunk(input, context)),
    grep: (input, context) => ask("read", (engine) => engine.grep(input, context)),
    projectStats: (input, context) => ask("read", (engine) => engine.projectStats(input, context)),
    contextProgressive: (input, context) => ask("read", (engine) => engine.contextProgressive(input, context)),
    packs: (input, context) =>
      ask(input.action === "list" ? "read" : "write", (engine) => engine.packs(input, context)),
    indexControl: (input, context) => ask("read", (engine) => engine.indexControl(input, context)),
    importLines: (lines, options, context) =>
      importInBatches(lines, options, (batch) => {
        const { dedupe } = options;
        // Elsewhere the repeated line is found to be a duplicate.
        const once = dedupe === "none" ? { dedupe, onceKey: randomUUID() } : { dedupe };
        return ask("write", (engine) => engine.importLines(each(batch), once, context));
      }),
    learn: async (options, context) => (await local()).learn(options, context),
    inspect: async (context) => (await local()).inspect(context),
    async *exportLines(context) {
      yield* (await local()).exportLines(context);
    },
    close: () => Promise.resolve(),
  };
}

/** The key is half an undo token, which may be 64 characters long for two stores. */
const onceOnly = (context: RequestContext): RequestContext => ({
  ...context,
  onceKey: randomUUID().replaceAll("-", "").slice(0, 20),
});

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
