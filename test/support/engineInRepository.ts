import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { BrowseQuery } from "../../src/contract/explore.ts";
import type { CaptureInput } from "../../src/contract/tools.ts";
import { type Host, openHost } from "../../src/serve/openHost.ts";
import { temporaryFolder, TestRepository } from "./repository.ts";

/** A real engine on a real repository of one commit, in a temporary folder of its own. */
export class EngineInRepository {
  readonly repository: TestRepository;
  readonly dataFolder: string;
  readonly #remove: () => void;
  #host: Host;

  private constructor(repository: TestRepository, dataFolder: string, host: Host, remove: () => void) {
    this.repository = repository;
    this.dataFolder = dataFolder;
    this.#host = host;
    this.#remove = remove;
  }

  /** Without git: `bare` is a folder that is no repository. */
  static async open(
    name: string,
    kind: "repository" | "bare" = "repository",
    settings?: object,
  ): Promise<EngineInRepository> {
    const { folder, remove } = temporaryFolder(name);
    const root = join(folder, "workspace");
    const repository = TestRepository.init(kind === "bare" ? join(folder, "unused") : root);
    if (kind === "bare") repository.at(root).write("README.md", "no repository\n");
    else repository.commit("README.md");
    const dataFolder = join(folder, "data");
    if (settings !== undefined) {
      mkdirSync(dataFolder, { mode: 0o700 });
      writeFileSync(join(dataFolder, "settings.json"), JSON.stringify(settings));
    }
    const opened = kind === "bare" ? repository.at(root) : repository;
    return new EngineInRepository(opened, dataFolder, await openHere(opened.root, dataFolder), remove);
  }

  get engine(): Host["engine"] {
    return this.#host.engine;
  }

  get explore(): Host["engine"]["explore"] {
    return this.#host.engine.explore;
  }

  /** In its place one that lives on, as that of an editor does. */
  async liveOn(): Promise<void> {
    await this.#host.close();
    this.#host = await openHere(this.repository.root, this.dataFolder, true);
  }

  /** Another window on the same store: it follows the one that owns it. */
  another(): Promise<Host> {
    return openHere(this.repository.root, this.dataFolder);
  }

  /** With these settings from then on; without, with those that there are. */
  async reopen(settings?: object): Promise<void> {
    await this.#host.close();
    if (settings !== undefined) writeFileSync(join(this.dataFolder, "settings.json"), JSON.stringify(settings));
    this.#host = await this.another();
  }

  /** Everything that is made of the journal is gone when the store is opened again. */
  loseCache(): void {
    for (const name of readdirSync(this.dataFolder, { recursive: true, encoding: "utf8" }))
      if (basename(name) === "cache") rmSync(join(this.dataFolder, name), { recursive: true });
  }

  async remember(content: string, more: Partial<CaptureInput> = {}, agent = "tester"): Promise<string> {
    const captured = await this.engine.capture(
      { eventType: "note", scope: "lineage", dedupe: "none", content, ...more },
      { agent },
    );
    return captured.id;
  }

  async import(lines: readonly object[]): Promise<void> {
    async function* texts(): AsyncGenerator<string> {
      for (const line of lines) yield JSON.stringify(line);
    }
    const { problems } = await this.engine.importLines(texts(), { dedupe: "none" }, {});
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
  }

  async exported(): Promise<readonly object[]> {
    const lines: object[] = [];
    for await (const line of this.engine.exportLines({})) lines.push(JSON.parse(line) as object);
    return lines;
  }

  async close(): Promise<void> {
    await this.#host.close();
    this.#remove();
  }
}

/** A question with everything that a test does not name filled in. */
export const asking = (given: Partial<BrowseQuery> = {}): BrowseQuery => ({
  text: "",
  facets: {},
  visibility: "all",
  order: "best",
  limit: 50,
  ...given,
});

const openHere = (workspace: string, dataFolder: string, longLived = false): Promise<Host> =>
  openHost({ workspace, dataFolder, profiles: ["core"], rateLimited: false, longLived, logLevel: "error" });
