import { randomUUID } from "node:crypto";
import type { EngineApi } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import { importInBatches } from "./remoteEngine.ts";

/**
 * `remote` as long as it answers, then `local`, call by call: the process that was asked may die at any moment, and what a command has
 * read from standard input cannot be read again. What may have been stored before it died is not stored twice.
 */
export function steadyEngine(remote: EngineApi, local: () => Promise<EngineApi>): EngineApi {
  let gone = false;
  const ask = async <T>(call: (engine: EngineApi) => Promise<T>): Promise<T> => {
    if (gone) return call(await local());
    try {
      return await call(remote);
    } catch (error) {
      if (!(error instanceof HeirloomError) || error.code !== "OWNER_UNREACHABLE") throw error;
      gone = true;
      return call(await local());
    }
  };
  return {
    capture: (input, context) => {
      const once = { ...input, idempotencyKey: input.idempotencyKey ?? randomUUID() };
      return ask((engine) => engine.capture(once, context));
    },
    retrieve: (input, context) => ask((engine) => engine.retrieve(input, context)),
    buildContext: (input, context) => ask((engine) => engine.buildContext(input, context)),
    revise: (input, context) => ask((engine) => engine.revise(input, context)),
    forget: (input, context) => ask((engine) => engine.forget(input, context)),
    gitState: (context) => ask((engine) => engine.gitState(context)),
    health: (detailed, context) => ask((engine) => engine.health(detailed, context)),
    stats: (context) => ask((engine) => engine.stats(context)),
    get: (id, context) => ask((engine) => engine.get(id, context)),
    importLines: (lines, options, context) =>
      importInBatches(lines, options, (batch) => {
        const { dedupe } = options;
        // Elsewhere the repeated line is found to be a duplicate.
        const once = dedupe === "none" ? { dedupe, onceKey: randomUUID() } : { dedupe };
        return ask((engine) => engine.importLines(each(batch), once, context));
      }),
    learn: async (options, context) => (await local()).learn(options, context),
    inspect: async (context) => (await local()).inspect(context),
    async *exportLines(context) {
      yield* (await local()).exportLines(context);
    },
    close: () => Promise.resolve(),
  };
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
