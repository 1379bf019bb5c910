/**
 * Globs as VS Code's files.exclude has them, as patterns of .gitignore. They differ in two ways: a glob without a slash speaks of the root
 * alone, and braces hold alternatives.
 */
export function gitignorePatterns(globs: readonly string[]): readonly string[] {
  return globs.flatMap(expandBraces).map((glob) => {
    const path = glob.replace(/^\.?\/+/u, "").replace(/\/\*\*$/u, "");
    return path.startsWith("**/") ? path : `/${path}`;
  });
}

/** Alternatives past this many are left as they stand: a setting is no program. */
const MAXIMUM_ALTERNATIVES = 256;

function expandBraces(glob: string): readonly string[] {
  let found = [glob];
  while (found.length <= MAXIMUM_ALTERNATIVES) {
    // The innermost pair first, so that nested ones are expanded from within.
    const expanded = found.flatMap((one) => {
      const braces = /\{([^{}]*)\}/u.exec(one);
      if (braces === null) return [one];
      const [whole, inner = ""] = braces;
      return inner
        .split(",")
        .map((choice) => one.slice(0, braces.index) + choice + one.slice(braces.index + whole.length));
    });
    if (expanded.length === found.length && expanded.every((one, index) => one === found[index])) return expanded;
    found = expanded;
  }
  return [glob];
}
