import { askRoots } from "./askRoots.ts";
import type { CodeAsked, CodeFound } from "./bundleCode.ts";
import { type NamedRoot, placeIn, rootsOfPlace } from "./namedRoots.ts";

interface Root {
  readonly path: string;
  bundle(asked: CodeAsked, except: readonly string[]): Promise<CodeFound>;
}
interface Part {
  readonly name: string;
  readonly answer: CodeFound;
}

/** The code of several roots for one bundle: scores are made comparable as those of located files are, and paths name their root. NOT_FOUND for a pack. */
export async function bundleOfRoots(asked: CodeAsked, roots: readonly NamedRoot<Root>[]): Promise<CodeFound> {
  const [only] = roots;
  if (only !== undefined && roots.length === 1)
    return only.root.bundle({ ...asked, specificFiles: filesOf(only, asked, roots) }, only.except);
  const { specificFiles: given = [] } = asked;
  const asking = roots
    .map((one) => ({ ...one, specificFiles: filesOf(one, asked, roots) }))
    .filter(({ specificFiles }) => given.length === 0 || (specificFiles ?? []).length > 0);
  const { answers, missing } = await askRoots(asking, ({ root, except, specificFiles }) =>
    root.bundle({ ...asked, specificFiles }, except),
  );
  const evidence = answers.map(({ answer }) => answer.evidence());
  const most = Math.max(...evidence);
  return {
    state: stateOf(answers.map(({ answer }) => answer.state)),
    pending: answers.reduce((sum, { answer }) => sum + answer.pending, 0),
    items: answers.flatMap(({ name, answer }, at) => {
      const share = most === 0 ? 1 : (evidence[at] ?? 0) / most;
      return answer.items.map((item) => ({
        ...item,
        path: placeIn(name, item.path),
        // What was asked for by its path is wanted however little its folder knows of the question.
        score: item.leads === undefined ? item.score * share : item.score,
      }));
    }),
    missing: [
      ...given
        .filter((ref) => isMissed(ref, answers, roots))
        .map((ref) => ({ ref, why: "no file of the index has this path" })),
      ...(missing.missing ?? []).map(({ root, why }) => ({ ref: root, why: `could not be asked: ${why}` })),
    ],
    evidence: () => most,
    begin: () => answers.forEach(({ answer }) => answer.begin()),
  };
}

/** The files that are asked for, as one root calls those that it may have. */
function filesOf(
  { name }: NamedRoot<Root>,
  { specificFiles }: CodeAsked,
  roots: readonly NamedRoot<Root>[],
): readonly string[] | undefined {
  return specificFiles?.flatMap((given) =>
    rootsOfPlace(given, roots).flatMap((one) => (one.name === name ? [one.place] : [])),
  );
}

/** Whether no root that may have a file has it. */
function isMissed(given: string, answers: readonly Part[], roots: readonly NamedRoot<Root>[]): boolean {
  return rootsOfPlace(given, roots).every(({ name, place }) => {
    const part = answers.find((one) => one.name === name);
    return part === undefined || part.answer.missing.some(({ ref }) => ref === place);
  });
}

/** A folder whose code is switched off is as one that there is not, unless all are. */
function stateOf(states: readonly CodeFound["state"][]): CodeFound["state"] {
  const [first = "off", ...rest] = states.filter((state) => state !== "off");
  return rest.every((state) => state === first) ? first : "partial";
}

/** A path of a bundle of several roots, told apart into its root and how that calls it. */
export function splitPlace(path: string): { readonly root: string; readonly path: string } | undefined {
  const at = path.indexOf("//");
  return at <= 0 ? undefined : { root: path.slice(0, at), path: path.slice(at + 2) };
}
