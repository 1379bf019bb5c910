import { spawn } from "node:child_process";
import type { TextScan } from "../engine/ports.ts";

/** Bytes of paths that one command line holds; Windows takes 32,767 characters. */
const MOST_ARGUMENT_BYTES = process.platform === "win32" ? 24_000 : 120_000;
const TIMEOUT_MS = 10_000;

/**
 * Asks ripgrep, which searches the files that it is named and no others: it reads no settings of its own, starts no other program, and hears of
 * the pattern and the paths as what they are, whatever they begin with.
 */
export function createRipgrep(binary: string): TextScan {
  return {
    async filesWith(pattern, { root, paths, ignoreCase, signal }) {
      const found = new Set<string>();
      for (const part of parts(paths)) {
        const printed = await run(binary, [...ARGUMENTS, ...(ignoreCase ? ["-i"] : []), "-e", pattern, "--", ...part], {
          cwd: root,
          ...(signal === undefined ? {} : { signal }),
        });
        signal?.throwIfAborted();
        if (printed === undefined) return undefined;
        for (const path of printed.split("\0")) if (path !== "") found.add(path);
      }
      return found;
    },
  };
}

const ARGUMENTS = [
  "--no-config",
  "--no-messages",
  "--color=never",
  "--path-separator=/",
  "--null",
  "--text",
  "--files-with-matches",
];

/** Windows starts no program without it. */
const ENVIRONMENT = process.platform === "win32" ? { SystemRoot: process.env["SystemRoot"] } : {};

function* parts(paths: readonly string[]): Iterable<readonly string[]> {
  let [first, bytes] = [0, 0];
  for (const [at, path] of paths.entries()) {
    bytes += Buffer.byteLength(path) + 1;
    if (bytes < MOST_ARGUMENT_BYTES && at + 1 < paths.length) continue;
    yield paths.slice(first, at + 1);
    [first, bytes] = [at + 1, 0];
  }
}

/** What it prints; undefined when it cannot be started, is too slow, or had trouble with the pattern or a file. */
function run(
  binary: string,
  given: readonly string[],
  options: { readonly cwd: string; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(binary, [...given], {
      ...options,
      env: ENVIRONMENT,
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
      windowsHide: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const printed: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => printed.push(bytes));
    child.on("error", () => resolve(undefined));
    // 1: nothing was found.
    child.on("close", (code) =>
      resolve(code === 0 || code === 1 ? Buffer.concat(printed).toString("utf8") : undefined),
    );
  });
}
