import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { decodeText } from "../walk/decodeText.ts";
import { isBinary } from "../walk/judgeContent.ts";

/**
 * Reads files that were listed, each at once: a turn of the event loop costs more than a file. Undefined for what has become no text, too large,
 * or no file below the root since. Folders are looked at once, so that one of these serves one request.
 */
export function createReader(root: string, maxBytes: number): (path: string) => string | undefined {
  const top = realpathSync(root);
  const inside = new Map<string, string | undefined>();
  const realFolder = (folder: string): string | undefined => {
    if (!inside.has(folder)) inside.set(folder, realInside(top, folder));
    return inside.get(folder);
  };
  return (path) => {
    const slash = path.lastIndexOf("/");
    try {
      const folder = realFolder(slash < 0 ? "" : path.slice(0, slash));
      const bytes = folder === undefined ? undefined : readFile(join(folder, path.slice(slash + 1)), maxBytes);
      return bytes === undefined || isBinary(bytes) ? undefined : decodeText(bytes).text;
    } catch {
      return undefined;
    }
  };
}

function realInside(top: string, folder: string): string | undefined {
  const real = realpathSync.native(join(top, folder));
  return real === top || real.startsWith(top.endsWith(sep) ? top : top + sep) ? real : undefined;
}

/** A link is not followed, and a pipe does not hang us. */
function readFile(path: string, maxBytes: number): Uint8Array | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    const buffer = Buffer.allocUnsafe(stat.size);
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(file, buffer, length, buffer.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
