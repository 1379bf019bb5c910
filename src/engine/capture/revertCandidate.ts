import type { Anchor } from "../../contract/memory.ts";
import type { Candidate } from "../../contract/peer.ts";
import { citedCommit } from "../../contract/shortCommit.ts";
import type { ChangedFile } from "./changedLines.ts";
import { isAnchorPath } from "./commitCandidates.ts";
import type { Revert } from "./reverts.ts";
import { cutUnits, titleOf } from "./title.ts";

/** The event type of the memory of a change that a commit took back. */
export const REVERT_EVENT = "revert";
const PATHS_ANCHORED = 10;
const PATHS_SHOWN = 12;
const LONGEST_WHY = 2_000;

/** Those that a memory of the commit is anchored to: the ones that changed most. */
export function anchoredFiles(files: readonly ChangedFile[]): readonly ChangedFile[] {
  return files
    .filter(({ path }) => isAnchorPath(path))
    .toSorted((a, b) => b.lines - a.lines)
    .slice(0, PATHS_ANCHORED);
}

export const revertTitle = (revert: Revert): string | undefined => titleOf(`Reverted: ${triedIn(revert)}`);

const triedIn = ({ by, of }: Revert): string =>
  of.subject ?? (of.commit === undefined ? undefined : citedCommit(of.commit)) ?? by.subject;

/** `symbols`: by path, those whose lines were changed. */
export function revertCandidate(
  revert: Revert,
  files: readonly ChangedFile[],
  symbols: ReadonlyMap<string, readonly string[]>,
): Candidate {
  const { by, of, how, backAt } = revert;
  const title = revertTitle(revert);
  const paths = files.map(({ path }) => path);
  const more = paths.length - PATHS_SHOWN;
  const why = cutUnits(by.revert?.why ?? "", LONGEST_WHY).trim();
  const first = of.commit === undefined ? "" : `, commit ${citedCommit(of.commit)}${dayOf(of.timestamp, " of ")}`;
  const content = [
    `This was tried and taken back: ${triedIn(revert)}${first}.`,
    `Commit ${citedCommit(by.id)} of ${dayOf(by.timestamp)} ${how === "said" ? "reverted it" : "undid it exactly, without saying so"}: ${by.subject}`,
    why === "" ? "Its message does not say why." : why,
    paths.length === 0 ? "" : `Files: ${paths.slice(0, PATHS_SHOWN).join(", ")}${more > 0 ? `, and ${more} more` : ""}`,
  ];
  return {
    content: content.filter((text) => text !== "").join("\n\n"),
    eventType: REVERT_EVENT,
    kind: "gotcha",
    scope: "lineage",
    ...(title === undefined ? {} : { title }),
    tags: ["reverted"],
    metadata: { reverted: revertMark(by.id, of.commit, how, backAt), paths: paths.length },
    anchors: anchoredFiles(files).flatMap(({ path }): Anchor[] => {
      const inside = symbols.get(path) ?? [];
      return inside.length === 0 ? [{ path }] : inside.map((symbol) => ({ path, symbol }));
    }),
  };
}

/** What the metadata of such a memory say. Where a commit of `backAt` is inherited the memory is hidden. */
export const revertMark = (
  by: string,
  of: string | undefined,
  how: Revert["how"],
  backAt: readonly string[],
): { by: string; of?: string; how: string; backAt?: string[] } => ({
  by,
  how,
  ...(of === undefined ? {} : { of }),
  ...(backAt.length === 0 ? {} : { backAt: [...backAt] }),
});

const dayOf = (at: number | undefined, before = ""): string =>
  at === undefined ? "" : `${before}${new Date(at).toISOString().slice(0, 10)}`;
