import { join } from "node:path";
import type { EngineApi, Finding, RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import { HOOK_EVENTS } from "../contract/hooks.ts";
import { storeNameAt } from "../engine/storeName.ts";
import type { Options } from "./parseCommand.ts";
import { print, printJson, statsLines } from "./printing.ts";

export async function stats(engine: EngineApi, context: RequestContext, options: Options): Promise<void> {
  const result = await engine.stats(context);
  if (options.flag("json")) printJson(result);
  else print(statsLines(result));
}

/** Absolute paths. */
interface Place {
  readonly dataFolder: string;
  readonly workspace: string;
}

const MARKS = { ok: "ok     ", warning: "warning", error: "ERROR  " } as const;

export async function doctor(
  engine: EngineApi,
  context: RequestContext,
  options: Options,
  place: Place,
): Promise<void> {
  const findings = [...(await engine.inspect(context)), ...(await hookFindings(place))];
  const bad = findings.filter(({ status }) => status === "error");
  if (options.flag("json")) printJson({ healthy: bad.length === 0, findings });
  else {
    for (const { status, component, message, remedy } of findings) {
      print(
        `${MARKS[status]}  ${component}: ${message}${remedy === undefined || status === "ok" ? "" : `\n         ${remedy}`}`,
      );
    }
  }
  if (bad.length > 0) {
    throw new HeirloomError(
      "STORE_CORRUPT",
      `${bad.length} of ${findings.length} checks failed; each says above how to mend it.`,
      { findings: bad },
    );
  }
}

/** Hooks that failed so often that they are not tried for a while. */
async function hookFindings({ dataFolder, workspace }: Place): Promise<readonly Finding[]> {
  // Not needed by any other command.
  const { circuitFolder, openCircuits } = await import("./hookBreaker.ts");
  const folder = circuitFolder(dataFolder, storeNameAt(workspace));
  return openCircuits(folder, HOOK_EVENTS).map(({ hook, until }) => {
    const seconds = Math.ceil((until - Date.now()) / 1_000);
    return {
      component: "hooks",
      status: "warning",
      message: `The hook ${hook} failed or took too long several times in this workspace, and ${seconds > 0 ? `is not tried for ${seconds} s` : "is tried again at its next call"}.`,
      remedy: `Keep the workspace open in an editor or run \`heirloom serve\`, so that a hook need not open the store itself. To try it at once, remove ${join(folder, `${hook}.json`)}.`,
    };
  });
}
