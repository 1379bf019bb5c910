import { createHash } from "node:crypto";
import type { ObjectFormat } from "./codeListing.ts";

/**
 * The id that git gives to these bytes, so that one content has one address with and without git. A file that git converts on the way into
 * a repository (line ends, Git LFS) has the id of what it became there while it is unchanged, and that of its own bytes afterwards.
 */
export function contentAddress(bytes: Uint8Array, format: ObjectFormat): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
