import { isAbsolute, relative, resolve, sep } from "node:path";
import type { LocateResult } from "../contract/codeTools.ts";
import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { ProjectStatsResult } from "../contract/projectStats.ts";
import type { CodeWarning } from "../contract/warnings.ts";
import type { PointingMemory } from "./code/locate/pointers.ts";
import type { BundleCode } from "./bundleCode.ts";
import type { CodeOfTrees } from "./codeOfTrees.ts";
import { type CodeRoot, unreachableRoot } from "./codeRoots.ts";

export interface CodeRootsParts {
  readonly code: CodeOfTrees;
  readonly bundles: BundleCode;
  /** Keeps how long the request's own root takes. */
  readonly timed: <Result>(operation: string, work: () => Promise<Result>) => Promise<Result>;
  /** By folder, the folders whose code is asked together with its: `code.folders` of the settings, which only a person writes. */
  readonly added: Readonly<Record<string, readonly string[]>>;
  readonly realPath: (path: string) => Promise<string | undefined>;
  /** Memories that answer a question, with the files that they speak of. */
  readonly pointing: (query: string, context: RequestContext) => Promise<readonly PointingMemory[]>;
  /** What went wrong before in files of the request's own root. */
  readonly warnings: (
    paths: readonly string[],
    context: RequestContext,
  ) => Promise<(path: string) => readonly CodeWarning[]>;
  /** Of the memories that a request sees. */
  readonly memories: (context: RequestContext) => Promise<ProjectStatsResult["memories"]>;
}

/** The roots that a request is about: its own, then those that were added to it. */
export async function codeRootsOf(parts: CodeRootsParts, context: RequestContext): Promise<readonly CodeRoot[]> {
  const own = await parts.code.rootOf(context);
  const added: CodeRoot[] = [];
  for (const [key, folders] of Object.entries(parts.added)) {
    if (key !== own && (await parts.realPath(key)) !== own) continue;
    for (const folder of folders) added.push(await addedRoot(parts, context, resolve(own, folder)));
  }
  parts.code.keepAtLeast(1 + added.length);
  return [ownRoot(parts, context, own), ...added];
}

function ownRoot(parts: CodeRootsParts, context: RequestContext, path: string): CodeRoot {
  const { code, bundles, timed, pointing, memories, warnings } = parts;
  return {
    path,
    locate: (input, except) =>
      timed("locate", async () => {
        const found = await code.locate(input, context, { except, memories: await pointing(input.query, context) });
        return { ...found, result: await warned(found.result, (paths) => warnings(paths, context)) };
      }),
    searchCode: (input, except) => timed("searchCode", () => code.searchCode(input, context, { except })),
    grep: (input, except) => timed("grep", () => code.grep(input, context, { except })),
    analyze: async (input, except) => {
      const found = await code.analyze(input, context, { except, memories: true });
      return { ...found, tell: (elsewhere) => timed("analyze", () => found.tell(elsewhere)) };
    },
    chunk: (input, except) => timed("codeChunk", () => code.chunk(input, context, { except })),
    bundle: (asked, except) => bundles.find(asked, context, { except }),
    control: (input) => code.control(input, context),
    stats: (input) =>
      timed("projectStats", async () => ({
        ...(await code.stats(input, context)),
        memories: await memories(context),
      })),
  };
}

/** Of one file. */
const MOST_WARNINGS = 3;

/** With what went wrong before in each file, where something did. */
async function warned(
  result: LocateResult,
  warnings: (paths: readonly string[]) => Promise<(path: string) => readonly CodeWarning[]>,
): Promise<LocateResult> {
  const of = await warnings(result.files.map(({ path }) => path));
  const files = result.files.map((file) => {
    const found = of(file.path).slice(0, MOST_WARNINGS);
    return found.length === 0 ? file : { ...file, warnings: [...found] };
  });
  return { ...result, files };
}

/** Nothing is remembered here of another repository, and of one that it is a part of only that part was added. */
async function addedRoot(
  { code, bundles, realPath }: CodeRootsParts,
  context: RequestContext,
  folder: string,
): Promise<CodeRoot> {
  const real = await realPath(folder);
  if (real === undefined) {
    const why = `There is no folder ${folder}: mend code.folders (heirloom.code.folders) in the settings.`;
    return unreachableRoot(folder, new HeirloomError("INVALID_INPUT", why));
  }
  const there = { ...context, workspace: real };
  const path = await code.rootOf(there);
  const inside = relative(path, real).split(sep).join("/");
  const within = inside === "" || inside.startsWith("../") || isAbsolute(inside) ? {} : { within: inside };
  return {
    path,
    locate: (input, except) => code.locate(input, there, { except, ...within, memories: [] }),
    searchCode: (input, except) => code.searchCode(input, there, { except, ...within }),
    grep: (input, except) => code.grep(input, there, { except, ...within }),
    analyze: (input, except) => code.analyze(input, there, { except, ...within, memories: false }),
    chunk: (input, except) => code.chunk(input, there, { except, ...within }),
    bundle: (asked, except) => bundles.find(asked, there, { except, ...within }),
    control: (input) => code.control(input, there),
    stats: async (input) => ({ ...(await code.stats(input, there)), memories: { anchored: 0, byKind: {} } }),
  };
}
