import type { ExplorerState } from "../contract/explorer.ts";
import type { FolderState, WindowApi, WindowFolder } from "../contract/window.ts";
import type { EngineOwner } from "./engine/engineOwner.ts";
import { Listeners } from "./listeners.ts";

/** What is known of a folder without asking the engine again. */
export interface FolderFacts {
  readonly branch?: string;
  readonly head?: string;
  /** Memories that HEAD inherits. */
  readonly visible?: number;
  /** Those of them whose code has changed since. */
  readonly drifted?: number;
  /** History is being read. */
  readonly learning?: { readonly commitsRead: number };
}

/** Milliseconds in which changes are gathered before the engine is asked for its counts again. */
const GATHER_MS = 120;

/** What the window shows of itself: its folders, which of them is active, where their HEADs are, how much is visible. */
export class WindowModel {
  readonly #engine: EngineOwner;
  readonly #changes: Listeners<undefined>;
  readonly #onFailure: (error: unknown) => void;
  readonly #states = new Map<string, FolderState>();
  readonly #facts = new Map<string, FolderFacts>();
  readonly #asking = new Map<string, NodeJS.Timeout>();
  readonly #ends: readonly (() => void)[];
  #folders: readonly WindowFolder[] = [];
  #active: string | undefined;
  #trusted: boolean;

  constructor(engine: EngineOwner, trusted: boolean, onFailure: (error: unknown) => void) {
    this.#engine = engine;
    this.#trusted = trusted;
    this.#onFailure = onFailure;
    this.#changes = new Listeners(onFailure);
    this.#ends = [
      engine.on("folder", (state) => {
        this.#states.set(state.path, state);
        if (state.state === "open") this.refresh(state.path);
        this.#changed();
      }),
      engine.on("learning", ({ path, commitsRead }) => {
        // Learning that was cancelled reports until it notices.
        if (this.facts(path).learning !== undefined) this.#note(path, { learning: { commitsRead } });
      }),
      engine.on("changed", ({ path }) => this.refresh(path)),
      engine.onStatus((status) => {
        if (status.state !== "running") this.#states.clear();
        this.#changed();
      }),
    ];
  }

  get trusted(): boolean {
    return this.#trusted;
  }
  get folders(): readonly WindowFolder[] {
    return this.#folders;
  }
  get activeFolder(): string | undefined {
    return this.#active;
  }

  /** After anything here is different. The returned function ends it. */
  onChange(listener: () => void): () => void {
    return this.#changes.add(listener);
  }

  trust(): void {
    this.#trusted = true;
    this.#changed();
  }

  setFolders(folders: readonly WindowFolder[]): void {
    this.#folders = folders;
    const known = new Set(folders.map(({ path }) => path));
    for (const path of this.#states.keys()) if (!known.has(path)) this.#states.delete(path);
    for (const path of this.#facts.keys()) if (!known.has(path)) this.#facts.delete(path);
    if (this.#active === undefined || !known.has(this.#active)) this.#active = folders[0]?.path;
    this.#changed();
  }

  /** Ignores what is no folder of the window. */
  setActive(path: string): void {
    if (path === this.#active || !this.#folders.some((folder) => folder.path === path)) return;
    this.#active = path;
    this.#changed();
    this.refresh(path);
    // What it is opened with may have been said already while it starts.
    const { state } = this.#engine.status;
    if (state === "running" || state === "starting")
      this.#engine
        .api()
        .then((api) => api.setActiveFolder(path))
        .catch(this.#onFailure);
  }

  facts(path: string | undefined = this.#active): FolderFacts {
    return (path === undefined ? undefined : this.#facts.get(path)) ?? {};
  }

  stateOf({ path, name }: WindowFolder): FolderState {
    return this.#states.get(path) ?? { path, name, state: "opening" };
  }

  /** From here on until `learned` the folder's history is being read. */
  learns(path: string): void {
    this.#note(path, { learning: { commitsRead: 0 } });
  }

  learned(path: string): void {
    const { learning: _, ...facts } = this.#facts.get(path) ?? {};
    this.#facts.set(path, facts);
    this.#changed();
  }

  /** Asks the engine where HEAD is and what is visible, once for all that happens within a moment; `now` waits for nothing more. */
  refresh(path: string, now = false): void {
    if (this.#asking.has(path) && !now) return;
    clearTimeout(this.#asking.get(path));
    const ask = (): void => {
      this.#asking.delete(path);
      this.#ask(path).catch(this.#onFailure);
    };
    this.#asking.set(path, setTimeout(ask, now ? 0 : GATHER_MS));
  }

  /** As the explorer is told. */
  explorerState(): ExplorerState {
    const { branch, head, learning } = this.facts();
    return {
      trust: this.#trusted ? "trusted" : "restricted",
      folders: this.#folders.map((folder) => this.stateOf(folder)),
      ...(this.#active === undefined ? {} : { activeFolder: this.#active }),
      ...(branch === undefined ? {} : { branch }),
      ...(head === undefined ? {} : { head }),
      ...(learning === undefined ? {} : { learning }),
    };
  }

  dispose(): void {
    for (const end of this.#ends) end();
    for (const timer of this.#asking.values()) clearTimeout(timer);
    this.#asking.clear();
  }

  async #ask(path: string): Promise<void> {
    if (this.#engine.status.state !== "running") return;
    const api = await this.#engine.api();
    const [git, counts] = await Promise.all([gitOf(api, path), countsOf(api, path)]);
    // The folder may have been closed meanwhile.
    if (!this.#folders.some((folder) => folder.path === path)) return;
    const { branch: _branch, head: _head, ...kept } = this.#facts.get(path) ?? {};
    this.#facts.set(path, { ...kept, ...git, ...counts });
    this.#changed();
  }

  #note(path: string, facts: Partial<FolderFacts>): void {
    this.#facts.set(path, { ...this.#facts.get(path), ...facts });
    this.#changed();
  }

  #changed(): void {
    this.#changes.tell(undefined);
  }
}

async function gitOf(api: WindowApi, workspace: string): Promise<FolderFacts> {
  const { branch, head } = await api.gitState({ workspace });
  return { ...(branch === undefined ? {} : { branch }), ...(head === undefined ? {} : { head }) };
}

async function countsOf(api: WindowApi, workspace: string): Promise<FolderFacts> {
  const all = await api.browse(
    { text: "", facets: {}, visibility: "visible", order: "newest", limit: 1 },
    { workspace },
  );
  const drifted = all.facets.freshness.find(({ value }) => value === "drifted")?.count ?? 0;
  return { visible: all.total, drifted };
}
