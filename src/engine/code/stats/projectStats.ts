import type { ProjectStatsInput, ProjectStatsResult } from "../../../contract/projectStats.ts";
import type { CodeService } from "../codeService.ts";
import type { CodeIndex } from "../codeIndex.ts";
import { countCode } from "./countCode.ts";
import { manifestKind, type ReadManifest, readManifest } from "./manifests.ts";

const USUAL_LIMIT = 10;
/** Those nearest to the root. */
const MOST_MANIFESTS = 20;
const MOST_ENTRIES = 30;

/** What there is in a work tree, counted from its index; manifests are read as they are now. */
export async function projectStats(
  service: CodeService,
  { limit = USUAL_LIMIT }: ProjectStatsInput,
): Promise<Omit<ProjectStatsResult, "memories">> {
  const sources = service.sources();
  const manifests = await manifestsOf(service, sources.index);
  const entries = [...manifests.flatMap((one) => one.entries), ...conventionalEntries(sources.index)];
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return {
    ...(await countCode(sources, { bytesOf: (path) => service.sizeOf(path), limit })),
    manifests: manifests.map(({ manifest }) => manifest),
    entryPoints: [...byPath.values()].slice(0, MOST_ENTRIES),
    index: service.status(),
  };
}

async function manifestsOf(service: CodeService, index: CodeIndex): Promise<readonly ReadManifest[]> {
  const paths = [...index.files()].map(({ path }) => path).filter((path) => manifestKind(path) !== undefined);
  const nearest = paths.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1)).slice(0, MOST_MANIFESTS);
  return Promise.all(nearest.map(async (path) => readManifest(path, (await service.read(path)) ?? "")));
}

const depth = (path: string): number => path.split("/").length;

const BY_NAME = /(?:^|\/)(?:__main__\.py|manage\.py|src\/main\.rs|src\/lib\.rs|config\.ru|bin\/[^/]+\.dart)$/u;

/** What languages enter a program by, where no manifest says it. */
function conventionalEntries(index: CodeIndex): readonly { readonly path: string; readonly why: string }[] {
  const mains = ["main", "Main"]
    .flatMap((name) => index.definersOf(name))
    .filter(({ role, language }) => role === "source" && MAIN_LANGUAGES.has(language ?? ""));
  const named = [...index.files()].filter(({ path, role }) => role === "source" && BY_NAME.test(path));
  return [
    ...mains.map(({ path }) => ({ path, why: "defines main" })),
    ...named.map(({ path }) => ({ path, why: "its name" })),
  ];
}

const MAIN_LANGUAGES: ReadonlySet<string> = new Set(["go", "c", "cpp", "rust", "java", "csharp", "dart"]);
