import type {
  AgentId,
  AgentPlaces,
  AgentState,
  AppliedConnection,
  ConnectionPlan,
  UndoneConnection,
} from "./connection.ts";
import type { LauncherPlaces, LauncherState } from "./launcher.ts";

/**
 * Connects agents outside VS Code to Heirloom by the files that they read. Planning writes nothing; what `planConnection` gives is shown, and
 * `applyConnection` writes exactly that or refuses.
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

export type ConnectAgents = (places: AgentPlaces) => AgentConnections;
