/**
 * A process with an engine worker in it, as a window's extension host is. Reads one call a line, `{"call": name, "given": [...]}`, and prints
 * its outcome; `close` closes the client.
 */
import { createInterface } from "node:readline";
import type { HeirloomError } from "../../src/contract/errors.ts";
import { startEngine } from "../../src/worker/engineClient.ts";
import { ENGINE_WORKER } from "./engineWindow.ts";

const client = startEngine(ENGINE_WORKER);
const api = client.api as unknown as Record<string, (...given: readonly unknown[]) => Promise<unknown>>;

for await (const line of createInterface({ input: process.stdin })) {
  const { call, given } = JSON.parse(line) as { readonly call: string; readonly given: readonly unknown[] };
  try {
    const result = await (call === "close" ? (client.close() as Promise<unknown>) : api[call]?.(...given));
    console.log(JSON.stringify({ result: result ?? null }));
  } catch (error) {
    const { code, message } = error as HeirloomError;
    console.log(JSON.stringify({ error: { code, message } }));
  }
}
