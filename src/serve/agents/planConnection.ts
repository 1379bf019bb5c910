import { isDeepStrictEqual } from "node:util";
import { claudePluginFiles } from "./claudePlugin.ts";
import { ABSENT, decode, fingerprintOf, readState } from "./configFile.ts";
import type { Entry } from "./configText.ts";
import type { ConnectionPlan, FileChange } from "./connection.ts";
import type { ConnectionRecords, FileRecord } from "./connectionRecords.ts";
import type { AgentSurroundings, KnownAgent } from "./knownAgents.ts";
import { launcherPath } from "./launcher.ts";
import { unifiedDiff } from "./unifiedDiff.ts";

export interface PlanningPlaces extends AgentSurroundings {
  readonly dataFolder: string;
  readonly extensionFolder: string;
}

/** The name that Heirloom has among an agent's servers. */
export const ENTRY_NAME = "heirloom";

export async function planConnection(
  agent: KnownAgent,
  places: PlanningPlaces,
  records: ConnectionRecords,
): Promise<ConnectionPlan> {
  const known = await records.of(agent.id);
  const changes = [await planEntry(agent, places, known)];
  const notes = [agent.afterwards];
  if (agent.id === "claude-code") {
    const plugin = await planPlugin(places, known);
    changes.push(...plugin);
    if (plugin.length > 0) notes.push("The hooks need Claude Code 2.1.157 or later; earlier ones pass them over.");
  }
  return {
    agent: agent.id,
    label: agent.label,
    status:
      (["conflict", "outdated", "new"] as const).find((one) => changes.some(({ status }) => status === one)) ??
      "connected",
    changes,
    preview: changes.map(({ file, before, after }) => unifiedDiff(file, before, after)).join(""),
    notes,
  };
}

/** Where our entry is, or would be, in the agent's file, and what stands there. INVALID_INPUT, FORBIDDEN_PATH */
export async function findEntry(
  agent: KnownAgent,
  where: AgentSurroundings,
): Promise<{
  readonly file: string;
  readonly before?: string;
  readonly fingerprint: string;
  readonly path: readonly string[];
  readonly standing: unknown;
}> {
  const [first = "", ...others] = agent.files(where);
  let file = first;
  let state = await readState(file);
  for (const other of others) {
    if (state.bytes !== undefined) break;
    const next = await readState(other);
    if (next.bytes !== undefined) [file, state] = [other, next];
  }
  const before = state.bytes === undefined ? undefined : decode(file, state.bytes);
  const source = { file, text: before ?? "" };
  const get = (path: readonly string[]): unknown => agent.format.get(source, path);
  const path = [...agent.holder(get), ENTRY_NAME];
  return {
    file,
    ...(before === undefined ? {} : { before }),
    fingerprint: state.fingerprint,
    path,
    standing: get(path),
  };
}

/** Ours is what runs our launcher, and what the records say that we wrote. */
export function isOurs(standing: unknown, launcher: string, known: readonly FileRecord[]): boolean {
  if (typeof standing !== "object" || standing === null) return false;
  const words = Object.values(standing).flat();
  return words.includes(launcher) || known.some(({ entry }) => entry !== undefined && isSame(standing, entry));
}

/**
 * What the agent is to run. Agents on Windows start no scripts by themselves. Without `call` in front cmd.exe takes the quotes off a path that
 * holds such as "(" or "&": `cmd /?`.
 */
function entryFor(agent: KnownAgent, launcher: string, platform: NodeJS.Platform): Entry {
  return platform === "win32"
    ? agent.entry("cmd", ["/d", "/c", "call", launcher, "mcp"])
    : agent.entry(launcher, ["mcp"]);
}

async function planEntry(agent: KnownAgent, places: PlanningPlaces, known: readonly FileRecord[]): Promise<FileChange> {
  const { file, before, fingerprint, path, standing } = await findEntry(agent, places);
  const launcher = launcherPath(places.dataFolder, places.platform);
  const wanted = entryFor(agent, launcher, places.platform);
  const common = {
    file,
    path,
    purpose: `${agent.label} gets Heirloom's tools`,
    fingerprint,
    ...(before === undefined ? {} : { before }),
  };
  const write = (entry: Entry): string => agent.format.set({ file, text: before ?? "" }, path, entry);
  if (standing === undefined) return { ...common, status: "new", after: write(wanted) };
  if (!isOurs(standing, launcher, known)) {
    return { ...common, status: "conflict", after: write(wanted), standing: JSON.stringify(standing, undefined, 2) };
  }
  const merged = withAdditions(standing as Entry, wanted);
  const isCurrent = isSame(standing, merged);
  return isCurrent
    ? { ...common, status: "connected", after: before ?? "" }
    : { ...common, status: "outdated", after: write(merged) };
}

/** Parsers give tables without a prototype, which would tell them from ours. */
const isSame = (left: unknown, right: unknown): boolean =>
  isDeepStrictEqual(structuredClone(left), structuredClone(right));

/** What the user has added to our entry, such as a timeout or a variable of the environment, stays. */
function withAdditions(standing: Entry, wanted: Entry): Entry {
  const isGroup = (value: unknown): value is Entry =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const groups = Object.entries(wanted).flatMap(([key, value]) => {
    const there = standing[key];
    return isGroup(value) && isGroup(there) ? [[key, { ...there, ...value }] as const] : [];
  });
  return { ...standing, ...wanted, ...Object.fromEntries(groups) };
}

/** The plugin's files, each whole. */
async function planPlugin(places: PlanningPlaces, known: readonly FileRecord[]): Promise<readonly FileChange[]> {
  const launcher = launcherPath(places.dataFolder, places.platform);
  const files = await claudePluginFiles(places.extensionFolder, launcher, places);
  return Promise.all(
    files.map(async ({ file, text }) => {
      const { bytes, fingerprint } = await readState(file);
      const common = { file, purpose: "Claude Code gets Heirloom's hooks and its skill", after: text, fingerprint };
      if (fingerprint === ABSENT || bytes === undefined) return { ...common, status: "new" } as const;
      const before = decode(file, bytes);
      if (fingerprint === fingerprintOf(Buffer.from(text))) return { ...common, status: "connected", before } as const;
      const wasOurs = known.some((record) => record.file === file && record.written === fingerprint);
      return wasOurs
        ? ({ ...common, status: "outdated", before } as const)
        : ({ ...common, status: "conflict", before, standing: before } as const);
    }),
  );
}
