import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The built command; `npm test` builds before it tests. */
export const CLI = join(import.meta.dirname, "../../dist/cli.js");

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one `heirloom` command to its end. */
export async function heirloom(
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly cwd?: string;
    readonly node?: string;
    readonly uid?: number;
    /** Added to this process's own. */
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const child = spawn(options.node ?? process.execPath, [CLI, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** One tool call's outcome: what the tool gave, or the error it answered. */
export type ToolAnswer = Readonly<Record<string, unknown>> & {
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
};

export interface RunningServer {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it has written to stderr. */
  logged(): string;
  tool(name: string, args?: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

/** `heirloom serve` as a process of its own, with every profile unless `args` name one. */
export async function serve(args: readonly string[], node = process.execPath): Promise<RunningServer> {
  const child = spawn(node, [CLI, "serve", "--profile", "all", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let logged = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (logged += text));
  const first = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`heirloom serve ended with ${code}: ${logged}`)));
  });
  const { url, token, pid } = JSON.parse(first) as { url: string; token: string; pid: number };
  const call = await connect(url, token);
  return {
    url,
    token,
    pid,
    child,
    logged: () => logged,
    tool: call,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
  };
}

async function connect(url: string, token: string): Promise<RunningServer["tool"]> {
  let session: string | undefined;
  let next = 1;
  const post = async (message: object): Promise<unknown> => {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        authorization: `Bearer ${token}`,
        "mcp-protocol-version": "2025-11-25",
        ...(session === undefined ? {} : { "mcp-session-id": session }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
    session ??= response.headers.get("mcp-session-id") ?? undefined;
    const text = await response.text();
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${text}`);
    if (text === "") return undefined;
    const lines = text.split("\n").filter((line) => line.startsWith("data:") && line.length > 6);
    return JSON.parse(text.startsWith("{") ? text : (lines.at(-1) ?? "").slice(5));
  };
  const clientInfo = { name: "heirloom-tests", version: "1" };
  await post({
    id: next++,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
  });
  await post({ method: "notifications/initialized" });
  return async (name, args = {}) => {
    const answer = (await post({ id: next++, method: "tools/call", params: { name, arguments: args } })) as {
      readonly result?: { readonly structuredContent: ToolAnswer };
      readonly error?: { readonly message: string };
    };
    if (answer.result === undefined) throw new Error(answer.error?.message ?? "no answer");
    return answer.result.structuredContent;
  };
}

/** A folder that goes when the test ends: `await using scratch = scratchFolder()`. */
export function scratchFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "heirloom-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
