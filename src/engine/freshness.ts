import type { ParseApi } from "../contract/code.ts";
import type { AnchorChange, AnchorState } from "../contract/freshness.ts";
import type { Memory } from "../contract/memory.ts";
import { changedLines } from "./anchors/changedLines.ts";
import { changedSince } from "./anchors/changedSince.ts";
import { ChangeDates } from "./changeDates.ts";
import type { CodeIndex } from "./code/codeIndex.ts";
import { committedAnchors, textOf } from "./committedAnchors.ts";
import { rootOf } from "./lineage.ts";
import type { Clock, CodeWatcher, Drafts, GitRunner, Logger } from "./ports.ts";
import type { GitPlace, LineageView } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";
import { StoreFreshness } from "./storeFreshness.ts";
import { TreeFollower } from "./treeFollower.ts";
import { TreeFreshness, type TreeFreshnessParts } from "./treeFreshness.ts";
import { TreeSources } from "./treeSources.ts";

export interface FreshnessParts {
  readonly git: GitRunner;
  readonly parser: ParseApi;
  /** What is indexed of a work tree. */
  readonly index: (root: string) => CodeIndex | undefined;
  /** Of a process that lives on: then what is visible is compared in the background, and again when the code changes. */
  readonly watcher: CodeWatcher | undefined;
  readonly drafts: Drafts | undefined;
  readonly workspaceId: string;
  /** Takes secrets out of texts of a work tree. */
  readonly redact: (texts: readonly string[], root: string) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Work trees of which it is kept. */
const MOST_TREES = 8;

interface Tree {
  readonly freshness: TreeFreshness;
  readonly follower: TreeFollower | undefined;
  /** The stores that requests of the tree asked, by their folder. */
  readonly stores: Map<string, StoreAccess>;
  /** As the last request found it; absent without a commit. */
  head?: string | undefined;
}

/** How fresh anchored memories are, by work tree: two worktrees of one repository may hold different code. */
export class Freshnesses {
  readonly #parts: FreshnessParts;
  readonly #trees = new Map<string, Tree>();
  /** Of trees that are not kept any more. */
  #past = 0;
  #isClosed = false;

  constructor(parts: FreshnessParts) {
    this.#parts = parts;
  }

  /** Another number whenever some memory is something else. */
  get version(): number {
    let version = this.#past;
    for (const { freshness } of this.#trees.values()) version += freshness.version;
    return version;
  }

  /** What a request that stands there, and sees a store so, is told of its memories. */
  seenAt(place: GitPlace, access: StoreAccess, view: LineageView): StoreFreshness {
    const tree = this.#treeOf(place);
    const { folder: store } = access.store;
    tree.stores.set(store, access);
    const projection = (): StoreAccess["store"]["projection"] => access.store.projection;
    const { workspaceId } = this.#parts;
    const isCurrent = (): boolean => tree.follower?.isCurrent === true;
    const freshness = new StoreFreshness(tree.freshness, { store, projection, workspaceId, isCurrent });
    tree.follower?.see({ store, freshness, projection, view });
    return freshness;
  }

  /** The states with the lines that changed where that is told; git is asked for each. */
  async withChanges(
    states: readonly AnchorState[],
    { provenance }: Pick<Memory, "provenance">,
    place: GitPlace,
  ): Promise<readonly (AnchorState & { readonly change?: AnchorChange })[]> {
    const { commit } = provenance;
    if (commit === undefined || place.repository === undefined) return states;
    const { git, redact, drafts } = this.#parts;
    const root = rootOf(place);
    return Promise.all(
      states.map(async (state) => {
        if (state.freshness !== "drifted") return state;
        const { path, startLine, endLine } = state.now ?? state.anchor;
        // Git knows the file alone.
        if (drafts?.at(root, path) !== undefined) return state;
        const lines = startLine === undefined ? {} : { startLine, endLine: endLine ?? startLine };
        // The commit may be gone; then there is nothing to compare with.
        const change = await changedLines(git, root, { commit, path, ...lines }).catch(() => undefined);
        if (change === undefined) return state;
        return { ...state, change: { ...change, lines: await redact(change.lines, root) } };
      }),
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(
      [...this.#trees.values()].flatMap(({ follower }) => (follower === undefined ? [] : [follower.close()])),
    );
  }

  #treeOf(place: GitPlace): Tree {
    const root = rootOf(place);
    const tree = this.#trees.get(root) ?? this.#open(root, place.repository !== undefined);
    tree.head = place.repository?.head;
    this.#trees.delete(root);
    this.#trees.set(root, tree);
    for (const [oldest, { freshness, follower }] of this.#trees) {
      if (this.#trees.size <= MOST_TREES) break;
      this.#trees.delete(oldest);
      this.#past += freshness.version;
      void follower?.close();
    }
    return tree;
  }

  #open(root: string, isRepository: boolean): Tree {
    const { git, parser, index, watcher, drafts, clock, logger } = this.#parts;
    const stores = new Map<string, StoreAccess>();
    let follower: TreeFollower | undefined;
    const sources = new TreeSources({
      root,
      isRepository,
      git,
      parser,
      index: () => index(root),
      drafts,
      symbolsCame: (path) => follower?.changed(path),
      clock,
      logger,
    });
    const dates = new ChangeDates();
    const since: TreeFreshnessParts["since"] = async ({ anchor, now }, { provenance: { commit } }, print) => {
      const { head } = tree;
      if (head === undefined || commit === undefined) return undefined;
      const paths = [...new Set([anchor.path, now?.path ?? anchor.path])];
      const decode = (bytes: Uint8Array): string | undefined => textOf(anchor.path, bytes);
      // The commit may be gone, rewritten for instance.
      return dates.of(head, JSON.stringify([commit, paths, print]), () =>
        changedSince(git, { root, commit, head, paths, print, decode }),
      );
    };
    const freshness = new TreeFreshness({
      ...{ sources, since, clock, logger },
      fill: async (memories) => (isRepository ? committedAnchors(memories, root, { git, parser }) : []),
      // A process that ends with its answer writes nothing for it.
      ...(watcher === undefined
        ? {}
        : {
            filled: (
              store: string,
              id: string,
              fingerprints: Parameters<NonNullable<TreeFreshnessParts["filled"]>>[2],
            ) => this.#note(stores.get(store), id, fingerprints),
            later: (those: Parameters<NonNullable<TreeFreshnessParts["later"]>>[0]) => follower?.asked(those),
          }),
    });
    const now = (): number => clock.now();
    if (watcher !== undefined) follower = new TreeFollower({ root, tree: freshness, watcher, drafts, now, logger });
    const tree: Tree = { freshness, follower, stores };
    return tree;
  }

  /** What git had is written down: it may not have it for ever. */
  #note(
    access: StoreAccess | undefined,
    id: string,
    fingerprints: Parameters<NonNullable<TreeFreshnessParts["filled"]>>[2],
  ): void {
    if (this.#isClosed) return;
    access
      ?.note([{ type: "fingerprinted", id, fingerprints }])
      .catch((error: unknown) =>
        this.#parts.logger.log("debug", "what an anchor spoke of could not be noted", { error }),
      );
  }
}
