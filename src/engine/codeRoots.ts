import { basename, dirname, sep } from "node:path";
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

/** What a root is asked, without what belongs to other roots inside it: `except` are folders of it. */
export interface CodeRootCalls {
  /** `evidence`: how much of the question its best file answers, 0..1. It can be compared with that of other roots, scores cannot. */
  locate(
    input: LocateInput,
    except: readonly string[],
  ): Promise<{ readonly result: LocateResult; readonly evidence: () => number }>;
  searchCode(input: SearchCodeInput, except: readonly string[]): Promise<SearchCodeResult>;
  grep(input: GrepInput, except: readonly string[]): Promise<GrepResult>;
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
  return { path, locate: fail, searchCode: fail, grep: fail, control: fail, stats: fail };
}

const USUAL_LIMIT = 10;
const USUAL_LINES = 100;

/**
 * One question asked of several roots: those of a request, its own first. Each is asked once and each file belongs to the innermost of them. Results
 * say which they are of where there is more than one. A root that cannot answer is told of in `missing`; where none can, the first one's error is thrown.
 */
export class CodeRoots {
  readonly #roots: readonly NamedRoot[];

  constructor(roots: readonly CodeRoot[]) {
    const byPath = new Map(roots.toReversed().map((root) => [root.path, root]));
    const all = [...byPath.values()].reverse();
    this.#roots = all.map((root) => ({
      root,
      name: nameOf(root.path, all),
      except: all.flatMap(({ path }) => insideOf(root.path, path)),
    }));
  }

  /** INVALID_INPUT for a root that there is not. */
  async locate({ root, ...input }: LocateInput): Promise<LocateResult> {
    const asked = this.#asked(root);
    const { answers, missing } = await each(asked, (one) => one.root.locate(input, one.except));
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
      ...together(answers.map(({ answer }) => answer.result)),
      ...missing,
    } as LocateResult;
  }

  /** INVALID_INPUT for a root that there is not. */
  async searchCode({ root, ...input }: SearchCodeInput): Promise<SearchCodeResult> {
    const { answers, missing } = await each(this.#asked(root), (one) => one.root.searchCode(input, one.except));
    const [first] = answers;
    if (this.#roots.length === 1 && first !== undefined) return first.answer;
    const chunks = answers.flatMap(({ name, answer }) => answer.chunks.map((chunk) => ({ ...chunk, root: name })));
    return {
      chunks: best(chunks, input.limit ?? USUAL_LIMIT),
      ...together(answers.map(({ answer }) => answer)),
      ...missing,
    };
  }

  /** One root after the other, until there is enough. INVALID_INPUT for a root that there is not. */
  async grep({ root, ...input }: GrepInput): Promise<GrepResult> {
    const asked = this.#asked(root);
    const [only] = asked;
    if (this.#roots.length === 1 && only !== undefined) return only.root.grep(input, only.except);
    let left = input.limit ?? USUAL_LINES;
    const { answers, missing } = await each(
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
      ...together(results),
      ...missing,
    };
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

  #asked(wanted: string | undefined): readonly NamedRoot[] {
    return wanted === undefined ? this.#roots : [this.#one(wanted)];
  }

  #one(wanted: string | undefined): NamedRoot {
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

  #told({ name }: NamedRoot): { readonly root?: string; readonly roots?: string[] } {
    return this.#roots.length === 1 ? {} : { root: name, roots: this.#roots.map((one) => one.name) };
  }
}

interface NamedRoot {
  readonly root: CodeRoot;
  readonly name: string;
  readonly except: readonly string[];
}

interface Answers<Answer> {
  readonly answers: readonly { readonly name: string; readonly answer: Answer }[];
  readonly missing: { readonly missing?: { root: string; why: string }[] };
}

async function each<Answer>(
  roots: readonly NamedRoot[],
  ask: (root: NamedRoot) => Promise<Answer>,
  how: "at once" | "in turn" = "at once",
): Promise<Answers<Answer>> {
  const answers: { name: string; answer: Answer }[] = [];
  const failures: { readonly root: string; readonly error: unknown }[] = [];
  const take = async (root: NamedRoot): Promise<void> => {
    try {
      answers.push({ name: root.name, answer: await ask(root) });
    } catch (error) {
      failures.push({ root: root.name, error });
    }
  };
  if (how === "at once") await Promise.all(roots.map(take));
  else for (const root of roots) await take(root);
  const [first] = failures;
  if (answers.length === 0 && first !== undefined) throw first.error;
  const order = new Map(roots.map(({ name }, at) => [name, at]));
  return {
    answers: answers.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0)),
    missing:
      failures.length === 0
        ? {}
        : {
            missing: failures.map(({ root, error }) => ({
              root,
              why: error instanceof Error ? error.message : String(error),
            })),
          },
  };
}

/** Ties keep their order: what is of the request's own root comes first. */
function best<Item extends { readonly score: number }>(items: readonly Item[], limit: number): Item[] {
  return items.toSorted((a, b) => b.score - a.score).slice(0, limit);
}

function together(results: readonly { readonly pending?: number | undefined; readonly paused?: true | undefined }[]): {
  readonly pending?: number;
  readonly paused?: true;
} {
  const pending = results.reduce((sum, one) => sum + (one.pending ?? 0), 0);
  return {
    ...(pending === 0 ? {} : { pending }),
    ...(results.some(({ paused }) => paused === true) ? { paused: true } : {}),
  };
}

/** The name of its folder, with those above it as far as another has the same. */
function nameOf(path: string, all: readonly CodeRoot[]): string {
  let name = basename(path) || path;
  for (let above = dirname(path); ; above = dirname(above)) {
    const isShared = all.some(
      (other) => other.path !== path && other.path.endsWith(`${sep}${name.split("/").join(sep)}`),
    );
    if (!isShared || basename(above) === "") return name;
    name = `${basename(above)}/${name}`;
  }
}

/** The folder `inner` as `outer` calls it, where it is inside of it. */
function insideOf(outer: string, inner: string): readonly string[] {
  const start = outer.endsWith(sep) ? outer : outer + sep;
  return inner.startsWith(start) ? [inner.slice(start.length).split(sep).join("/")] : [];
}
