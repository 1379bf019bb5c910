import { counted } from "../contract/counted.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Memory } from "../contract/memory.ts";
import { DOCUMENTS_WITH_BLOCK, SHARED_FOLDER, type ShareInput, type ShareResult } from "../contract/share.ts";
import { blockOf, readDocumentText, withBlock, writeDocumentText } from "./share/markedBlock.ts";
import { sharedForms, type SharedState, type SharingParts } from "./sharedState.ts";

/** Memories flow out into a marked block of a document that agents read, or the block is taken out. INVALID_INPUT, FORBIDDEN_PATH. */
export async function shareIntoDocument(
  { action, to: path = "", dryRun }: ShareInput,
  parts: SharingParts,
  { root, trusted }: Pick<SharedState, "root" | "trusted">,
  chosen: readonly Memory[],
): Promise<ShareResult> {
  if (!DOCUMENTS_WITH_BLOCK.test(path))
    throw new HeirloomError(
      "INVALID_INPUT",
      `A block goes into AGENTS.md, CLAUDE.md, GEMINI.md, .github/copilot-instructions.md or .github/instructions/NAME.instructions.md, not into ${JSON.stringify(path)}.`,
    );
  const result: ShareResult = { folder: SHARED_FOLDER, trusted, problems: [], ...(dryRun === true ? { dryRun } : {}) };
  const before = await readDocumentText(root, path);
  const forms = await sharedForms(parts, root, chosen, () => false);
  const leftOut: { id: string; why: string }[] = [];
  const taken = [...forms].flatMap(([id, form]) => {
    if (typeof form !== "string") return [form];
    leftOut.push({ id, why: form });
    return [];
  });
  const block = action === "unshare" ? undefined : blockOf(taken);
  if (block !== undefined && taken.length === 0)
    throw new HeirloomError(
      "INVALID_INPUT",
      `None of ${counted(chosen.length)} can be shared: name memories by ids, filters or a kind. By itself it takes the rules and decisions that are visible here.`,
    );
  for (const id of block?.without ?? [])
    leftOut.push({ id, why: "finds no room: agents read the block in every session" });
  const after = withBlock(before ?? "", block?.lines, path);
  if (after === (before ?? "")) return { ...result, written: [], unchanged: 1, leftOut };
  if (dryRun !== true) await writeDocumentText(root, path, after);
  return { ...result, written: [{ path, change: before === undefined ? "new" : "changed" }], leftOut };
}
