import { randomUUID } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { HeirloomError } from "../../contract/errors.ts";
import { type AgentId, AGENT_IDS } from "./connection.ts";
import { ABSENT, decode, readState, replaceFile } from "./configFile.ts";

const fileRecord = z.object({
  file: z.string(),
  /** The keys that lead to the entry; absent where the whole file is ours. */
  path: z.array(z.string()).optional(),
  /** What was written there, so that it is known again. */
  entry: z.record(z.string(), z.unknown()).optional(),
  /** Fingerprint of the file after writing. */
  written: z.string(),
  /** The file's name among the backups, and absent where there was no file. */
  backup: z.string().optional(),
  /** Whether what stood before is free of ours, so that it may come back byte for byte. */
  restorable: z.boolean(),
  /** What had our name before. */
  replaced: z.unknown().optional(),
  /** How many keys of the path were there before. */
  kept: z.number().int().nonnegative(),
  /** Folders that were made for it, the innermost first. */
  madeFolders: z.array(z.string()).default([]),
});
export type FileRecord = z.infer<typeof fileRecord>;

const recordsShape = z.object({
  version: z.literal(1),
  agents: z.partialRecord(z.enum(AGENT_IDS), z.array(fileRecord)),
});

/** Of one agent, besides those that undoing needs. */
const BACKUPS_KEPT = 20;

/** What was written for whom, with copies of what stood there before: `agents` in the data folder. */
export class ConnectionRecords {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, "agents");
  }

  /** UNSUPPORTED_VERSION where a later version of Heirloom wrote them. */
  async of(agent: AgentId): Promise<readonly FileRecord[]> {
    return (await this.#read()).agents[agent] ?? [];
  }

  async save(agent: AgentId, files: readonly FileRecord[]): Promise<void> {
    const { fingerprint } = await readState(this.#file);
    const { [agent]: _old, ...others } = (await this.#read()).agents;
    const agents = files.length === 0 ? others : { ...others, [agent]: files };
    await replaceFile(
      this.#file,
      Buffer.from(`${JSON.stringify({ version: 1, agents }, undefined, 2)}\n`),
      fingerprint,
    );
  }

  /** Keeps a copy, and gives its name for `backup`. Of those that no record needs the newest stay: there may be secrets in them. */
  async keep(agent: AgentId, file: string, bytes: Uint8Array): Promise<string> {
    const time = new Date().toISOString().replace(/[-:]|\.\d+/gu, "");
    const name = `${agent}-${time}-${randomUUID().slice(0, 8)}-${basename(file)}`;
    await replaceFile(this.backupPath(name), bytes, ABSENT);
    const needed = (await this.of(agent)).map(({ backup }) => backup);
    const others = (await readdir(dirname(this.backupPath(name))))
      .filter((one) => one.startsWith(`${agent}-2`) && one !== name && !needed.includes(one))
      .toSorted();
    for (const old of others.slice(0, Math.max(0, others.length - BACKUPS_KEPT))) await rm(this.backupPath(old));
    return name;
  }

  backupPath(name: string): string {
    return join(this.#folder, "backups", basename(name));
  }

  get #file(): string {
    return join(this.#folder, "connections.json");
  }

  async #read(): Promise<z.infer<typeof recordsShape>> {
    const { bytes } = await readState(this.#file);
    const none = { version: 1, agents: {} } as const;
    if (bytes === undefined) return none;
    let value: unknown;
    try {
      value = JSON.parse(decode(this.#file, bytes));
    } catch {
      // Without records what is ours is still known by its launcher.
      return none;
    }
    const parsed = recordsShape.safeParse(value);
    if (parsed.success) return parsed.data;
    const version = z.object({ version: z.number() }).safeParse(value).data?.version;
    if (version === undefined || version === 1) return none;
    throw new HeirloomError(
      "UNSUPPORTED_VERSION",
      `${this.#file} was written by a later version of Heirloom. Update this one, or take that file away.`,
      { file: this.#file },
    );
  }
}
