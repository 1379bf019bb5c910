import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { explainFileError } from "./explainFileError.ts";

/** Characters written at once: few calls, and others have their turn in between. */
const PIECE = 65_536;

/**
 * Writes lines to a file whole or not at all: they are written beside it, and the result renamed. Gives the number of lines. `onProgress` is
 * told how many are written so far. INVALID_INPUT, FORBIDDEN_PATH, STORAGE_FULL, and what `lines` and the signal throw.
 */
export async function exportFile(
  lines: AsyncIterable<string>,
  path: string,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (lines: number) => void } = {},
): Promise<number> {
  const beside = `${path}.${randomUUID()}.part`;
  let count = 0;
  let piece = "";
  try {
    const file = await open(beside, "wx", 0o600);
    const write = async (): Promise<void> => {
      options.signal?.throwIfAborted();
      await file.write(piece);
      piece = "";
      options.onProgress?.(count);
    };
    try {
      for await (const line of lines) {
        piece += `${line}\n`;
        count++;
        if (piece.length >= PIECE) await write();
      }
      await write();
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    return count;
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw explainFileError(error, path);
  }
}
