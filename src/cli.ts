#!/usr/bin/env node
import process from "node:process";

// An agent waits for its hook, so that one loads nothing of the other commands.
const asked = process.argv.slice(2);
if (asked[0] === "hook" && !asked.includes("--help")) {
  await import("./cli/hook.ts");
} else {
  // Whoever reads our output may have read enough, as head does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const { main } = await import("./cli/main.ts");
  process.exitCode = await main(asked);
}
