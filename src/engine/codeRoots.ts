import type { AnalyzeInput, AnalyzeResult, ChunkInput, ChunkResult } from "../contract/analyze.ts";
import type {
  IndexInput,
  IndexResult,
  LocateInput,
  LocateResult,
  SearchCodeInput,
  SearchCodeResult,
} from "../contract/codeTools.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { GrepInput, GrepResult } from "../contract/grep.ts";
import type { ProjectStatsInput, ProjectStatsResult } from "../contract/projectStats.ts";
import { askRoots, shortcomingsOfAll } from "./askRoots.ts";
import type { CodeAsked, CodeFound } from "./bundleCode.ts";
import { bundleOfRoots } from "./bundleRoots.ts";
import { type AskedPlace, type NamedRoot, nameRoots, placeIn, rootsOfPlace } from "./namedRoots.ts";
import { analyzeInRoots, chunkInRoots, type PlaceCalls } from "./placesInRoots.ts";

/** What a root is asked, without what belongs to other roots inside it: `except` are folders of it. */
export interface CodeRootCalls extends PlaceCalls {
  /** `evidence`: how much of the question its best file answers, 0..1. It can be compared with that of other roots, scores cannot. */
  locate(
    input: LocateInput,
    except: readonly string[],
  ): Promise<{ readonly result: LocateResult; readonly evidence: () => number }>;
  searchCode(input: SearchCodeInput, except: readonly string[]): Promise<SearchCodeResult>;
  grep(input: GrepInput, except: readonly string[]): Promise<GrepResult>;
  bundle(asked: CodeAsked, except: readonly string[]): Promise<CodeFound>;
  control(input: IndexInput): Promise<IndexResult>;
  stats(input: ProjectStatsInput): Promise<ProjectStatsResult>;
}

/** A work tree, or a folder that is in none, whose code a request is about. */
export interface CodeRoot extends CodeRootCalls {
  /** Real path. */
  readonly path: string;
}

/** One that answers nothing but why it cannot. */
export function unreachableRoot(path: string, error: unknown): CodeRoot {
  const fail = (): Promise<never> => Promise.reject(error instanceof Error ? error : new Error(String(error)));
  const calls = { locate: fail, searchCode: fail, grep: fail, analyze: fail, chunk: fail, bundle: fail };
  return { path, ...calls, control: fail, stats: fail };
}

const USUAL_LIMIT = 10;
const USUAL_LINES = 100;

/**
 * One question asked of several roots: those of a request, its own first. Each is asked once and each file belongs to the innermost of them. Results
 * say which they are of where there is more than one. A root that cannot answer is told of in `missing`; where none can, the first one's error is thrown.
 */
export class CodeRoots {
  readonly #roots: readonly NamedRoot<CodeRoot>[];

  constructor(roots: readonly CodeRoot[]) {
    this.#roots = nameRoots(roots);
  }

  /** INVALID_INPUT for a root that there is not. */
  async locate({ root, ...input }: LocateInput): Promise<LocateResult> {
    const asked = this.#asked(root);
    const { answers, missing } = await askRoots(asked, (one) => one.root.locate(input, one.except));
    const [first] = answers;
    if (this.#roots.length === 1 && first !== undefined) return first.answer.result;
    const evidence = answers.map(({ answer }) => answer.evidence());
    const most = Math.max(...evidence);
    const files = answers.flatMap(({ name, answer: { result } }, at) => {
      // A score is a share of the best that this root has: one that has nothing of the question has a best file too.
      const share = most === 0 ? 1 : (evidence[at] ?? 0) / most;
      return result.files.map((file) => ({ ...file, root: name, score: file.score * share }));
    });
    return {
      ...first?.answer.result,
      files: best(files, input.limit ?? USUAL_LIMIT),
      ...shortcomingsOfAll(answers.map(({ answer }) => answer.result)),
      ...missing,
    } as LocateResult;
  }

  /** INVALID_INPUT for a root that there is not. */
  async searchCode({ root, ...input }: SearchCodeInput): Promise<SearchCodeResult> {
    const { answers, missing } = await askRoots(this.#asked(root), (one) => one.root.searchCode(input, one.except));
    const [first] = answers;
    if (this.#roots.length === 1 && first !== undefined) return first.answer;
    const chunks = answers.flatMap(({ name, answer }) =>
      answer.chunks.map((chunk) => ({ ...chunk, id: placeIn(name, chunk.id), root: name })),
    );
    return {
      chunks: best(chunks, input.limit ?? USUAL_LIMIT),
      ...shortcomingsOfAll(answers.map(({ answer }) => answer)),
      ...missing,
    };
  }

  /** One root after the other, until there is enough. INVALID_INPUT for a root that there is not. */
  async grep({ root, ...input }: GrepInput): Promise<GrepResult> {
    const asked = this.#asked(root);
    const [only] = asked;
    if (this.#roots.length === 1 && only !== undefined) return only.root.grep(input, only.except);
    let left = input.limit ?? USUAL_LINES;
    const { answers, missing } = await askRoots(
      asked,
      async (one) => {
        if (left === 0) return undefined;
        const found = await one.root.grep({ ...input, limit: left }, one.except);
        left -= found.files === undefined ? found.counts.lines : found.files.length;
        return found;
      },
      "in turn",
    );
    const given = answers.flatMap(({ name, answer }) => (answer === undefined ? [] : [{ name, answer }]));
    const results = given.map(({ answer }) => answer);
    const sum = (of: keyof GrepResult["counts"]): number =>
      results.reduce((total, { counts }) => total + counts[of], 0);
    const why = results.find(({ truncated }) => truncated !== undefined)?.truncated;
    const truncated = why ?? (given.length < answers.length ? "limit" : undefined);
    return {
      matches: given.flatMap(({ name, answer }) => answer.matches.map((match) => ({ ...match, root: name }))),
      ...(results.some(({ files }) => files !== undefined)
        ? { files: given.flatMap(({ name, answer }) => (answer.files ?? []).map((file) => ({ ...file, root: name }))) }
        : {}),
      counts: { lines: sum("lines"), files: sum("files"), searched: sum("searched") },
      ...(truncated === undefined ? {} : { truncated }),
      ...shortcomingsOfAll(results),
      ...missing,
    };
  }

  /** Of the folder that has the target. INVALID_INPUT for a root that there is not, FORBIDDEN_PATH; NOT_FOUND with the nearest names. */
  analyze({ root, ...input }: AnalyzeInput): Promise<AnalyzeResult> {
    return analyzeInRoots(input, this.#placed(input.target, root), this.#roots);
  }

  /** INVALID_INPUT, FORBIDDEN_PATH, NOT_FOUND. */
  chunk({ root, ...input }: ChunkInput): Promise<ChunkResult> {
    return chunkInRoots(input, this.#placed(input.id ?? input.path ?? "", root), this.#roots.length > 1);
  }

  /** NOT_FOUND for a pack. */
  bundle(asked: CodeAsked): Promise<CodeFound> {
    return bundleOfRoots(asked, this.#roots);
  }

  /** Of one root: the request's own unless another is named. INVALID_INPUT for a root that there is not. */
  async control({ root, ...input }: IndexInput): Promise<IndexResult> {
    const one = this.#one(root);
    return { ...(await one.root.control(input)), ...this.#told(one) };
  }

  async stats({ root, ...input }: ProjectStatsInput): Promise<ProjectStatsResult> {
    const one = this.#one(root);
    return { ...(await one.root.stats(input)), ...this.#told(one) };
  }

  #placed(place: string, wanted: string | undefined): readonly AskedPlace<CodeRoot>[] {
    return rootsOfPlace(place, wanted === undefined ? this.#roots : [this.#one(wanted)]);
  }

  #asked(wanted: string | undefined): readonly NamedRoot<CodeRoot>[] {
    return wanted === undefined ? this.#roots : [this.#one(wanted)];
  }

  #one(wanted: string | undefined): NamedRoot<CodeRoot> {
    const found =
      wanted === undefined
        ? this.#roots[0]
        : this.#roots.find(({ name, root }) => name === wanted || root.path === wanted);
    if (found !== undefined) return found;
    const names = this.#roots.map(({ name }) => name).join(", ");
    throw new HeirloomError(
      "INVALID_INPUT",
      `No folder whose code is known here is called ${wanted ?? ""}: name one of ${names}.`,
    );
  }

  #told({ name }: NamedRoot<CodeRoot>): { readonly root?: string; readonly roots?: string[] } {
    return this.#roots.length === 1 ? {} : { root: name, roots: this.#roots.map((one) => one.name) };
  }
}

/** Ties keep their order: what is of the request's own root comes first. */
function best<Item extends { readonly score: number }>(items: readonly Item[], limit: number): Item[] {
  return items.toSorted((a, b) => b.score - a.score).slice(0, limit);
}
