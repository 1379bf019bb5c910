import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { scratchFolder } from "../../support/heirloom.ts";
import { findChromium } from "./findChromium.ts";
import { CODE_SERVER, installEditor } from "./installEditor.ts";

let scratch: ReturnType<typeof scratchFolder>;
beforeEach(() => (scratch = scratchFolder()));
afterEach(() => {
  vi.unstubAllEnvs();
  scratch[Symbol.dispose]();
});

test("an unreachable registry is said clearly, and neither it nor a killed install leaves half of one", async () => {
  // Nothing listens there, and no cache knows what it would give.
  vi.stubEnv("npm_config_registry", "http://127.0.0.1:9/");
  const ended = 2 ** 22 + 1;
  mkdirSync(join(scratch.path, `installing-${ended}-abc/node_modules`), { recursive: true });
  await expect(installEditor({ folder: scratch.path })).rejects.toThrow(/could not be installed.*registry reachable/su);
  expect(readdirSync(scratch.path)).toEqual([]);
});

test("what is installed is not installed again", async () => {
  mkdirSync(join(scratch.path, `editor-${CODE_SERVER}`));
  const onInstall = vi.fn<() => void>();
  await installEditor({ folder: scratch.path, onInstall });
  expect(onInstall).not.toHaveBeenCalled();
});

test("a missing browser is said with what to do, a chosen one is taken", () => {
  expect(() => findChromium({ PATH: scratch.path })).toThrow(/apt-get install chromium.*\$CHROMIUM/u);
  expect(() => findChromium({ CHROMIUM: "/nowhere" })).toThrow(/\/nowhere/u);
  expect(findChromium({ CHROMIUM: process.execPath })).toBe(process.execPath);
});
