import type { ParseApi } from "../contract/code.ts";
import { anchorKey } from "../contract/freshness.ts";
import type { Memory } from "../contract/memory.ts";
import type { Fingerprints } from "./anchorReader.ts";
import { readBlobs } from "./anchors/blobs.ts";
import { CodeFile } from "./anchors/codeFile.ts";
import { fingerprintOf } from "./anchors/fingerprint.ts";
import { contentAddress } from "./code/walk/contentAddress.ts";
import { decodeText } from "./code/walk/decodeText.ts";
import { isBinary, judgeText } from "./code/walk/judgeContent.ts";
import type { GitRunner } from "./ports.ts";
import { parseSymbols } from "./treeSources.ts";

/** What is waited for a file to be parsed, in milliseconds. */
const PARSE_MS = 2_000;

/**
 * What the anchors of memories spoke of, as the commits have it that the memories belong to: for those that nobody read when they were captured. One that
 * waits for its commit was captured from a changed tree, of which no commit tells. Throws `GitFailure`.
 */
export async function committedAnchors(
  memories: readonly Memory[],
  root: string,
  { git, parser }: { readonly git: GitRunner; readonly parser: ParseApi },
): Promise<readonly Fingerprints[]> {
  const nameOf = ({ provenance }: Memory, path: string): string | undefined =>
    provenance.pending || provenance.commit === undefined ? undefined : `${provenance.commit}:${path}`;
  const names = memories.flatMap((memory) => memory.anchors.flatMap(({ path }) => nameOf(memory, path) ?? []));
  const blobs = await readBlobs(git, root, names);
  const files = new Map<string, CodeFile | undefined>();
  const found: Fingerprints[] = [];
  for (const memory of memories) {
    const prints: (readonly [string, Fingerprints[string]])[] = [];
    for (const anchor of memory.anchors) {
      const name = nameOf(memory, anchor.path);
      const bytes = name === undefined ? undefined : blobs.get(name);
      if (name === undefined || bytes === undefined) continue;
      if (!files.has(name)) files.set(name, fileOf(anchor.path, bytes));
      const file = files.get(name);
      if (file === undefined) continue;
      if (anchor.symbol !== undefined && file.symbols === undefined)
        file.withSymbols((await parseSymbols(parser, file, PARSE_MS)) ?? []);
      const print = fingerprintOf(anchor, file);
      if (print !== undefined) prints.push([anchorKey(anchor), print]);
    }
    found.push(Object.fromEntries(prints));
  }
  return found;
}

function fileOf(path: string, bytes: Uint8Array): CodeFile | undefined {
  const text = textOf(path, bytes);
  return text === undefined ? undefined : new CodeFile(path, contentAddress(bytes, "sha1"), text);
}

/** As a file of the work tree is read; undefined for what is no code. */
export function textOf(path: string, bytes: Uint8Array): string | undefined {
  if (isBinary(bytes)) return undefined;
  const { text } = decodeText(bytes);
  return judgeText(path, text) === undefined ? text : undefined;
}
