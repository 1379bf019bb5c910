import { homedir } from "node:os";
import { toErrorShape } from "../../contract/errors.ts";
import { applyConnection } from "./applyConnection.ts";
import { exists } from "./configFile.ts";
import type {
  AgentId,
  AgentPlaces,
  AgentState,
  AppliedConnection,
  ConnectionPlan,
  UndoneConnection,
} from "./connection.ts";
import { ConnectionRecords } from "./connectionRecords.ts";
import { KNOWN_AGENTS, type KnownAgent } from "./knownAgents.ts";
import { ensureLauncher, type LauncherPlaces, type LauncherState, refreshLauncher } from "./launcher.ts";
import { planConnection, type PlanningPlaces } from "./planConnection.ts";
import { refreshPlugin } from "./refreshPlugin.ts";
import { undoConnection } from "./undoConnection.ts";

/**
 * Connects agents outside VS Code to Heirloom by the files that they read. Planning writes nothing; what `plan` gives is shown, and `apply`
 * writes exactly that or refuses.
 */
export interface AgentConnections {
  /** All known agents, those that seem to be installed first. Never throws for what stands in their files. */
  listAgents(): Promise<readonly AgentState[]>;
  /** INVALID_INPUT where a file cannot be understood, FORBIDDEN_PATH where it cannot be read. */
  plan(agent: AgentId): Promise<ConnectionPlan>;
  /**
   * Writes what the plan shows, and makes sure that the launcher is there. `replace` is needed for a conflict. INVALID_INPUT where a file has
   * changed since the plan was made or a conflict was not answered; FORBIDDEN_PATH and STORAGE_FULL where it cannot be written. Where one file
   * of several fails, those written before are put back.
   */
  apply(plan: ConnectionPlan, options?: { readonly replace?: boolean }): Promise<AppliedConnection>;
  /** NOT_FOUND where nothing of ours is connected. */
  undo(agent: AgentId): Promise<UndoneConnection>;
  /** At activation: the launcher and the copied plugin follow the extension that runs now. Cheap where nothing changed. */
  refreshLauncher(options: Pick<LauncherPlaces, "runtime">): Promise<LauncherState>;
}

export function connectAgents(given: AgentPlaces): AgentConnections {
  const places: PlanningPlaces = {
    dataFolder: given.dataFolder,
    extensionFolder: given.extensionFolder,
    home: given.home ?? homedir(),
    platform: given.platform ?? process.platform,
    environment: given.environment ?? process.env,
  };
  const records = new ConnectionRecords(places.dataFolder);
  const plan = (agent: AgentId): Promise<ConnectionPlan> => planConnection(knownAgent(agent), places, records);

  return {
    plan,

    async listAgents() {
      const states = await Promise.all(
        KNOWN_AGENTS.map(async (agent): Promise<AgentState> => {
          const { id, label } = agent;
          const installed = (await Promise.all(agent.traces(places).map(exists))).includes(true);
          let undoable = true;
          try {
            undoable = (await records.of(id)).length > 0;
            const { status, changes } = await plan(id);
            undoable ||= status === "connected" || status === "outdated";
            return { id, label, installed, status, undoable, files: changes.map(({ file }) => file) };
          } catch (error) {
            const problem = toErrorShape(error).message;
            const files = agent.files(places).slice(0, 1);
            return { id, label, installed, status: "unusable", problem, undoable, files };
          }
        }),
      );
      return states.toSorted((left, right) => Number(right.installed) - Number(left.installed));
    },

    async apply(shown, options) {
      await ensureLauncher({ ...places, runtime: process.execPath });
      return applyConnection(knownAgent(shown.agent), shown, records, options);
    },

    undo: (agent) => undoConnection(knownAgent(agent), places, records),

    async refreshLauncher({ runtime }) {
      const state = await refreshLauncher({ ...places, runtime });
      await refreshPlugin(places, records);
      return state;
    },
  };
}

function knownAgent(id: AgentId): KnownAgent {
  const agent = KNOWN_AGENTS.find((one) => one.id === id);
  if (agent === undefined) throw new Error(`No agent ${id}`);
  return agent;
}
