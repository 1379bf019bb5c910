import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Options } from "./parseCommand.ts";
import { print, printJson, statsLines } from "./printing.ts";

export async function stats(engine: EngineApi, context: RequestContext, options: Options): Promise<void> {
  const result = await engine.stats(context);
  if (options.flag("json")) printJson(result);
  else print(statsLines(result));
}

const MARKS = { ok: "ok     ", warning: "warning", error: "ERROR  " } as const;

export async function doctor(engine: EngineApi, context: RequestContext, options: Options): Promise<void> {
  const findings = await engine.inspect(context);
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
