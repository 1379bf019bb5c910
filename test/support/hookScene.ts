import { join } from "node:path";
import type { HookAnswer, HookEventName, HookInput } from "../../src/contract/hooks.ts";
import { type Host, openHost } from "../../src/serve/openHost.ts";
import { temporaryFolder, TestRepository } from "./repository.ts";

/** A repository, the engine that a running process has over it, and an agent's hooks that ask that. */
export class HookScene {
  readonly repository: TestRepository;
  readonly dataFolder: string;
  readonly #remove: () => void;
  #host: Host | undefined;

  constructor(name: string) {
    const { folder, remove } = temporaryFolder(name);
    this.#remove = remove;
    this.repository = TestRepository.init(join(folder, "shop"));
    this.dataFolder = join(folder, "data");
  }

  get engine(): Host["engine"] {
    if (this.#host === undefined) throw new Error("open() comes first");
    return this.#host.engine;
  }

  /** Again too: what was opened before is closed. */
  async open(longLived = true): Promise<void> {
    await this.#host?.close();
    this.#host = await openHost({
      workspace: this.repository.root,
      dataFolder: this.dataFolder,
      profiles: ["core"],
      rateLimited: false,
      longLived,
    });
  }

  async close(): Promise<void> {
    await this.#host?.close();
    this.#remove();
  }

  /** As Claude Code calls it, in the repository. */
  hook(event: HookEventName, input: Partial<HookInput> = {}, session = "one-session"): Promise<HookAnswer> {
    const { root } = this.repository;
    const given = { session_id: session, cwd: root, ...input };
    return this.engine.hooks.hook(event, given, { workspace: root, agent: "claude-code" });
  }

  /** The id of what is remembered. */
  async remember(kind: string, content: string, more: object = {}): Promise<string> {
    return (await this.engine.capture({ eventType: kind, kind, content, ...more }, {})).id;
  }

  async memories(filters: object = {}, more: object = {}) {
    return (await this.engine.retrieve({ query: "", filters: { ...filters }, limit: 50, ...more }, {})).memories;
  }
}

/** A file of two functions, and what was tried in one of them. */
export const MONEY = `export function cents(amount: string): number {
  const [whole = "0", part = "0"] = amount.split(".");
  return Number(whole) * 100 + Number(part);
}

export function format(cents: number): string {
  return \`\${cents / 100} €\`;
}
`;
export const FLOATS = MONEY.replace("Number(whole) * 100 + Number(part)", "Number.parseFloat(amount) * 100");
