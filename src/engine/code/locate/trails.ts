import type { CodeIndex, IndexedFile } from "../codeIndex.ts";
import type { CodeHistory } from "../history/codeHistory.ts";

/** What commits left on a file, whatever the question. */
export interface Trail {
  readonly recency: number;
  readonly frequency: number;
}

/** By the ids of an index, which are never used twice, the trails of the files that somebody asked for. */
const known = new WeakMap<CodeIndex, { readonly history: CodeHistory; readonly byId: Trail[] }>();

/** The trail of each file. Every question asks for more than a thousand: finding each by its path costs as much as all words of the question. */
export function trailsOf(files: readonly IndexedFile[], index: CodeIndex, history: CodeHistory): readonly Trail[] {
  const kept = known.get(index);
  const { byId } = kept?.history === history ? kept : { byId: [] };
  if (kept?.byId !== byId) known.set(index, { history, byId });
  return files.map(
    ({ id, path }) => (byId[id] ??= { recency: history.recencyOf(path), frequency: history.frequencyOf(path) }),
  );
}
