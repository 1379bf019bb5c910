import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXPLORER_COMMANDS } from "../../src/contract/explorer.ts";
import { settingsSchema } from "../../src/contract/settings.ts";
import { TOOLS } from "../../src/contract/tools.ts";
import { ENGINE_SETTINGS, SETTINGS } from "../../src/host/settings.ts";

interface Setting {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly items?: { readonly enum: readonly string[]; readonly enumDescriptions: readonly string[] };
  readonly markdownDescription: string;
}
interface MenuEntry {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly main: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly capabilities: Readonly<Record<string, { readonly supported: unknown; readonly description: string }>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly keybindings: readonly MenuEntry[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Setting>> }[];
    readonly mcpServerDefinitionProviders: readonly unknown[];
    readonly chatPlugins: readonly { readonly path: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly type?: string }[]>>;
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly media: Readonly<Record<string, string>> }[];
    }[];
    readonly languageModelTools?: unknown;
  };
}

const root = join(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const { contributes } = manifest;
const commands = contributes.commands.map(({ command }) => command);
const properties: Readonly<Record<string, Setting>> = Object.assign(
  {},
  ...contributes.configuration.map((group) => group.properties),
) as Record<string, Setting>;

/** Every command that the sources register, as often as they do. */
function registeredCommands(): readonly string[] {
  const host = join(root, "src/host");
  return readdirSync(host, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => [
      ...readFileSync(join(host, name), "utf8").matchAll(/registerCommand\(\s*(?:services\.)?log,\s*"([^"]+)"/gu),
    ])
    .map(([, name = ""]) => name);
}

describe("settings", () => {
  it("are the same in package.json and in the map that they are read through", () => {
    expect(Object.keys(properties).sort()).toEqual(
      Object.keys(SETTINGS)
        .map((name) => `heirloom.${name}`)
        .sort(),
    );
  });
  it.each(Object.entries(SETTINGS))("heirloom.%s has the same fallback, scope and type", (name, spec) => {
    const setting = properties[`heirloom.${name}`];
    expect(setting?.default).toEqual(spec.fallback);
    expect(setting?.scope).toBe(spec.scope);
    expect(spec.accepts(setting?.default)).toBe(true);
    const type = Array.isArray(spec.fallback) ? "array" : typeof spec.fallback;
    expect(setting?.type === "integer" ? "number" : setting?.type).toBe(type);
    expect(setting?.markdownDescription).toMatch(/\.$/u);
  });
  it("offer agents exactly the profiles that have tools", () => {
    const offered = properties["heirloom.mcp.profiles"]?.items;
    expect(new Set(offered?.enum)).toEqual(new Set(Object.values(TOOLS).map(({ profile }) => profile)));
    expect(offered?.enumDescriptions).toHaveLength(offered?.enum.length ?? 0);
    for (const profile of offered?.enum ?? []) expect(SETTINGS["mcp.profiles"].accepts([profile])).toBe(true);
  });
  it("of the engine are those of the contract, and no workspace may set them", () => {
    const groups = new Set(ENGINE_SETTINGS.map((name) => name.split(".")[0]));
    expect([...groups].sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  });
});

describe("commands", () => {
  const contracted = [
    "openExplorer",
    "remember",
    "search",
    "copyContext",
    "reindex",
    "showHealth",
    "export",
    "import",
    "forget",
    "connectClaudeCode",
    "openLog",
  ].map((name) => `heirloom.${name}`);

  it("of the contract and of the explorer are contributed", () => {
    expect(commands).toEqual(expect.arrayContaining([...contracted, ...EXPLORER_COMMANDS]));
  });
  it("that are contributed are registered once, and no others", () => {
    expect([...registeredCommands()].sort()).toEqual([...commands].sort());
  });
  it("of menus and keys exist", () => {
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command);
    expect(used.filter((command) => !commands.includes(command))).toEqual([]);
  });
  it("that need memories are offered only where the workspace is trusted", () => {
    const palette = new Map(contributes.menus["commandPalette"]?.map(({ command, when }) => [command, when]));
    const memories = ["remember", "search", "copyContext", "learn", "forget", "export", "import", "reindex"];
    for (const name of [...memories, "indexCode", "pauseCodeIndexing", "resumeCodeIndexing", "clearCodeIndex"])
      expect(palette.get(`heirloom.${name}`)).toContain("isWorkspaceTrusted");
  });
});

describe("the manifest", () => {
  it("names files that exist", () => {
    const media = contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media: shown }) => shown));
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...media.flatMap(({ svg, markdown }) => [svg, markdown].filter((file) => file !== undefined)),
      ...contributes.chatPlugins.map(({ path }) => path),
    ];
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
  it("gives agents the tools once: by the provider, not as language model tools too", () => {
    expect(contributes.mcpServerDefinitionProviders).toEqual([{ id: "heirloom", label: "Heirloom" }]);
    expect(contributes.languageModelTools).toBeUndefined();
  });
  it("says how it behaves where a workspace is remote, virtual or not trusted", () => {
    expect(manifest.extensionKind).toEqual(["workspace"]);
    expect(manifest.capabilities["untrustedWorkspaces"]?.supported).toBe("limited");
    expect(manifest.capabilities["virtualWorkspaces"]?.supported).toBe(false);
    for (const { description } of Object.values(manifest.capabilities)) expect(description).toMatch(/\w+\.$/u);
  });
  it("starts once VS Code has started, from the bundle, in any VS Code with an MCP provider API", () => {
    expect(manifest.activationEvents).toEqual(["onStartupFinished"]);
    expect(manifest.main).toBe("./dist/extension.cjs");
    expect(manifest.engines.vscode).toBe("^1.105.0");
    expect(contributes.views["heirloom"]?.find(({ id }) => id === "heirloom.explorer")?.type).toBe("webview");
  });
});
