import type { AnalyzeInput, AnalyzeResult, ChunkInput, ChunkResult } from "../contract/analyze.ts";
import { HeirloomError } from "../contract/errors.ts";
import { askRoots, shortcomingsOfAll } from "./askRoots.ts";
import type { FoundTarget } from "./code/analyze/analyzeCode.ts";
import { type AskedPlace, type NamedRoot, ownerOf } from "./namedRoots.ts";

/** What a root is asked about one place of it, without what belongs to other roots inside it: `except` are folders of it. */
export interface PlaceCalls {
  /** NOT_FOUND, FORBIDDEN_PATH where it is not there. */
  analyze(input: AnalyzeInput, except: readonly string[]): Promise<FoundTarget>;
  /** NOT_FOUND, FORBIDDEN_PATH where it is not there. */
  chunk(input: ChunkInput, except: readonly string[]): Promise<ChunkResult>;
}
interface Root extends PlaceCalls {
  readonly path: string;
}

/** Of the definitions elsewhere, so many of each root. */
const MOST_ELSEWHERE = 5;

/**
 * The analysis of the first root that has the target in its sources, else of the first that has it at all; what else is called so in the others is among
 * `others`. Where none has it, the error of the first root that knows something near, or of the first.
 */
export async function analyzeInRoots(
  input: AnalyzeInput,
  asked: readonly AskedPlace<Root>[],
  roots: readonly NamedRoot<Root>[],
): Promise<AnalyzeResult> {
  const { answers, missing } = await askRoots(asked, async ({ root, except, place }) =>
    orNotThere(root.analyze({ ...input, target: place }, except)),
  );
  const found = answers.flatMap(({ name, answer }) => ("found" in answer ? [{ name, target: answer.found }] : []));
  const chosen = found.find(({ target }) => target.isSource) ?? found[0];
  if (chosen === undefined) throw nearestOf(answers.flatMap(({ answer }) => ("found" in answer ? [] : [answer.error])));
  const elsewhere = found
    .filter((one) => one !== chosen)
    .flatMap(({ name, target }) => target.definitions.slice(0, MOST_ELSEWHERE).map((one) => ({ ...one, root: name })));
  const result = await chosen.target.tell(elsewhere);
  const own = roots.find(({ name }) => name === chosen.name);
  return {
    ...(own === undefined || own.except.length === 0 ? result : ofInnermost(result, own, roots)),
    ...(roots.length === 1 ? {} : { root: chosen.name }),
    ...shortcomingsOfAll([result]),
    ...missing,
  };
}

/** Of the first root that has it. */
export async function chunkInRoots(
  input: ChunkInput,
  asked: readonly AskedPlace<Root>[],
  isOneOfSeveral: boolean,
): Promise<ChunkResult> {
  const errors: HeirloomError[] = [];
  for (const { root, name, except, place } of asked) {
    const where = input.id === undefined ? { path: place } : { id: place };
    const answer = await orNotThere(root.chunk({ ...input, ...where }, except));
    if ("found" in answer) return { ...answer.found, ...(isOneOfSeveral ? { root: name } : {}) };
    errors.push(answer.error);
  }
  throw nearestOf(errors);
}

type Answer<Found> = { readonly found: Found } | { readonly error: HeirloomError };

async function orNotThere<Found>(work: Promise<Found>): Promise<Answer<Found>> {
  try {
    return { found: await work };
  } catch (error) {
    // A pack that there is not is another matter.
    const isThere = !(error instanceof HeirloomError) || !NOT_THERE.has(error.code) || error.details?.["packs"];
    if (isThere) throw error;
    return { error };
  }
}

const NOT_THERE: ReadonlySet<string> = new Set(["NOT_FOUND", "FORBIDDEN_PATH"]);

function nearestOf(errors: readonly HeirloomError[]): HeirloomError {
  const near = ({ details }: HeirloomError): unknown => (details?.["nearest"] as readonly unknown[] | undefined)?.[0];
  const [first] = errors;
  return errors.find(near) ?? first ?? new HeirloomError("NOT_FOUND", "No folder of code was asked.");
}

/** Places in folders that are roots of their own, as those call them. */
function ofInnermost(result: AnalyzeResult, own: NamedRoot<Root>, roots: readonly NamedRoot<Root>[]): AnalyzeResult {
  const placed = <Place extends { readonly path?: string | undefined; readonly root?: string | undefined }>(
    one: Place,
  ): Place => {
    if (one.path === undefined || one.root !== undefined) return one;
    const { root, path } = ownerOf(one.path, own, roots);
    return root === own ? one : { ...one, path, root: root.name };
  };
  return {
    ...result,
    others: result.others.map(placed),
    callers: result.callers.map(placed),
    callees: result.callees.map(placed),
    imports: result.imports.map(placed),
    references: result.references.map(placed),
    bases: result.bases.map(placed),
    derived: result.derived.map(placed),
    tests: result.tests.map(placed),
    impact: { ...result.impact, reached: result.impact.reached.map(placed) },
    changesWith: result.changesWith.map(placed),
    evidence: result.evidence.map(placed),
  };
}
