import { existsSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { type AgentConnections, connectAgents } from "../serve/agents/connectAgents.ts";
import { AGENT_IDS, type AgentId, type AgentState, type ConnectionPlan } from "../serve/agents/connection.ts";
import { packageFolder } from "../serve/agents/packageFolder.ts";
import { HeirloomError } from "../contract/errors.ts";
import { type Options, UsageError } from "./parseCommand.ts";
import { note, print, printable, printJson } from "./printing.ts";

/** Shows what would be written for one agent, asks, and writes it; or takes it away again. */
export async function connectAgent(dataFolder: string, name: string | undefined, options: Options): Promise<void> {
  const connections = connectAgents({ dataFolder, extensionFolder: packageFolder() });
  if (name === undefined) return list(connections, options);
  const agent = AGENT_IDS.find((one) => one === name);
  if (agent === undefined) throw new UsageError(`There is no agent "${name}"; known are ${AGENT_IDS.join(", ")}.`);
  if (options.flag("undo")) return undo(connections, agent, options);

  const plan = await connections.plan(agent);
  const json = options.flag("json");
  if (options.flag("dry-run")) {
    if (json) printJson(plan);
    else show(plan);
    return;
  }
  if (!json) show(plan);
  if (plan.status !== "connected" && !(options.flag("yes") || (await agreed(plan, json)))) {
    note("Nothing was written.");
    return;
  }
  const applied = await connections.apply(plan, { replace: options.flag("replace") });
  if (json) {
    printJson({ ...applied, status: plan.status, notes: plan.notes });
    return;
  }
  for (const backup of applied.backups) print(`What stood there before is kept as ${printable(backup)}`);
  if (applied.written.length === 0) return;
  print(`${plan.label} is connected. ${plan.notes.join(" ")}`);
  print(`To undo: heirloom connect ${agent} --undo`);
}

async function list(connections: AgentConnections, options: Options): Promise<void> {
  const agents = await connections.listAgents();
  if (options.flag("json")) {
    printJson({ agents });
    return;
  }
  const width = Math.max(...agents.map(({ id }) => id.length));
  for (const agent of agents) {
    print(printable(`${agent.id.padEnd(width)}  ${stateText(agent)}${agent.installed ? "" : ", not seen here"}`));
    if (agent.problem !== undefined) print(printable(`${" ".repeat(width)}  ${agent.problem}`));
  }
}

function stateText({ status, files: [file = ""] }: AgentState): string {
  switch (status) {
    case "new":
      return `not connected (${file})`;
    case "connected":
      return `connected by ${file}`;
    case "outdated":
      return `connected by an earlier version; connect it again (${file})`;
    case "conflict":
      return `${file} has a "heirloom" of another origin`;
    case "unusable":
      return `${file} cannot be used`;
  }
}

function show({ label, status, preview, changes }: ConnectionPlan): void {
  if (status === "connected") {
    print(`${label} is connected already; nothing is to be written.`);
    return;
  }
  print(printable(preview));
  for (const { status: one, file } of changes) {
    if (one === "conflict")
      note(printable(`${file} has a "heirloom" that Heirloom did not write; --replace replaces it.`));
  }
}

async function agreed({ label }: ConnectionPlan, json: boolean): Promise<boolean> {
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) {
    throw new HeirloomError(
      "INVALID_INPUT",
      `Nothing was written. To write this for ${label}, run it again with --yes.`,
    );
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/iu.test((await asking.question("Write this? [y/N] ")).trim());
  } finally {
    asking.close();
  }
}

async function undo(connections: AgentConnections, agent: AgentId, options: Options): Promise<void> {
  const undone = await connections.undo(agent);
  if (options.flag("json")) {
    printJson(undone);
    return;
  }
  for (const file of undone.restored)
    print(printable(`${file} is ${existsSync(file) ? "as it was" : "gone, as it was before"}`));
  for (const file of undone.cleaned)
    print(printable(`${file} was changed since; only what is Heirloom's was taken out`));
  if (undone.restored.length + undone.cleaned.length === 0) print("Nothing of Heirloom's was left there.");
}
