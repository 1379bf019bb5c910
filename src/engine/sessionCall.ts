import { join } from "node:path";
import type { CodeSymbol } from "../contract/code.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { HookEventName, HookInput, Receipt } from "../contract/hooks.ts";
import { normaliseAnchorPath } from "./admit/anchorPath.ts";
import type { Clock, Files, Logger } from "./ports.ts";
import type { Recall } from "./recall.ts";
import type { GitPlace, TokenCounter } from "./seams.ts";

export interface SessionHooksParts {
  readonly engine: Pick<EngineApi, "capture" | "revise" | "feedback">;
  readonly recall: Pick<Recall, "search" | "get" | "standing">;
  /** Symbols of a file of a work tree as they are known now; undefined where they are not. */
  readonly symbolsOf: (root: string, path: string) => readonly CodeSymbol[] | undefined;
  /** Whether what was undone or failed is kept, and told before an edit. */
  readonly negativeMemory: boolean;
  readonly place: (workspace: string) => Promise<GitPlace>;
  /** Each text without secrets; `workspace` is the root whose .env files name some. */
  readonly redact: (texts: readonly string[], workspace: string) => Promise<readonly string[]>;
  readonly files: Files;
  readonly tokens: TokenCounter;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly workspace: string;
  /** Absolute path of the workspace's store. */
  readonly storeFolder: string;
}

/** Where a hook was called, and by whom. */
export interface HookCall {
  readonly event: HookEventName;
  readonly input: HookInput;
  readonly sessionId: string;
  /** As the engine is asked for this session. */
  readonly context: RequestContext;
  readonly place: GitPlace;
  readonly root: string;
  /** Of the monotonic clock. */
  readonly started: number;
}

/** What every receipt of a call begins with, and how long it took until now. `question`: what was asked of the memory. */
export function receiptOf(
  { sessionId, context: { agent }, event, started }: HookCall,
  { clock, newId }: Pick<SessionHooksParts, "clock" | "newId">,
  question: string | undefined,
): Pick<Receipt, "id" | "at" | "sessionId" | "agent" | "event" | "question" | "tookMs"> {
  return {
    id: newId(),
    at: clock.now(),
    sessionId,
    ...(agent === undefined ? {} : { agent }),
    event,
    ...(question === undefined ? {} : { question }),
    tookMs: Math.round((clock.monotonic() - started) * 10) / 10,
  };
}

/** No system opens a file by a longer path: what an agent sends as one is something else, and would be searched for. */
const LONGEST_PATH = 4_096;

/** Paths as anchors have them; those that lead out of the workspace are left out. */
export function insidePaths(paths: readonly string[], { input, place, root }: HookCall): readonly string[] {
  const from = input.cwd ?? place.workspace;
  return paths.flatMap((path) => {
    if (path.length > LONGEST_PATH) return [];
    const absolute = /^(?:[\\/]|[a-z]:[\\/])/iu.test(path);
    try {
      const anchor = normaliseAnchorPath(absolute ? path : join(from, path), root);
      return anchor === "." ? [] : [anchor];
    } catch (error) {
      if (error instanceof HeirloomError) return [];
      throw error;
    }
  });
}
