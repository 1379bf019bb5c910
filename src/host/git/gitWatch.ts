import { isInside } from "../../serve/isInside.ts";
import { type Disposable, together } from "../contributions.ts";
import type { Services } from "../services.ts";
import { gitApi, type GitRepository } from "./gitExtension.ts";
import { watchHead } from "./headFiles.ts";

/** Tells the engine when HEAD of a folder may have moved: told by VS Code's git, and by git's own files where that is slower. */
export function registerGitWatch({ engine, window, log }: Services): Disposable {
  const heads = new Map<string, Promise<(() => void) | undefined>>();
  const repositories = new Map<GitRepository, Disposable>();
  const opened: Disposable[] = [];
  let ended = false;
  const onFailure = (error: unknown): void => log.error(error instanceof Error ? error : String(error));

  const moved = (path: string): void => {
    if (engine.status.state !== "running") return;
    engine
      .api()
      .then(async (api) => {
        await api.headMoved(path);
        window.refresh(path, true);
      })
      .catch(onFailure);
  };
  const follow = (): void => {
    // Nothing of a workspace that is not trusted is read, its git folder neither.
    const wanted = new Set(window.trusted ? window.folders.map(({ path }) => path) : []);
    for (const [path, end] of heads)
      if (!wanted.has(path)) {
        heads.delete(path);
        end.then((close) => close?.()).catch(onFailure);
      }
    for (const path of wanted)
      if (!heads.has(path))
        heads.set(
          path,
          watchHead(path, () => moved(path)).catch((error: unknown) => {
            onFailure(error);
            return undefined;
          }),
        );
  };
  const watchRepository = (repository: GitRepository): void => {
    if (repositories.has(repository)) return;
    let last = headOf(repository);
    const disposable = repository.state.onDidChange(() => {
      const now = headOf(repository);
      if (now === last) return;
      last = now;
      for (const { path } of window.folders) if (within(repository, path)) moved(path);
    });
    repositories.set(repository, disposable);
  };
  const end = window.onChange(follow);
  gitApi()
    .then((git) => {
      if (git === undefined || ended) return;
      git.repositories.forEach(watchRepository);
      opened.push(
        git.onDidOpenRepository((repository) => {
          watchRepository(repository);
          for (const { path } of window.folders) if (within(repository, path)) restart(path);
        }),
        git.onDidCloseRepository((repository) => {
          repositories.get(repository)?.dispose();
          repositories.delete(repository);
        }),
      );
    })
    .catch(onFailure);
  /** A repository may have been made in a folder that had none. */
  const restart = (path: string): void => {
    const before = heads.get(path);
    heads.delete(path);
    before?.then((close) => close?.()).catch(onFailure);
    follow();
    moved(path);
  };
  return together(end, () => {
    ended = true;
    for (const disposable of [...repositories.values(), ...opened]) disposable.dispose();
    for (const close of heads.values()) void close.then((run) => run?.());
    heads.clear();
  });
}

const headOf = ({ state }: GitRepository): string => `${state.HEAD?.name ?? ""}\n${state.HEAD?.commit ?? ""}`;

/** A folder may be the repository, or lie inside it. */
const within = ({ rootUri }: GitRepository, path: string): boolean => isInside(path, rootUri.fsPath);
