import { resolve } from "node:path";
import { HeirloomError } from "../contract/errors.ts";
import { PROFILES, type Profile } from "../contract/tools.ts";
import type { EngineApi, RequestContext } from "../contract/engineApi.ts";
import { capture, importFile } from "./captureCommands.ts";
import { share } from "./shareCommand.ts";
import { withEngine } from "./connect.ts";
import { indexCode, locate } from "./codeCommands.ts";
import { grep } from "./grepCommand.ts";
import { document } from "./documentCommand.ts";
import { lineage } from "./lineageCommand.ts";
import { relate } from "./relateCommand.ts";
import { explain } from "./explainCommand.ts";
import { composeContext, search, show } from "./findCommands.ts";
import { explainFileError } from "../serve/explainFileError.ts";
import { helpText } from "./help.ts";
import { doctor, stats } from "./inspectCommands.ts";
import { exportTo, feedback, forget, listForgotten, pin } from "./keepCommands.ts";
import { packs } from "./packsCommand.ts";
import { parseCommand, type ParsedCommand, UsageError } from "./parseCommand.ts";
import { note, print, printError } from "./printing.ts";
import { serveStdio, serveUntilSignal, start } from "./serveCommands.ts";
import { defaultDataFolder } from "../serve/dataFolder.ts";
import { VERSION } from "../serve/version.ts";
import type { Host, HostOptions } from "../serve/openHost.ts";

/** One `heirloom` command. Exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const parsed = parseCommand(argv);
    if ("version" in parsed) {
      print(VERSION);
      return 0;
    }
    if ("help" in parsed) {
      print(helpText(parsed.help));
      return argv.length === 0 ? 2 : 0;
    }
    await run(parsed);
    return 0;
  } catch (error) {
    const json = argv.includes("--json");
    if (error instanceof UsageError) {
      if (json) printError(new HeirloomError("INVALID_INPUT", error.message), json);
      else note(`heirloom: ${error.message}`);
      return 2;
    }
    printError(explainFileError(error), json);
    return 1;
  }
}

async function run({ command, arguments: given, options }: ParsedCommand): Promise<void> {
  const workspace = resolve(workspaceOf(options));
  const host: HostOptions = {
    workspace,
    dataFolder: resolve(options.text("data") ?? defaultDataFolder()),
    profiles: profilesOf(options.text("profile") ?? "core"),
    rateLimited: !options.flag("no-rate-limit"),
    longLived: command === "mcp" || command === "serve" || command === "start",
    ...portOf(options),
    also: options.list("also").map((folder) => resolve(folder)),
    rebuild: command === "doctor" && options.flag("rebuild"),
  };
  const words = given.join(" ");
  const context: RequestContext = { workspace, agent: "heirloom cli" };
  const ask = (work: (engine: EngineApi) => Promise<void>): Promise<void> => withEngine(host, { own: false }, work);
  // Who else has the store open was not told of other folders.
  const askCode = options.list("also").length === 0 ? ask : (work: (engine: EngineApi) => Promise<void>) => own(work);
  const own = (work: (engine: EngineApi) => Promise<void>): Promise<void> => withEngine(host, { own: true }, work);

  switch (command) {
    case "start":
      return start(await opened(host), options);
    case "serve":
      return serveUntilSignal(await opened(host));
    case "mcp":
      return serveStdio(await opened(host));
    case "capture":
      return ask((engine) => capture(engine, context, words, options));
    case "search":
      return ask((engine) => search(engine, context, words, options));
    case "list":
      return options.flag("forgotten")
        ? ask((engine) => listForgotten(engine, context, options))
        : ask((engine) => search(engine, context, "", options));
    case "context":
      return askCode((engine) => composeContext(engine, context, words, options));
    case "packs":
      return ask((engine) => packs(engine, context, given, options));
    case "show":
      return ask((engine) => show(engine, context, words, options));
    case "index":
      return ask((engine) => indexCode(engine, context, options));
    case "locate":
      return askCode((engine) => locate(engine, context, words, options));
    case "explain":
      return askCode((engine) => explain(engine, context, words, options));
    case "grep":
      return askCode((engine) => grep(engine, context, words, options));
    case "relate":
      return ask((engine) => relate(engine, context, given, options));
    case "lineage":
      return ask((engine) => lineage(engine, context, given, options));
    case "share":
      return ask((engine) => share(engine, context, given, options));
    case "document":
      return ask((engine) => document(engine, context, words, options));
    case "import":
      return ask((engine) => importFile(engine, context, words, options));
    case "forget":
      return ask((engine) => forget(engine, context, given[0], options));
    case "feedback":
      return ask((engine) => feedback(engine, context, given, options));
    case "pin":
      return ask((engine) => pin(engine, context, words, options));
    case "hook":
      await import("./hook.ts");
      return;
    case "connect":
      return (await import("./connectCommand.ts")).connectAgent(host.dataFolder, given[0], options);
    case "model":
      return (await import("./modelCommand.ts")).model(host, given, options);
    case "stats":
      return ask((engine) => stats(engine, context, options));
    case "export":
      return own((engine) => exportTo(engine, context, given[0], options));
    case "doctor":
      return own((engine) => doctor(engine, context, options, host));
  }
}

/** An agent that knows no variables, or has no folder open, passes on nothing or the variable as it is written in its file. */
function workspaceOf(options: ParsedCommand["options"]): string {
  const given = options.text("workspace") ?? process.env["HEIRLOOM_WORKSPACE"] ?? "";
  return given === "" || /^\$\{\w+\}$/u.test(given) ? process.cwd() : given;
}

function portOf(options: ParsedCommand["options"]): { readonly port?: number } {
  const port = options.integer("port");
  if (port === undefined) return {};
  if (port < 0 || port > 65_535) throw new UsageError(`--port takes a number from 0 to 65535, not ${port}`);
  return { port };
}

async function opened(options: HostOptions): Promise<Host> {
  const { openHost } = await import("../serve/openHost.ts");
  return openHost(options);
}

function profilesOf(list: string): readonly Profile[] {
  if (list === "all") return PROFILES;
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !PROFILES.some((profile) => profile === name));
  if (unknown !== undefined) throw new UsageError(`--profile takes ${PROFILES.join(",")} or all, not "${unknown}"`);
  return PROFILES.filter((profile) => names.includes(profile));
}
