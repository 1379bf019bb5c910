/** `node twinStdio.ts [--profile all] [--no-rate-limit]`: MCP over stdio on the in-memory twin of the engine, for tests that need a real process. */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { defaultSettings } from "../../src/contract/settings.ts";
import { createRateLimits } from "../../src/serve/rateLimits.ts";
import { serveStdioMcp } from "../../src/serve/stdio.ts";
import { parseProfiles } from "../../src/serve/toolSchemas.ts";
import { MemoryEngine } from "./memoryEngine.ts";

const { values } = parseArgs({
  options: { profile: { type: "string", default: "core" }, "no-rate-limit": { type: "boolean", default: false } },
});
const engine = new MemoryEngine();
// A call that is still running when stdin closes: its query says for how many milliseconds.
const retrieve = engine.retrieve.bind(engine);
engine.retrieve = async (input, context) => {
  const ms = /^wait (?<ms>\d+)$/u.exec(input.query)?.groups?.["ms"];
  if (ms !== undefined) await delay(Number(ms));
  return retrieve(input, context);
};
await serveStdioMcp(engine, {
  profiles: parseProfiles(values.profile) ?? ["core"],
  settings: defaultSettings,
  limits: createRateLimits(
    { ...defaultSettings.rateLimit, enabled: !values["no-rate-limit"] },
    { now: Date.now, monotonic: () => performance.now() },
  ),
  version: "0.0.0-test",
  logger: { log: (level, message) => void process.stderr.write(`${level} ${message}\n`) },
});
process.stderr.write("ended\n");
