import { relative, sep } from "node:path";
import { type CodeRules, USUAL_CODE_RULES } from "../contract/codeRules.ts";
import { isInside } from "../serve/isInside.ts";

/** A folder of the window by its real path, with what a person says of its code. */
export interface RuledFolder {
  readonly real: string;
  readonly code: CodeRules;
}

/**
 * What holds below the root of a work tree, which may be a folder of the window, lie in one, or hold some. Code is indexed where any of these
 * folders wants it; what one leaves out is left out below that folder alone.
 */
export function codeRulesAt(root: string, folders: readonly RuledFolder[]): CodeRules {
  const meant = folders.filter(({ real }) => isInside(root, real) || isInside(real, root));
  if (meant.length === 0) return USUAL_CODE_RULES;
  const wanting = meant.filter(({ code }) => code.enabled);
  return {
    enabled: wanting.length > 0,
    paused: wanting.length > 0 && wanting.every(({ code }) => code.paused),
    exclude: wanting.flatMap(({ real, code }) => code.exclude.flatMap((glob) => movedGlob(glob, real, root))),
    mostFiles: Math.max(0, ...wanting.map(({ code }) => code.mostFiles)),
  };
}

/** A glob of one folder as it reads in another, above or below it; none where it says nothing of that one. */
function movedGlob(glob: string, folder: string, root: string): readonly string[] {
  if (folder === root) return [glob];
  if (isInside(folder, root)) return [`${slashed(relative(root, folder))}/${glob.replace(/^\.?\//u, "")}`];
  if (glob.startsWith("**/")) return [glob];
  const below = `${slashed(relative(folder, root))}/`;
  return glob.startsWith(below) ? [glob.slice(below.length)] : [];
}

const slashed = (path: string): string => path.split(sep).join("/");
