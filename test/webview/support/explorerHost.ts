import type { CodeExplorerApi } from "../../../src/contract/codeExplorer.ts";
import type { EngineApi } from "../../../src/contract/engineApi.ts";
import { toErrorShape } from "../../../src/contract/errors.ts";
import type {
  ExplorerNotice,
  ExplorerNotices,
  ExplorerRequest,
  ExplorerRequests,
  ExplorerState,
  FromExplorer,
  ToExplorer,
} from "../../../src/contract/explorer.ts";
import type { ExploreApi } from "../../../src/contract/explore.ts";
import type { CodeOfTrees } from "../../../src/engine/codeOfTrees.ts";
import type { HookApi } from "../../../src/contract/hooks.ts";

/** The engine as the explorer needs it. */
export type ExplorerEngine = Pick<
  EngineApi,
  | "stats"
  | "revise"
  | "lineage"
  | "share"
  | "relate"
  | "analyze"
  | "locate"
  | "indexControl"
  | "forget"
  | "forgotten"
  | "buildContext"
  | "health"
> & {
  readonly explore: ExploreApi;
  readonly hooks: HookApi;
  readonly code: CodeExplorerApi & Pick<CodeOfTrees, "onStatus">;
};

type Answers = { [Name in ExplorerRequest]: (params: ExplorerRequests[Name]["params"]) => unknown };

/** The extension host's side of the explorer over a real engine, without VS Code: what VS Code itself would do is only written down. */
export class ExplorerHost {
  /** Every request, oldest first. */
  readonly requests: { readonly name: ExplorerRequest; readonly params: unknown }[] = [];
  state: ExplorerState;
  /** Answers that a test gives in place of the engine, to see a state that is hard to bring about. */
  readonly instead: Partial<Answers> = {};
  readonly #answers: Answers;
  #send: (message: ToExplorer) => void = () => undefined;

  constructor(engine: ExplorerEngine, state: ExplorerState = openState) {
    this.state = state;
    const { explore } = engine;
    this.#answers = {
      state: () => this.state,
      selectFolder: ({ path }) => (this.state = { ...this.state, activeFolder: path }),
      browse: (query) => explore.browse(query, {}),
      browseRows: (window) => explore.browseRows(window, {}),
      detail: ({ id, query }) => explore.detail(id, {}, query),
      stats: () => engine.stats({}),
      revise: (input) => engine.revise(input, {}),
      forget: (input) => engine.forget(input, {}),
      forgotten: () => engine.forgotten(200, {}),
      merge: (input) => explore.merge(input, {}),
      duplicates: (options) => explore.duplicates(options, {}),
      relate: (input) => engine.relate(input, {}),
      share: (input) => engine.share(input, {}),
      lineage: (input) => engine.lineage(input, {}),
      lanes: (window) => explore.lanes(window, {}),
      codeStatus: () => engine.indexControl({ action: "status" }, {}),
      findSymbols: (query) => engine.code.findSymbols(query, {}),
      analyze: (input) => engine.analyze(input, {}),
      locate: (input) => engine.locate(input, {}),
      buildContext: (input) => engine.buildContext(input, {}),
      receipts: (options) => engine.hooks.receipts(options, {}),
      vitals: async () => ({ vitals: await explore.vitals({}), health: await engine.health(true, {}) }),
      openAnchor: () => null,
      copyText: () => null,
      runCommand: () => null,
    };
    engine.code.onStatus((_root, status) => this.notice("code", status));
    explore.onChange((change) => this.notice("changed", change));
  }

  /** The page is there: `send` reaches it from now on. */
  connect(send: (message: ToExplorer) => void): void {
    this.#send = send;
  }

  notice<Name extends ExplorerNotice>(name: Name, params: ExplorerNotices[Name]): void {
    this.#send({ type: "notice", name, params } as ToExplorer);
  }

  async receive(message: FromExplorer): Promise<void> {
    if (message.type === "ready") return;
    const { id, name, params } = message;
    this.requests.push({ name, params });
    try {
      const answer = (this.instead[name] ?? this.#answers[name]) as (params: unknown) => unknown;
      this.#send({ type: "answer", id, result: (await answer(params)) ?? null });
    } catch (thrown) {
      this.#send({ type: "refusal", id, error: toErrorShape(thrown) });
    }
  }

  asked<Name extends ExplorerRequest>(name: Name): readonly ExplorerRequests[Name]["params"][] {
    return this.requests.filter((request) => request.name === name).map(({ params }) => params as never);
  }
}

export const openState: ExplorerState = {
  trust: "trusted",
  folders: [{ path: "/work/scene", name: "scene", state: "open" }],
  activeFolder: "/work/scene",
  branch: "main",
};
