import * as vscode from "vscode";
import { HeirloomError } from "../../contract/errors.ts";
import type { AgentConnections } from "../../serve/agents/connectAgents.ts";
import type { AgentId, AgentState, ConnectionPlan } from "../../serve/agents/connection.ts";
import { defaultDataFolder } from "../../serve/dataFolder.ts";
import { type Disposable, together } from "../contributions.ts";
import { counted } from "../../contract/counted.ts";
import type { Services } from "../services.ts";
import { registerCommand } from "./runCommand.ts";

const PREVIEW_SCHEME = "heirloom-plan";
const HEADING = "What will be written. Nothing is before you choose above.";
/** The picker hangs over the first lines of the editor, and what it asks about has to be read. */
const LINES_UNDER_PICKER = 6;
/** Milliseconds after activation: the launcher can wait until the editor has settled. */
const REFRESH_AFTER_MS = 3_000;

/** `connectClaudeCode`, `connectAgent` and `disconnectAgent`: what will be written is shown first, and can be taken back. */
export function registerAgentCommands({ log, context }: Services): Disposable {
  const previews = new Map<string, string>();
  // Parsers of agents' configuration files are loaded when somebody connects one.
  const connections = async (): Promise<AgentConnections> => {
    const { connectAgents } = await import("../../serve/agents/connectAgents.ts");
    return connectAgents({ dataFolder: defaultDataFolder(), extensionFolder: context.extensionPath });
  };
  let refresh: NodeJS.Timeout | undefined;
  const refreshLater = (): void => {
    refresh = setTimeout(() => {
      connections()
        .then((agents) => agents.refreshLauncher({ runtime: process.execPath }))
        .then(({ path, changed }) => {
          if (changed) log.info(`Agents start Heirloom by ${path}`);
        })
        .catch((error: unknown) => log.warn(`The launcher could not be written: ${String(error)}`));
    }, REFRESH_AFTER_MS);
  };
  if (vscode.workspace.isTrusted) refreshLater();

  const connect = async (agent: AgentId): Promise<void> => {
    const agents = await connections();
    const plan = await agents.plan(agent);
    if (plan.changes.every(({ before, after }) => before === after)) {
      void vscode.window.showInformationMessage(`${plan.label} is connected already.`);
      return;
    }
    const answer = await confirm(plan, previews);
    if (answer === undefined) return;
    const { written, backups } = await agents.apply(plan, { replace: answer === "replace" });
    log.info(`Connected ${plan.label}: wrote ${written.join(", ")}; backups ${backups.join(", ")}`);
    const said = [`${plan.label} is connected.`, ...plan.notes].join(" ");
    if ((await vscode.window.showInformationMessage(said, "Undo")) === "Undo") await disconnect(agent, plan.label);
  };
  const disconnect = async (agent: AgentId, label: string): Promise<void> => {
    const { restored, cleaned } = await (await connections()).undo(agent);
    log.info(`Disconnected ${label}: restored ${restored.join(", ")}; cleaned ${cleaned.join(", ")}`);
    const left = restored.length + cleaned.length > 0;
    void vscode.window.showInformationMessage(
      left ? `${label} is as it was before.` : `Nothing of Heirloom's was left in the files of ${label}.`,
    );
  };

  return together(
    () => clearTimeout(refresh),
    vscode.workspace.onDidGrantWorkspaceTrust(refreshLater),
    vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, {
      provideTextDocumentContent: ({ path }) => previews.get(path) ?? "",
    }),
    registerCommand(log, "heirloom.connectClaudeCode", async () => connect("claude-code")),
    registerCommand(log, "heirloom.connectAgent", async () => {
      const all = await (await connections()).listAgents();
      const chosen = await chooseAgent(all, "Connect Which Agent?", "What will be written is shown first");
      if (chosen !== undefined) await connect(chosen.id);
    }),
    registerCommand(log, "heirloom.disconnectAgent", async () => {
      const all = await (await connections()).listAgents();
      const connected = all.filter(({ undoable }) => undoable);
      if (connected.length === 0) throw new HeirloomError("NOT_FOUND", "No agent was connected by Heirloom.");
      const chosen = await chooseAgent(
        connected,
        "Disconnect Which Agent?",
        "What Heirloom wrote is taken out; what somebody changed since stays",
      );
      if (chosen !== undefined) await disconnect(chosen.id, chosen.label);
    }),
  );
}

async function chooseAgent(
  agents: readonly AgentState[],
  title: string,
  placeHolder: string,
): Promise<AgentState | undefined> {
  const items = agents.map((agent) => ({
    label: agent.label,
    description: [agent.installed ? "found here" : undefined, agent.status === "new" ? undefined : agent.status]
      .filter((part) => part !== undefined)
      .join(" · "),
    detail: agent.problem ?? agent.files.join(", "),
    agent,
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.agent;
}

/** Shows the plan as a diff in an editor and asks; undefined when the person would rather not. */
async function confirm(plan: ConnectionPlan, previews: Map<string, string>): Promise<"write" | "replace" | undefined> {
  const uri = vscode.Uri.from({
    scheme: PREVIEW_SCHEME,
    path: `/Connect ${plan.label}.diff`,
    query: String(Date.now()),
  });
  previews.set(uri.path, `${"\n".repeat(LINES_UNDER_PICKER)}${HEADING}\n\n${plan.preview}`);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(document, "diff"), {
    preview: true,
  });
  const conflict = plan.changes.find(({ status }) => status === "conflict");
  const files = counted(plan.changes.length, "file", "files");
  const answers = [
    {
      label: conflict === undefined ? `$(check) Write ${files}` : `$(warning) Write ${files} and replace what is there`,
      detail:
        conflict === undefined
          ? "A copy of what stands there now is kept, and this can be undone."
          : `Something else is called heirloom in ${conflict.file}. A copy of it is kept, and this can be undone.`,
      answer: conflict === undefined ? ("write" as const) : ("replace" as const),
    },
    { label: "$(close) Leave everything as it is", answer: undefined },
  ];
  // A dialog would hide what it asks about.
  const chosen = await vscode.window.showQuickPick(answers, {
    title: `Connect ${plan.label}`,
    placeHolder: "The editor shows what will be written",
    ignoreFocusOut: true,
  });
  await closeTabs(uri);
  return chosen?.answer;
}

async function closeTabs(uri: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(
    tabs.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  );
}
