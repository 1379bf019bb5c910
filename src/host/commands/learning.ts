import * as vscode from "vscode";
import type { LearnResult } from "../../contract/engineApi.ts";
import type { FolderState, LongRun, WindowApi } from "../../contract/window.ts";
import { type Disposable, together } from "../contributions.ts";
import { type Services, withActiveFolder } from "../services.ts";
import { LaterLearning } from "./laterLearning.ts";
import { longRun } from "./longRun.ts";
import { registerCommand } from "./runCommand.ts";
import { counted } from "../../contract/counted.ts";
import { grouped } from "../../contract/grouped.ts";

/** Under this and its path VS Code keeps that a folder was learned from: a person who forgets everything does not want it back. */
const LEARNED = "learned:";
/** Under this and its path, of which shared memories of a folder a person was told, and with what text. */
const SHARED = "shared-told:";
/** So many of a folder are known to have been told; of older ones a person may be told again. */
const MOST_TOLD = 5_000;

/** `learn`, and learning by itself: all where a folder that is opened was never learned from, later what HEAD brings with it. */
export function registerLearning(services: Services): Disposable {
  const { context, engine, window, settings, log } = services;
  const running = new Set<string>();
  const mayLearn = (path: string): boolean => settings.get("learnHistory", vscode.Uri.file(path));
  const later = new LaterLearning({
    may: (path) =>
      engine.status.state === "running" && context.globalState.get(`${LEARNED}${path}`) === true && mayLearn(path),
    learn: async (path) => {
      const result = await (await engine.api()).learnNew(path);
      if (result.commits.created + result.documents.created > 0) log.info(`Learned later: ${summary(result)}`);
      await tellOfShared(services, path, result);
    },
    onFailure: (error) => log.warn(`Learning later failed: ${String(error)}`),
  });

  const learnFirst = async ({ path, name }: FolderState): Promise<void> => {
    const mark = `${LEARNED}${path}`;
    if (context.globalState.get(mark) === true || !mayLearn(path)) return;
    const api = await engine.api();
    const options = { location: vscode.ProgressLocation.Window, title: `Heirloom is learning from ${name}` };
    await vscode.window.withProgress(options, async (progress) => {
      const end = engine.on("learning", (event) => {
        if (event.path === path) progress.report({ message: `${grouped(event.commitsRead)} commits` });
      });
      const result = await learn(services, api, path).finally(end);
      log.info(`Learned by itself: ${summary(result)}`);
      // Only now: what was interrupted goes on when the folder is opened again, and stores nothing twice.
      await context.globalState.update(mark, true);
      await tellOfShared(services, path, result);
    });
  };
  const firstly = (state: FolderState): void => {
    if (state.state !== "open" || running.has(state.path)) return;
    later.noticed(state.path);
    running.add(state.path);
    learnFirst(state)
      .catch((error: unknown) => log.warn(`Learning failed: ${String(error)}`))
      .finally(() => running.delete(state.path));
  };
  return together(
    engine.on("folder", firstly),
    engine.on("changed", ({ path, head }) => {
      if (head) later.noticed(path);
    }),
    () => later.dispose(),
    engine.onStatus((status) => {
      // A worker that died in the middle of learning has what it had learned; the rest is learned on request.
      if (status.state === "waiting") for (const { path } of window.folders) window.learned(path);
    }),
    registerCommand(log, "heirloom.learn", async () => {
      await withActiveFolder(services, async (api, folder) => {
        const result = await longRun("Learning from the repository's history", async (run, report) => {
          const end = engine.on("learning", ({ path, commitsRead }) => {
            if (path === folder) report(`${grouped(commitsRead)} commits`);
          });
          return learn(services, api, folder, run).finally(end);
        });
        if (result === undefined) return;
        void vscode.window.showInformationMessage(summary(result));
        await tellOfShared(services, folder, result);
      });
    }),
  );
}

/** Only where something waits that did not when a person was told last: how many wait says nothing once some are judged. */
async function tellOfShared(services: Services, path: string, { shared }: LearnResult): Promise<void> {
  const { context, engine, explorers, log } = services;
  if ((shared?.pending ?? 0) === 0) return;
  const { pending = [] } = await (await engine.api()).share({ action: "review" }, { workspace: path });
  const key = `${SHARED}${path}`;
  const known = context.globalState.get<readonly string[]>(key, []);
  const unknown = pending.map(({ id, hash }) => `${id} ${hash}`).filter((one) => !known.includes(one));
  if (unknown.length === 0) return;
  void context.globalState.update(key, [...known, ...unknown].slice(-MOST_TOLD));
  const waiting = pending.length;
  const said = `${counted(waiting)} that this repository shares ${waiting === 1 ? "waits" : "wait"} for your review.`;
  vscode.window.showInformationMessage(said, "Review").then(
    (chosen) => {
      if (chosen !== undefined) explorers.show({ view: "review" });
    },
    (error: unknown) => log.warn(`Shared memories could not be shown: ${String(error)}`),
  );
}

async function learn({ window }: Services, api: WindowApi, path: string, run?: LongRun): Promise<LearnResult> {
  window.learns(path);
  try {
    return await api.learn(path, run);
  } finally {
    window.learned(path);
    window.refresh(path);
  }
}

function summary({ commits, documents }: LearnResult): string {
  const created = commits.created + documents.created;
  return `${counted(created)} from ${grouped(commits.read)} commits and ${grouped(documents.sections)} sections of documents.`;
}
