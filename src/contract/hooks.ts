import { z } from "zod";
import type { RequestContext } from "./engineApi.ts";

/**
 * The events of an agent's session that `heirloom hook` understands, by the names that Claude Code and VS Code give them. Claude Code calls
 * PostToolUse only for what succeeded, VS Code for everything.
 */
export const HOOK_EVENTS = [
  "SessionStart",
  "UserPromptSubmit",
  "PreToolUse",
  "PostToolUse",
  "PostToolUseFailure",
  "PreCompact",
  "Stop",
  "SessionEnd",
] as const;
export type HookEventName = (typeof HOOK_EVENTS)[number];

/** What an agent writes to the standard input of a hook. Agents send more than this; it is passed over. */
export const hookInput = z.looseObject({
  session_id: z.string().min(1).max(256),
  cwd: z.string().min(1).max(4096).optional(),
  hook_event_name: z.string().optional(),
  source: z.string().optional(),
  prompt: z.string().optional(),
  tool_name: z.string().optional(),
  tool_input: z.record(z.string(), z.unknown()).optional(),
  tool_response: z.unknown().optional(),
  /** What a failed tool said. */
  error: z.unknown().optional(),
  trigger: z.string().optional(),
});
export type HookInput = Readonly<z.infer<typeof hookInput>>;

/** What a hook says to the agent. */
export interface HookAnswer {
  /** Markdown that the agent is given; absent: nothing is worth its tokens. */
  readonly context?: string;
  readonly receipt?: Receipt;
  /** Ids of memories that were made of the session's events. */
  readonly captured: readonly string[];
}

/** What an edit did to a file, so that it is known again when it is gone. Digests are of lines and of the whole file. */
export interface EditMark {
  readonly id: string;
  /** The branch and the commit that it was made on; absent without git. */
  readonly head?: string;
  readonly fileBefore: string;
  readonly fileAfter: string;
  /** Of each line that says something: how many more of it the edit made, and how many there were then. Empty where they are many. */
  readonly lines: readonly (readonly [line: string, change: number, after: number])[];
  /** The first lines that it took out and put in, free of secrets. */
  readonly was: string;
  readonly became: string;
  /** The one symbol that all of it stands in, where that is known. */
  readonly symbol?: string;
}

/** Something that happened in a session, free of secrets. */
export type SessionEvent =
  | { readonly type: "prompt"; readonly at: number; readonly text: string }
  | {
      readonly type: "edit";
      readonly at: number;
      readonly path: string;
      /** Absent: it cannot be told exactly. */
      readonly change?: EditMark;
    }
  | {
      /** Edits of a file are gone again. `unknown`: a stash or another session may have done it. */
      readonly type: "undone";
      readonly at: number;
      readonly path: string;
      /** Ids of their marks. */
      readonly edits: readonly string[];
      readonly by: "agent" | "person" | "unknown";
    }
  | {
      readonly type: "command";
      readonly at: number;
      readonly command: string;
      /** The first lines of its error; absent: it succeeded. */
      readonly error?: string;
    };

/** What one injection put into an agent's context, and why. */
export interface Receipt {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly sessionId: string;
  readonly agent?: string;
  readonly event: HookEventName;
  /** What was asked of the memory: the prompt's first 200 characters, or the path that is about to be edited. */
  readonly question?: string;
  readonly tokens: number;
  readonly budget: number;
  readonly items: readonly {
    readonly ref: string;
    readonly title: string;
    readonly tokens: number;
    readonly why: string;
  }[];
  readonly dropped: readonly { readonly ref: string; readonly title: string; readonly why: string }[];
  readonly tookMs: number;
}

/** What the engine offers to hooks and to who shows what they did. */
export interface HookApi {
  /** Never throws for what an agent sent: bad input is an answer that says nothing. Throws what storing and searching throw. */
  hook(event: HookEventName, input: HookInput, context: RequestContext): Promise<HookAnswer>;
  /** Newest first, with the titles that the memories have now; "(forgotten)" for one that is gone. */
  receipts(
    options: { readonly limit: number; readonly sessionId?: string },
    context: RequestContext,
  ): Promise<readonly Receipt[]>;
}
