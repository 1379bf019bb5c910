// `npm start`: builds, then runs start.ts by the Node that the build has installed, and has what it started end with it. npm passes a signal
// to its shell only, which ends and leaves us behind: that is a reason to end as well.
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const node = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
let running;
let told = false;
const end = () => {
  told = true;
  running?.kill("SIGTERM");
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
const shell = process.ppid;
setInterval(() => {
  if (process.ppid !== shell && !told) end();
}, 250).unref();

process.exitCode = await run(process.execPath, [join(root, "esbuild.mjs")]);
if (process.exitCode === 0 && !told)
  process.exitCode = await run(node, [join(root, "test/e2e/start.ts"), ...process.argv.slice(2)]);

/** The child hears of our end by the closed channel, even where we were killed. */
async function run(command, args) {
  running = spawn(command, args, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    running.once("error", reject);
    running.once("exit", (status) => resolve(status ?? 1));
  });
}
