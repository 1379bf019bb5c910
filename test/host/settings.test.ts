import { expect, it } from "vitest";
import { defaultSettings, settingsSchema } from "../../src/contract/settings.ts";
import { engineSettings, readSetting, SETTINGS, type SettingName } from "../../src/host/settings.ts";

const given =
  (values: Partial<Record<SettingName, unknown>>) =>
  (name: SettingName): unknown =>
    values[name];

it("what somebody set is read, and what cannot be is the fallback", () => {
  expect(readSetting(given({ "editor.gutter": false }), "editor.gutter")).toBe(false);
  expect(readSetting(given({}), "editor.gutter")).toBe(true);
  expect(readSetting(given({ "context.budget": "lots" }), "context.budget")).toBe(4000);
  expect(readSetting(given({ "context.budget": 12 }), "context.budget")).toBe(4000);
  expect(readSetting(given({ "mcp.profiles": ["core", "everything"] }), "mcp.profiles")).toEqual(["core"]);
  expect(readSetting(given({ "mcp.profiles": [] }), "mcp.profiles")).toEqual(["core"]);
});

it("the engine is given only what somebody set, so that settings.json of the data folder holds for the rest", () => {
  expect(engineSettings(given({}))).toEqual({});
  expect(engineSettings(given({ forgetGraceHours: 0, secrets: "shout" }))).toEqual({ forgetGraceHours: 0 });
  expect(engineSettings(given({ "rateLimit.enabled": false }))).toEqual({
    rateLimit: { ...defaultSettings.rateLimit, enabled: false },
  });
});

it("signals that nobody switched are as the engine has them", () => {
  expect(engineSettings(given({ signals: { time: false } }))).toEqual({
    signals: { ...defaultSettings.signals, time: false },
  });
});

it("a fraction where the engine counts is not given to it: it would not open", () => {
  const half = given({
    queryTimeoutMs: 2000.5,
    forgetGraceHours: 1.5,
    maxStoreBytes: 2_000_000.5,
    duplicateSimilarity: 0.75,
  });
  expect(engineSettings(half)).toEqual({ duplicateSimilarity: 0.75 });
});

it("every value that is given to the engine is one that it takes", () => {
  const all = engineSettings((name) => SETTINGS[name].fallback);
  expect(settingsSchema.parse(all)).toEqual(defaultSettings);
});
