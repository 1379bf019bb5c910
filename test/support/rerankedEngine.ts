import { join } from "node:path";
import type { LogLevel } from "../../src/engine/ports.ts";
import { type Settings, settingsSchema } from "../../src/contract/settings.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { createNodeGit } from "../../src/serve/nodeGit.ts";
import { nodePeers } from "../../src/serve/nodePeers.ts";
import { ParsePool } from "../../src/worker/parsePool.ts";
import { openNodeEngine, parseWorkerPath } from "../../src/serve/openNodeEngine.ts";
import { prepareDataFolder } from "../../src/serve/prepareDataFolder.ts";
import type { ComputePool } from "../../src/worker/computePool.ts";
import { computePool } from "./computePool.ts";
import { temporaryFolder, TestRepository } from "./repository.ts";

/** A real engine with a compute thread that the test can see, on memories that it is given. */
export class RerankedEngine {
  readonly folder: string;
  /** What was logged, oldest first. */
  readonly logged: { readonly level: LogLevel; readonly message: string; readonly why: unknown }[] = [];
  readonly #remove: () => void;
  #engine: Engine | undefined;
  #pool: ComputePool | undefined;

  constructor() {
    const { folder, remove } = temporaryFolder("reranked");
    this.folder = folder;
    this.#remove = remove;
    TestRepository.init(join(folder, "workspace")).commit("README.md");
  }

  get engine(): Engine {
    if (this.#engine === undefined) throw new Error("open it first");
    return this.#engine;
  }

  get pool(): ComputePool {
    if (this.#pool === undefined) throw new Error("open it first");
    return this.#pool;
  }

  async open(settings: Partial<Settings>, pool: ComputePool = computePool()): Promise<void> {
    await this.#close();
    this.#pool = pool;
    const dataFolder = join(this.folder, "data");
    await prepareDataFolder(dataFolder);
    this.#engine = await openNodeEngine(
      {
        settings: settingsSchema.parse({ embedding: "none", queryTimeoutMs: 20_000, ...settings }),
        git: createNodeGit(),
        logger: { log: (level, message, fields) => this.logged.push({ level, message, why: fields?.["why"] }) },
        peers: nodePeers(Promise.resolve({ url: "http://127.0.0.1:9/", token: "nobody calls" })),
        compute: pool,
        parser: new ParsePool(parseWorkerPath),
      },
      { workspace: join(this.folder, "workspace"), dataFolder, longLived: false },
    );
  }

  /** Oldest first, a second apart. */
  async remember(...contents: readonly string[]): Promise<void> {
    async function* lines(): AsyncGenerator<string> {
      for (const [at, content] of contents.entries())
        yield JSON.stringify({
          ...{ content, eventType: "note", scope: "repo" },
          timestamp: new Date(1.7e12 + 1000 * at).toISOString(),
        });
    }
    await this.engine.importLines(lines(), { dedupe: "none" }, {});
  }

  async close(): Promise<void> {
    await this.#close();
    this.#remove();
  }

  async #close(): Promise<void> {
    await this.#engine?.close();
    await this.#pool?.close();
  }
}
