import { simpleGit } from "simple-git";
import { GitFailure, type GitRunner, type GitRunOptions } from "../engine/ports.ts";

export interface NodeGitOptions {
  /** Path of the git program. */
  readonly binary?: string;
  /** Milliseconds after which a run is stopped and fails. */
  readonly timeoutMs?: number;
  /** Bytes of output, both streams together, past which a run is stopped and fails. */
  readonly maxOutputBytes?: number;
  /** The environment that git inherits, after every variable that could steer it has been taken out. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs git with everything switched off by which a repository could run a program or reach the network: hooks, the fsmonitor, external diff
 * and textconv drivers, signature checks, every transport, fetching on demand, and the filter drivers that the repository itself configures
 * (those of the user's own configuration stay, or every file under Git LFS would look changed). History is read as it was committed:
 * replace refs and grafts do not count. Nothing is ever written: no optional locks, so the index is not refreshed either.
 * The environment of a hook that this process may run in (GIT_DIR, GIT_INDEX_FILE, …) does not reach git. A command that reads the work
 * tree takes its `cwd` for the root of it, whatever core.worktree says.
 */
export function createNodeGit(options: NodeGitOptions = {}): GitRunner {
  const limits: Limits = {
    binary: options.binary ?? "git",
    timeoutMs: options.timeoutMs ?? 30_000,
    maxOutputBytes: options.maxOutputBytes ?? 256 * 1_048_576,
  };
  const environment = cleanEnvironment(options.environment ?? process.env);
  const disarmed = sharedInOneTurn((run) => disarm(limits, environment, run));
  return {
    async run(args, run) {
      const command = args[0] ?? "";
      if (!readsWorkTree.has(command)) return await runGit(limits, environment, hardened(args), run);
      return await runGit(limits, { ...environment, ...(await disarmed(run)) }, hardened(args), run);
    },
  };
}

interface Limits {
  readonly binary: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
}
type Environment = Readonly<Record<string, string>>;

/** Commands that may read files of the work tree, and so may run filter drivers. */
const readsWorkTree: ReadonlySet<string> = new Set(["status", "diff", "diff-files", "diff-index", "grep", "ls-files"]);
const showsDiffs: ReadonlySet<string> = new Set(["diff", "diff-files", "diff-index", "diff-tree", "log", "show"]);

const configuration = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "log.showSignature=false",
  "protocol.allow=never",
];

function hardened(args: readonly string[]): readonly string[] {
  const [command = "", ...rest] = args;
  return showsDiffs.has(command) ? [command, "--no-ext-diff", "--no-textconv", ...rest] : args;
}

/** Variables of git that name the user's own configuration or installation, and nothing of one repository. */
const keptVariables: ReadonlySet<string> = new Set([
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_EXEC_PATH",
]);
const programVariables: ReadonlySet<string> = new Set(["EDITOR", "VISUAL", "PAGER", "PREFIX", "SSH_ASKPASS"]);

const safeVariables: Environment = {
  GIT_NO_LAZY_FETCH: "1",
  // An allow-list by environment outranks the protocol.<name>.allow of a repository; an empty one allows nothing.
  GIT_ALLOW_PROTOCOL: "",
  GIT_PROTOCOL_FROM_USER: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_GRAFT_FILE: "/dev/null",
  // Messages are shown to people and, where git has no other sign, recognised by their English text.
  LC_ALL: "C",
};

function cleanEnvironment(from: Readonly<Record<string, string | undefined>>): Environment {
  const kept = Object.entries(from).filter((entry): entry is [string, string] => {
    const name = entry[0].toUpperCase();
    return (
      entry[1] !== undefined && !programVariables.has(name) && (!name.startsWith("GIT_") || keptVariables.has(name))
    );
  });
  return { ...Object.fromEntries(kept), ...safeVariables };
}

/** `scope NUL key LF value NUL` of the settings by which a repository could have a program read its files, or have git read others. */
const dangerousSettings = "^(filter\\..*\\.(clean|smudge|process|required)|core\\.worktree)$";

/**
 * Variables that give each filter driver of the repository's own configuration the value of the user's configuration, or none, and that
 * hold git to the folder it was called in. Read anew each time: an included file may have changed, or another include apply.
 */
async function disarm(limits: Limits, environment: Environment, options: GitRunOptions): Promise<Environment> {
  const { cwd, signal } = options;
  const run = { cwd, ...(signal === undefined ? {} : { signal }) };
  const settings = await runGit(
    limits,
    environment,
    ["config", "-z", "--show-scope", "--get-regexp", dangerousSettings],
    run,
  ).catch((error: unknown) => {
    // 1: no such setting.
    if (error instanceof GitFailure && error.exitCode === 1) return "";
    throw error;
  });
  const fields = settings.split("\0");
  const users = new Map<string, string>();
  const drivers = new Set<string>();
  let elsewhere = false;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope, setting = ""] = fields.slice(at, at + 2);
    const lineEnd = setting.indexOf("\n");
    const key = lineEnd < 0 ? setting : setting.slice(0, lineEnd);
    if (scope !== "local" && scope !== "worktree") users.set(key, lineEnd < 0 ? "true" : setting.slice(lineEnd + 1));
    else if (key === "core.worktree") elsewhere = true;
    else drivers.add(key.slice(0, key.lastIndexOf(".")));
  }
  const overrides: [string, string][] = [];
  for (const driver of drivers) {
    for (const name of ["clean", "smudge", "process"])
      overrides.push([`${driver}.${name}`, users.get(`${driver}.${name}`) ?? ""]);
    overrides.push([`${driver}.required`, users.get(`${driver}.required`) ?? "false"]);
  }
  // By environment, because `-c` cannot carry a driver name that holds an equals sign.
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(overrides.length) };
  for (const [index, [key, value]] of overrides.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return { ...variables, ...(elsewhere ? { GIT_WORK_TREE: cwd } : {}) };
}

/** Runs that begin in one turn of the event loop in one folder, as several questions of one caller do, share what is read for them. */
function sharedInOneTurn(
  read: (run: GitRunOptions) => Promise<Environment>,
): (run: GitRunOptions) => Promise<Environment> {
  const reading = new Map<
    string,
    { readonly signal: AbortSignal | undefined; readonly answer: Promise<Environment> }
  >();
  return (run) => {
    const known = reading.get(run.cwd);
    if (known !== undefined && known.signal === run.signal) return known.answer;
    const answer = read(run);
    reading.set(run.cwd, { signal: run.signal, answer });
    setImmediate(() => reading.delete(run.cwd));
    return answer;
  };
}

/** How one run went. */
interface Progress {
  readonly output: Buffer[];
  /** Bytes of standard output, and of both streams. */
  printed: number;
  bytes: number;
  /** Enough was printed: that git was stopped is no failure. */
  satisfied: boolean;
  stoppedBecause: string | undefined;
  exitCode: number | undefined;
  stderr: string;
}

async function runGit(
  limits: Limits,
  environment: Environment,
  args: readonly string[],
  options: GitRunOptions,
): Promise<string> {
  const name = `git ${args[0] ?? ""}`;
  const stop = new AbortController();
  const progress: Progress = {
    output: [],
    printed: 0,
    bytes: 0,
    satisfied: false,
    stoppedBecause: undefined,
    exitCode: undefined,
    stderr: "",
  };
  const halt = (why: string) => {
    progress.stoppedBecause ??= `${name} ${why}`;
    stop.abort();
  };
  try {
    const git = openGit(limits, environment, options, stop.signal, progress);
    git.outputHandler((_command, stdout, stderr) => {
      const count = (chunk: Buffer) => {
        progress.bytes += chunk.length;
        if (progress.bytes > limits.maxOutputBytes) halt(`printed more than ${limits.maxOutputBytes} bytes`);
      };
      stdout.on("data", (chunk: Buffer) => {
        progress.output.push(chunk);
        progress.printed += chunk.length;
        count(chunk);
        if (options.enough === undefined || progress.printed < options.enough) return;
        progress.satisfied = true;
        stop.abort();
      });
      stderr.on("data", count);
      // The library waits 50 ms more for a process that printed nothing; an empty piece counts as output.
      stdout.once("end", () => stdout.emit("data", Buffer.alloc(0)));
    });
    await withinTime(git.raw([...args]), limits.timeoutMs, options.signal, halt);
  } catch (error) {
    if (!progress.satisfied) throw failure(name, error, progress);
  }
  return Buffer.concat(progress.output).toString(encodingOf(options));
}

function encodingOf(options: GitRunOptions): BufferEncoding {
  return options.bytes === true ? "latin1" : "utf8";
}

/** The library's own guard against such options and variables is opened for exactly those that are set here. */
function openGit(
  limits: Limits,
  environment: Environment,
  options: GitRunOptions,
  signal: AbortSignal,
  progress: Progress,
) {
  const { stdin } = options;
  const git = simpleGit({
    baseDir: options.cwd,
    binary: limits.binary,
    config: configuration,
    abort: signal,
    allowEnvironment: Object.keys(environment),
    // Output may still be on its way when the process has exited.
    completion: { onClose: true, onExit: false },
    ...(stdin === undefined ? {} : { input: () => Buffer.from(stdin, encodingOf(options)) }),
    errors: (error, result) => {
      progress.exitCode = result.exitCode;
      progress.stderr = Buffer.concat(result.stdErr).toString("utf8");
      if (error !== undefined) return error;
      return result.exitCode === 0 ? undefined : new Error("exit");
    },
    unsafe: {
      allowUnsafeCustomBinary: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeExec: true,
      allowUnsafeFilter: true,
    },
  });
  return git.env(environment);
}

/** Ends with the run, or fails at once, process gone or not, when the time is over or the caller gives up. */
async function withinTime(
  run: Promise<string>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  stop: (why: string) => void,
) {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    const give = (why: string) => {
      stop(why);
      reject(new Error(why));
    };
    timer = setTimeout(() => give(`took longer than ${timeoutMs} ms and was stopped`), timeoutMs);
    onAbort = () => give("was cancelled");
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([run, stopped]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
  }
}

function failure(name: string, error: unknown, progress: Progress): GitFailure {
  const { stoppedBecause, exitCode, stderr } = progress;
  if (stoppedBecause !== undefined) return new GitFailure(stoppedBecause, undefined, stderr);
  if (exitCode === undefined || exitCode < 0) {
    const reason = error instanceof Error ? error.message : String(error);
    return new GitFailure(`${name} could not be run: ${firstLine(stderr) || firstLine(reason)}`, undefined, stderr);
  }
  return new GitFailure(`${name} failed with ${exitCode}: ${firstLine(stderr)}`, exitCode, stderr);
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
