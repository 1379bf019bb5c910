import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/** An entry of sources.json: a repository at a commit, or a Debian package at a version. */
export type Source = {
  readonly licence: string;
  /** What becomes pairs; a data set has a reader of its own. */
  readonly take: readonly ("code" | "prose" | "commits" | "wordnet" | "tldr" | "personas" | "tasks" | "intents")[];
} & ({ readonly repository: string; readonly commit: string } | { readonly package: string; readonly version: string });

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Where repositories and packages lie. */
export interface SourceFolders {
  /** Git directories as OWNER+NAME/repo. */
  readonly repositories: string;
  /** Packages, each in a folder of its own; what is missing is downloaded by apt. */
  readonly packages: string;
}

/** Snapshots of repositories lack larger files; so that a whole clone gives the same. */
const LARGEST_BYTES = (4 << 20) - 1;
const GIT_BUFFER_BYTES = 1 << 30;

export const nameOf = (source: Source): string => ("package" in source ? source.package : source.repository);

/** Files whose path is wanted, in the order of their paths. Throws where the source cannot be had. */
export function sourceFiles(source: Source, folders: SourceFolders, wanted: (path: string) => boolean): SourceFile[] {
  return "package" in source
    ? packageFiles(packageFolder(source, folders), wanted)
    : repositoryFiles(gitFolder(source.repository, folders), source.commit, wanted);
}

export const gitFolder = (repository: string, { repositories }: SourceFolders): string =>
  join(repositories, repository.replace("/", "+"), "repo");

/** Of one commit. Blobs that a snapshot lacks are left out. */
export function repositoryFiles(folder: string, commit: string, wanted: (path: string) => boolean): SourceFile[] {
  const listed = execFileSync("git", ["--git-dir", folder, "ls-tree", "-r", "-l", "-z", commit], {
    encoding: "utf8",
    maxBuffer: GIT_BUFFER_BYTES,
  });
  const entries = listed.split("\0").flatMap((line) => {
    const [, kind, id = "", size, path = ""] = /^\d+ (\w+) (\w+)\s+(\S+)\t(.*)$/su.exec(line) ?? [];
    return kind === "blob" && Number(size) <= LARGEST_BYTES && wanted(path) ? [{ id, path }] : [];
  });
  const texts = readBlobs(
    folder,
    entries.map(({ id }) => id),
  );
  return entries.map(({ path }, at) => ({ path, text: texts[at] ?? "" }));
}

/** Texts of blobs, in the order asked. */
export function readBlobs(folder: string, ids: readonly string[]): string[] {
  const { stdout } = spawnSync("git", ["--git-dir", folder, "cat-file", "--batch"], {
    input: ids.join("\n"),
    maxBuffer: GIT_BUFFER_BYTES,
  });
  const texts: string[] = [];
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf(10, at);
    const [, kind, length] = stdout.toString("latin1", at, end).split(" ");
    const size = kind === "blob" ? Number(length) : -1;
    texts.push(size < 0 ? "" : stdout.toString("utf8", end + 1, end + 1 + size));
    at = size < 0 ? end + 1 : end + 1 + size + 1;
  }
  return texts;
}

function packageFolder(
  { package: name, version }: Extract<Source, { readonly package: string }>,
  { packages }: SourceFolders,
) {
  const folder = join(packages, `${name}_${version.replace(/[^\w.+~-]/gu, "_")}`);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    execFileSync("apt-get", ["download", "-qq", `${name}=${version}`], { cwd: folder, stdio: "inherit" });
    for (const file of readdirSync(folder)) execFileSync("dpkg-deb", ["-x", join(folder, file), folder]);
  }
  return folder;
}

function packageFiles(folder: string, wanted: (path: string) => boolean): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => wanted(path) && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true)
    .sort()
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}
