import { HeirloomError } from "../contract/errors.ts";
import type { WindowApi } from "../contract/window.ts";
import { routedCalls } from "../serve/routedEngine.ts";
import { type Emit, EngineWindow } from "./engineWindow.ts";

/** What the engine worker offers to the extension host: nothing until its window is opened, then the calls of every folder's engine. */
export function createWindowApi(emit: Emit): WindowApi {
  let opening: Promise<EngineWindow> | undefined;
  const window = (): Promise<EngineWindow> => {
    if (opening === undefined)
      throw new HeirloomError("INVALID_INPUT", "The window is not open: call openWindow first.");
    return opening;
  };
  return {
    ...routedCalls(
      async (context) => (await window()).reach(context),
      async (context) => (await window()).reachCode(context),
    ),
    openWindow: async (options) => {
      if (opening !== undefined) throw new HeirloomError("INVALID_INPUT", "This worker has a window already.");
      opening = EngineWindow.open(options, emit);
      try {
        return (await opening).address;
      } catch (error) {
        opening = undefined;
        throw error;
      }
    },
    setFolders: async (folders) => (await window()).setFolders(folders),
    setActiveFolder: async (path) => (await window()).setActiveFolder(path),
    setLogLevel: async (level) => (await window()).setLogLevel(level),
    folders: async () => (await window()).folders(),
    headMoved: async (path) => (await window()).headMoved(path),
    setCodeRules: async (path, rules) => (await window()).setCodeRules(path, rules),
    codeChanged: async (path, changed) => (await window()).codeChanged(path, changed),
    setDraft: async (path, file, text) => (await window()).setDraft(path, file, text),
    learn: async (path, run) => (await window()).learn(path, run),
    learnNew: async (path) => (await window()).learnNew(path),
    exportTo: async (path, file, run) => (await window()).exportTo(path, file, run),
    importFrom: async (path, file, run) => (await window()).importFrom(path, file, run),
    reindex: async (path) => (await window()).reindex(path),
    closeWindow: async () => (await opening?.catch(() => undefined))?.close(),
  };
}
