import type {
  ExplorerNotice,
  ExplorerNotices,
  ExplorerRequest,
  ExplorerRequests,
  ToExplorer,
} from "../../contract/explorer.ts";
import { EXPLORER_COMMANDS } from "../../contract/explorer.ts";
import { HeirloomError, toErrorShape } from "../../contract/errors.ts";
import type { Anchor } from "../../contract/memory.ts";
import type { WindowApi } from "../../contract/window.ts";
import type { ForgottenMemories } from "../forgottenMemories.ts";
import type { WindowModel } from "../windowModel.ts";

/** What the router needs of the extension around it. */
export interface ExplorerServices {
  /** The running engine. UNTRUSTED_WORKSPACE, NOT_FOUND without a folder, INTERNAL after a crash. */
  readonly api: () => Promise<WindowApi>;
  readonly window: WindowModel;
  readonly openAnchor: (folder: string, anchor: Anchor) => Promise<void>;
  readonly copyText: (text: string) => Promise<void>;
  readonly runCommand: (command: ExplorerRequests["runCommand"]["params"]["command"]) => Promise<void>;
  readonly forgotten: Pick<ForgottenMemories, "remember" | "folderOf" | "broughtBack">;
  readonly onFailure: (error: unknown) => void;
}

export interface ExplorerRouter {
  /** Takes one message of the page's. */
  receive(message: unknown): Promise<void>;
  /** Notices of before the page is ready wait for it, the last one of each name. */
  notify<Name extends ExplorerNotice>(name: Name, params: ExplorerNotices[Name]): void;
  /** The page is gone until it says again that it is ready. */
  pause(): void;
}

/** More of them nobody looks through. */
const MOST_FORGOTTEN = 200;

type Handlers = {
  readonly [Name in ExplorerRequest]: (
    params: ExplorerRequests[Name]["params"],
  ) => Promise<ExplorerRequests[Name]["result"]>;
};

/** One page's end of the channel in contract/explorer.ts: answers each request, by the engine or by the extension itself. */
export function createExplorerRouter(post: (message: ToExplorer) => void, services: ExplorerServices): ExplorerRouter {
  const handlers = createHandlers(services);
  const early = new Map<ExplorerNotice, ToExplorer>();
  let ready = false;

  const answer = async (id: number, name: ExplorerRequest, params: unknown): Promise<void> => {
    try {
      const result = await (handlers[name] as (given: unknown) => Promise<unknown>)(params);
      post({ type: "answer", id, result });
    } catch (error) {
      const shape = toErrorShape(error);
      if (shape.code === "INTERNAL") services.onFailure(error);
      post({ type: "refusal", id, error: shape });
    }
  };
  return {
    receive: async (message) => {
      const { type, id, name, params } = asRecord(message);
      if (type === "ready") {
        ready = true;
        for (const notice of early.values()) post(notice);
        early.clear();
        return;
      }
      if (type !== "request" || typeof id !== "number") return;
      if (typeof name !== "string" || !Object.hasOwn(handlers, name)) {
        const error = {
          code: "INVALID_INPUT",
          message: "The explorer asked for what there is not: reload the window.",
        } as const;
        post({ type: "refusal", id, error });
        return;
      }
      await answer(id, name as ExplorerRequest, params ?? {});
    },
    notify: (name, params) => {
      const notice = { type: "notice", name, params } as ToExplorer;
      if (ready) post(notice);
      else early.set(name, notice);
    },
    pause: () => {
      ready = false;
    },
  };
}

function createHandlers({ api, window, openAnchor, copyText, runCommand, forgotten }: ExplorerServices): Handlers {
  const folder = (): string => {
    if (window.activeFolder !== undefined) return window.activeFolder;
    throw new HeirloomError("NOT_FOUND", "Open a folder first: memories belong to a repository or a folder.");
  };
  const here = (): { readonly workspace: string } => ({ workspace: folder() });
  return {
    state: async () => window.explorerState(),
    selectFolder: async ({ path }) => {
      window.setActive(path);
      return window.explorerState();
    },
    browse: async (query) => (await api()).browse(query, here()),
    browseRows: async (rows) => (await api()).browseRows(rows, here()),
    detail: async ({ id, query }) => (await api()).detail(id, here(), query),
    stats: async () => (await api()).stats(here()),
    revise: async (input) => (await api()).revise(input, here()),
    forget: async (input) => {
      // Another folder may be shown by the time that this one has answered.
      const workspace = (input.undo === undefined ? undefined : forgotten.folderOf(input.undo)) ?? folder();
      const result = await (await api()).forget(input, { workspace });
      if (result.undoToken !== undefined) forgotten.remember(result.undoToken, workspace);
      if (input.undo !== undefined) forgotten.broughtBack(input.undo);
      return result;
    },
    forgotten: async () => (await api()).forgotten(MOST_FORGOTTEN, here()),
    merge: async (input) => {
      const workspace = folder();
      const result = await (await api()).merge(input, { workspace });
      forgotten.remember(result.undoToken, workspace);
      return result;
    },
    duplicates: async (options) => (await api()).duplicates(options, here()),
    relate: async (input) => (await api()).relate(input, here()),
    lineage: async (input) => (await api()).lineage(input, here()),
    share: async (input) => (await api()).share(input, here()),
    lanes: async (lanes) => (await api()).lanes(lanes, here()),
    codeStatus: async () => (await api()).indexControl({ action: "status" }, here()),
    findSymbols: async (query) => (await api()).findSymbols(query, here()),
    analyze: async (input) => (await api()).analyze(input, here()),
    locate: async (input) => (await api()).locate(input, here()),
    buildContext: async (input) => (await api()).buildContext(input, here()),
    receipts: async (options) => (await api()).receipts(options, here()),
    vitals: async () => {
      const engine = await api();
      const [vitals, health] = await Promise.all([engine.vitals(here()), engine.health(true, here())]);
      return { vitals, health };
    },
    openAnchor: async (anchor) => {
      await openAnchor(folder(), anchor);
      return null;
    },
    copyText: async ({ text }) => {
      await copyText(text);
      return null;
    },
    runCommand: async ({ command }) => {
      if (!EXPLORER_COMMANDS.includes(command))
        throw new HeirloomError("INVALID_INPUT", "The explorer may not run this command.");
      await runCommand(command);
      return null;
    },
  };
}

const asRecord = (message: unknown): Readonly<Record<string, unknown>> =>
  typeof message === "object" && message !== null ? (message as Record<string, unknown>) : {};
