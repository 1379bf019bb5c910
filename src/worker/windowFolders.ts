import { isAbsolute } from "node:path";
import type { CodeRules } from "../contract/codeRules.ts";
import { type ErrorShape, HeirloomError, toErrorShape } from "../contract/errors.ts";
import type { WindowFolder } from "../contract/window.ts";
import { type Discovery, findRepository } from "../engine/git/findRepository.ts";
import { storeName } from "../engine/storeName.ts";
import { isInside } from "../serve/isInside.ts";
import { existingFolder } from "../serve/openNodeEngine.ts";
import type { RuledFolder } from "./codeRulesAt.ts";

/** A folder of the window, and what is known of it. */
export interface KnownFolder extends Omit<WindowFolder, "code"> {
  code?: CodeRules;
  real?: string;
  /** Name of the store that it had when it was last asked about. */
  store?: string;
  /** Why it cannot be said which store it has. */
  problem?: ErrorShape;
}

/** Where a request stands. */
export interface Located {
  /** Real path of the folder that the request is about; its HEAD is the request's. */
  readonly workspace: string;
  readonly store: string;
  readonly folder: KnownFolder;
}

/** Places that are remembered; the one that was found first goes first. */
const MOST_PLACES = 64;
const OPEN_ANOTHER = "it is open in this window and cannot be read; open another one";

/** The folders of a window, and which of their stores a request is about. A repository may appear or go at any time: it is looked at again. */
export class WindowFolders {
  readonly #places = new Map<string, Discovery>();
  readonly #onProblem: (folder: KnownFolder) => void;
  #folders: readonly KnownFolder[] = [];
  #active: string | undefined;

  /** `onProblem` is told when it can no more be said which store a folder has, and when it can again. */
  constructor(onProblem: (folder: KnownFolder) => void) {
    this.#onProblem = onProblem;
  }

  get all(): readonly KnownFolder[] {
    return this.#folders;
  }

  set(folders: readonly WindowFolder[]): void {
    this.#folders = folders.map(({ path, name, code }) => {
      const before = this.#folders.find((folder) => folder.path === path);
      const known: KnownFolder = before?.name === name ? before : { path, name };
      if (code !== undefined) known.code = code;
      return known;
    });
  }

  /** INVALID_INPUT when it is none of the window's folders. */
  get(path: string): KnownFolder {
    const folder = this.#folders.find((one) => one.path === path);
    if (folder === undefined) throw notHere(path);
    return folder;
  }

  /** Those whose code somebody in the window speaks for. */
  get ruled(): readonly RuledFolder[] {
    return this.#folders.flatMap(({ real, code }) =>
      real === undefined || code === undefined ? [] : [{ real, code }],
    );
  }

  /** Root of the work tree that a folder is in: the folder itself where there is no repository. */
  rootOf({ real }: KnownFolder): string | undefined {
    return real === undefined ? undefined : this.storeAt(real).root;
  }

  /** INVALID_INPUT when it is none of the window's folders. */
  setActive(path: string | undefined): void {
    if (path !== undefined && !this.#folders.some((folder) => folder.path === path)) throw notHere(path);
    this.#active = path;
  }

  of(store: string): readonly KnownFolder[] {
    return this.#folders.filter((folder) => folder.store === store);
  }

  /** Where the request stands that names `asked`; absent: the active folder, else the first. INVALID_INPUT. */
  async locate(asked: string | undefined): Promise<Located> {
    const named = this.#folders.find(({ path }) => path === (asked ?? this.#active));
    const folder = named ?? (asked === undefined ? this.#folders[0] : undefined);
    if (folder !== undefined) return this.place(folder);
    if (asked === undefined)
      throw new HeirloomError("INVALID_INPUT", "No folder is open in this window: open one, then ask again.");
    return this.#inside(asked);
  }

  /** INVALID_INPUT when the folder is gone. */
  async place(folder: KnownFolder): Promise<Located> {
    const before = folder.problem?.message;
    try {
      if (folder.real === undefined || !this.#isAsItWas(folder.real))
        folder.real = await existingFolder(folder.path, OPEN_ANOTHER);
      const { store } = this.storeAt(folder.real);
      folder.store = store;
      delete folder.problem;
      return { workspace: folder.real, store, folder };
    } catch (error) {
      folder.problem = toErrorShape(error);
      throw error;
    } finally {
      if (folder.problem?.message !== before) this.#onProblem(folder);
    }
  }

  #isAsItWas(workspace: string): boolean {
    return this.#places.get(workspace)?.evidence.holds() === true;
  }

  storeAt(workspace: string): { readonly store: string; readonly root: string; readonly isRepository: boolean } {
    const known = this.#places.get(workspace);
    const discovery = known !== undefined && this.#isAsItWas(workspace) ? known : findRepository(workspace);
    if (discovery !== known) {
      this.#places.delete(workspace);
      this.#places.set(workspace, discovery);
      for (const oldest of this.#places.keys()) {
        if (this.#places.size <= MOST_PLACES) break;
        this.#places.delete(oldest);
      }
    }
    const { repository } = discovery;
    const store = storeName({ workspace, ...(repository === undefined ? {} : { repository }) });
    return { store, root: repository?.root ?? workspace, isRepository: repository !== undefined };
  }

  /** A folder inside one of the window's may be of a repository of its own; where there is none, it belongs to the window's folder. */
  async #inside(asked: string): Promise<Located> {
    if (!isAbsolute(asked)) throw notHere(asked);
    const real = await existingFolder(asked, "name a folder of this window");
    const located = await Promise.all(this.#folders.map((folder) => this.place(folder).catch(() => undefined)));
    const outer = located
      .filter((one) => one !== undefined)
      .filter(({ workspace }) => isInside(real, workspace))
      .sort((a, b) => b.workspace.length - a.workspace.length)[0];
    if (outer === undefined) throw notHere(asked);
    const { store, isRepository } = this.storeAt(real);
    return isRepository ? { workspace: real, store, folder: outer.folder } : outer;
  }
}

function notHere(path: string): HeirloomError {
  return new HeirloomError(
    "INVALID_INPUT",
    `${path} is no folder of this window, nor inside one: open it there first.`,
  );
}
