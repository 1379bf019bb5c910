import { DEFAULT_MODEL, isModelName, isRerankerName } from "../contract/models.ts";
import { KINDS } from "../contract/kinds.ts";
import type { Settings } from "../contract/settings.ts";
import type { Profile } from "../contract/tools.ts";

/** Those with tools: a choice without effect is none. */
const SERVED_PROFILES = ["core", "code", "lifecycle"] as const satisfies readonly Profile[];

/** Every setting of the extension, without its `heirloom.` prefix, with the type of its value. */
export interface ExtensionSettings {
  readonly learnHistory: boolean;
  readonly "code.folders": Settings["code"]["folders"];
  readonly "context.budget": number;
  readonly "code.enabled": boolean;
  readonly "code.maxFiles": number;
  readonly "editor.gutter": boolean;
  readonly "editor.codeLens": boolean;
  readonly "editor.hover": boolean;
  readonly "mcp.enabled": boolean;
  readonly "mcp.profiles": readonly (typeof SERVED_PROFILES)[number][];
  readonly secrets: Settings["secrets"];
  readonly embedding: Settings["embedding"];
  readonly embeddingModel: string;
  readonly reranker: string;
  readonly signals: Partial<Settings["signals"]>;
  readonly learning: boolean;
  readonly negativeMemory: boolean;
  readonly duplicateSimilarity: number;
  readonly "duplicateMeaning.default": number;
  readonly "duplicateMeaning.kinds": Settings["duplicateMeaning"]["kinds"];
  readonly forgetGraceHours: number;
  readonly maxStoreBytes: number;
  readonly queryTimeoutMs: number;
  readonly "rateLimit.enabled": boolean;
  readonly "rateLimit.capturesPerSessionPerMinute": number;
  readonly "rateLimit.capturesPerWorkspacePerHour": number;
}
export type SettingName = keyof ExtensionSettings;

interface SettingSpec<Value> {
  readonly fallback: Value;
  /** `machine` settings are about stores, which windows share, so that no workspace may set them. */
  readonly scope: "window" | "resource" | "machine";
  /** Whether a value is one that the setting may have; anybody can type anything into settings.json. */
  readonly accepts: (value: unknown) => boolean;
}

const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const between =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === "number" && value >= least && value <= most;
const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (value: unknown): boolean =>
    Number.isSafeInteger(value) && between(least, most)(value);

const isByKind = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(([kind, least]) => KINDS.some((one) => one === kind) && between(0.5, 1)(least));

const isSignals = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(([name, on]) => Object.hasOwn(SIGNALS_BY_DEFAULT, name) && isBoolean(on));

const SIGNALS_BY_DEFAULT: Settings["signals"] = {
  meaning: true,
  context: true,
  expansion: false,
  reranker: true,
  anchor: true,
  time: true,
  recency: true,
  freshness: true,
  use: true,
  kind: true,
  diversity: true,
};

const isFolders = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every(
    (folders: unknown) =>
      Array.isArray(folders) &&
      folders.length <= 20 &&
      folders.every((folder) => typeof folder === "string" && folder !== ""),
  );

/** The one map that settings are read through; a test compares it with package.json. */
export const SETTINGS: { readonly [Name in SettingName]: SettingSpec<ExtensionSettings[Name]> } = {
  learnHistory: { fallback: true, scope: "resource", accepts: isBoolean },
  "code.folders": { fallback: {}, scope: "machine", accepts: isFolders },
  "context.budget": { fallback: 4000, scope: "window", accepts: whole(64, 200_000) },
  "code.enabled": { fallback: true, scope: "resource", accepts: isBoolean },
  "code.maxFiles": { fallback: 50_000, scope: "resource", accepts: whole(1) },
  "editor.gutter": { fallback: true, scope: "window", accepts: isBoolean },
  "editor.codeLens": { fallback: true, scope: "window", accepts: isBoolean },
  "editor.hover": { fallback: true, scope: "window", accepts: isBoolean },
  "mcp.enabled": { fallback: true, scope: "window", accepts: isBoolean },
  "mcp.profiles": {
    fallback: ["core"],
    scope: "window",
    accepts: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((name: unknown) => (SERVED_PROFILES as readonly unknown[]).includes(name)),
  },
  secrets: { fallback: "redact", scope: "machine", accepts: (value) => value === "redact" || value === "refuse" },
  embedding: {
    fallback: "built-in",
    scope: "machine",
    accepts: (value) => value === "none" || value === "built-in" || value === "transformers",
  },
  embeddingModel: {
    fallback: DEFAULT_MODEL,
    scope: "machine",
    accepts: (value) => typeof value === "string" && isModelName(value),
  },
  reranker: {
    fallback: "",
    scope: "machine",
    accepts: (value) => typeof value === "string" && isRerankerName(value),
  },
  signals: { fallback: {}, scope: "machine", accepts: isSignals },
  learning: { fallback: true, scope: "machine", accepts: isBoolean },
  negativeMemory: { fallback: true, scope: "machine", accepts: isBoolean },
  duplicateSimilarity: { fallback: 0.85, scope: "machine", accepts: between(0.5, 1) },
  "duplicateMeaning.default": { fallback: 0.85, scope: "machine", accepts: between(0.5, 1) },
  "duplicateMeaning.kinds": { fallback: {}, scope: "machine", accepts: isByKind },
  forgetGraceHours: { fallback: 24, scope: "machine", accepts: whole(0, 8_760) },
  maxStoreBytes: { fallback: 1_073_741_824, scope: "machine", accepts: whole(1_048_576) },
  queryTimeoutMs: { fallback: 2_000, scope: "machine", accepts: whole(10, 60_000) },
  "rateLimit.enabled": { fallback: true, scope: "machine", accepts: isBoolean },
  "rateLimit.capturesPerSessionPerMinute": { fallback: 100, scope: "machine", accepts: whole(1) },
  "rateLimit.capturesPerWorkspacePerHour": { fallback: 1_000, scope: "machine", accepts: whole(1) },
};

/** Those that the engine is opened with. */
export const ENGINE_SETTINGS = (Object.keys(SETTINGS) as SettingName[]).filter(
  (name) => SETTINGS[name].scope === "machine",
);

/** Where values come from: what a person set, undefined where nobody set anything. */
export type SettingSource = (name: SettingName) => unknown;

/** The value of a setting; its fallback where nobody set it, or set it to what it cannot be. */
export function readSetting<Name extends SettingName>(source: SettingSource, name: Name): ExtensionSettings[Name] {
  const value = source(name);
  return SETTINGS[name].accepts(value) ? (value as ExtensionSettings[Name]) : SETTINGS[name].fallback;
}

/** The engine's settings that a person set in VS Code; the others are those of `settings.json` in the data folder. */
export function engineSettings(source: SettingSource): Partial<Settings> {
  const set = (name: SettingName): unknown => {
    const value = source(name);
    return SETTINGS[name].accepts(value) ? value : undefined;
  };
  const given = {
    secrets: set("secrets"),
    embedding: set("embedding"),
    embeddingModel: set("embeddingModel"),
    reranker: set("reranker"),
    signals: signals(source),
    learning: set("learning"),
    negativeMemory: set("negativeMemory"),
    duplicateSimilarity: set("duplicateSimilarity"),
    duplicateMeaning: duplicateMeaning(source),
    forgetGraceHours: set("forgetGraceHours"),
    maxStoreBytes: set("maxStoreBytes"),
    code: codeFolders(source),
    queryTimeoutMs: set("queryTimeoutMs"),
    rateLimit: rateLimit(source),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function codeFolders(source: SettingSource): Settings["code"] | undefined {
  return source("code.folders") === undefined ? undefined : { folders: readSetting(source, "code.folders") };
}

/** Those that somebody switched; the others are as they are by default. */
function signals(source: SettingSource): Settings["signals"] | undefined {
  const switched = readSetting(source, "signals");
  return Object.keys(switched).length === 0 ? undefined : { ...SIGNALS_BY_DEFAULT, ...switched };
}

function duplicateMeaning(source: SettingSource): Settings["duplicateMeaning"] | undefined {
  const names = ["duplicateMeaning.default", "duplicateMeaning.kinds"] as const;
  if (names.every((name) => source(name) === undefined)) return undefined;
  const [least, kinds] = names;
  return { default: readSetting(source, least), kinds: readSetting(source, kinds) };
}

/** A group is given whole or not at all. */
function rateLimit(source: SettingSource): Settings["rateLimit"] | undefined {
  const names = [
    "rateLimit.enabled",
    "rateLimit.capturesPerSessionPerMinute",
    "rateLimit.capturesPerWorkspacePerHour",
  ] as const;
  if (names.every((name) => source(name) === undefined)) return undefined;
  return {
    enabled: readSetting(source, "rateLimit.enabled"),
    capturesPerSessionPerMinute: readSetting(source, "rateLimit.capturesPerSessionPerMinute"),
    capturesPerWorkspacePerHour: readSetting(source, "rateLimit.capturesPerWorkspacePerHour"),
  };
}
