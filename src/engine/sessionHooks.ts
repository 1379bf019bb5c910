import type { HookApi } from "../contract/hooks.ts";
import type { EngineApi } from "../contract/engineApi.ts";
import type { Clock, Files, Logger } from "./ports.ts";
import type { TokenCounter } from "./seams.ts";

export interface SessionHooksParts {
  readonly engine: Pick<EngineApi, "capture" | "retrieve" | "gitState">;
  readonly files: Files;
  readonly tokens: TokenCounter;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly workspace: string;
  /** Absolute path of the workspace's store. */
  readonly storeFolder: string;
}

/** What happens in an agent's session: what it is told, what it did, and the memories that are made of that. */
export function createSessionHooks(_parts: SessionHooksParts): HookApi {
  throw new Error("being built");
}
