/** The agents that can be connected by a file they are known to read. */
export const AGENT_IDS = ["claude-code", "copilot-cli", "cursor", "codex", "gemini-cli", "zed", "opencode"] as const;
export type AgentId = (typeof AGENT_IDS)[number];

/** Where things are: everything but the data folder is what this process sees unless a test says otherwise. */
export interface AgentPlaces {
  readonly dataFolder: string;
  /** The root of the extension or package, which holds `dist` and `media`. */
  readonly extensionFolder: string;
  readonly home?: string;
  readonly platform?: NodeJS.Platform;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * `new`: nothing of ours is in its files. `connected`: all of ours is, as it would be written now. `outdated`: ours, as an earlier version
 * wrote it. `conflict`: something else has our name. `unusable`: a file cannot be read or understood, and `problem` says what to do.
 */
export type ConnectionStatus = "new" | "connected" | "outdated" | "conflict" | "unusable";

export interface AgentState {
  readonly id: AgentId;
  /** As people call it: "Claude Code". */
  readonly label: string;
  /** Whether its configuration file or folder exists. */
  readonly installed: boolean;
  readonly status: ConnectionStatus;
  readonly problem?: string;
  /** Whether something was written for it that undoing takes away, also where somebody has since changed or removed the file. */
  readonly undoable: boolean;
  /** The files that connecting writes. */
  readonly files: readonly string[];
}

/** One file as it is and as it would be. */
export interface FileChange {
  /** The path that the agent reads; a symbolic link stays one. */
  readonly file: string;
  /** The keys that lead to our entry; absent where the whole file is ours. */
  readonly path?: readonly string[];
  /** One sentence without its full stop: what this change gives. */
  readonly purpose: string;
  readonly status: Exclude<ConnectionStatus, "unusable">;
  /** Absent: there is no such file. */
  readonly before?: string;
  readonly after: string;
  /** What has our name now and is not ours, as text; only for a conflict. */
  readonly standing?: string;
  /** Of the bytes that were read; `absent` where there was no file. */
  readonly fingerprint: string;
}

export interface ConnectionPlan {
  readonly agent: AgentId;
  readonly label: string;
  readonly status: Exclude<ConnectionStatus, "unusable">;
  readonly changes: readonly FileChange[];
  /** A unified diff of all changes, to show before anything is written; empty where nothing changes. */
  readonly preview: string;
  /** What the user should know or do after connecting, a sentence each: to restart the agent, for instance. */
  readonly notes: readonly string[];
}

export interface AppliedConnection {
  readonly agent: AgentId;
  /** Files that were written; empty where the agent was connected already. */
  readonly written: readonly string[];
  /** Copies of what stood there before. */
  readonly backups: readonly string[];
}

export interface UndoneConnection {
  readonly agent: AgentId;
  /** Files that are again byte for byte what they were, or gone where there was none. */
  readonly restored: readonly string[];
  /** Files that somebody changed since: only what is ours was taken out of them. */
  readonly cleaned: readonly string[];
}
