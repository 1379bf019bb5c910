/** Settings of VS Code's own that say what a person does not want to see, to search or to have watched. */
export const EXCLUDING_SETTINGS = ["files.exclude", "search.exclude", "files.watcherExclude"] as const;

/**
 * The globs that are switched on in such settings, each once. One with a condition, as `{"when": "$(basename).ts"}`, hides a file only beside
 * another and leaves nothing out here.
 */
export function excludedGlobs(values: readonly unknown[]): readonly string[] {
  const globs = values.flatMap((value) =>
    typeof value !== "object" || value === null
      ? []
      : Object.entries(value).flatMap(([glob, isOn]) => (isOn === true ? [glob] : [])),
  );
  return [...new Set(globs)];
}
