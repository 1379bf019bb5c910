import { join } from "node:path";
import { KINDS, resolveKind } from "../contract/kinds.ts";
import type { CaptureInput } from "../contract/tools.ts";
import { normaliseAnchorPath } from "./admit/anchorPath.ts";
import { rootOf } from "./lineage.ts";
import type { EnginePorts } from "./enginePorts.ts";
import { GitFailure, type GitRunner } from "./ports.ts";
import type { GitPlace } from "./seams.ts";

export type CaptureWarningParts = Pick<EnginePorts, "realPath" | "git">;

/**
 * What whoever captured it may have meant otherwise, a sentence each: a type that names no kind where none is given, anchors to files that are
 * neither in the working tree nor at HEAD. For what was captured, so that its anchors lie within the workspace.
 */
export async function captureWarnings(
  { eventType, kind, anchors = [] }: CaptureInput,
  place: GitPlace,
  parts: CaptureWarningParts,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  if (kind === undefined && resolveKind(eventType) === undefined)
    warnings.push(
      `The type "${shorten(eventType)}" is no kind, so this is kept as a note. Kinds are ${KINDS.join(", ")}.`,
    );
  const root = rootOf(place);
  const missing: string[] = [];
  for (const path of new Set(anchors.map((anchor) => normaliseAnchorPath(anchor.path, root))))
    if ((await parts.realPath(join(root, path))) === undefined) missing.push(path);
  const atHead = await pathsAtHead(missing, place, parts.git);
  for (const path of missing)
    if (!atHead.has(path))
      warnings.push(`The anchor "${shorten(path)}" is no file here, neither in the working tree nor at HEAD.`);
  return warnings;
}

async function pathsAtHead(
  paths: readonly string[],
  { repository }: GitPlace,
  git: GitRunner,
): Promise<ReadonlySet<string>> {
  if (paths.length === 0 || repository?.head === undefined) return new Set();
  const stdin = paths.map((path) => `${repository.head}:${path}\n`).join("");
  try {
    const answers = (await git.run(["cat-file", "--batch-check"], { cwd: repository.root, stdin })).split("\n");
    return new Set(paths.filter((_, index) => answers[index]?.endsWith(" missing") === false));
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    return new Set(paths);
  }
}

const shorten = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 119)}…`);
