import type { IndexedFile } from "../codeIndex.ts";
import type { ImportGraph } from "../importGraph.ts";

export interface ReachedFile {
  readonly file: IndexedFile;
  /** Imports between it and what changes. */
  readonly distance: number;
  readonly line: number;
}

/** Files that import a file, those that import them, and so on, the nearest first. */
export function fileImpact(
  changed: IndexedFile,
  imports: ImportGraph,
  limits: { readonly depth: number; readonly files: number },
): { readonly files: readonly ReachedFile[]; readonly isCut: boolean } {
  const seen = new Set([changed]);
  const files: ReachedFile[] = [];
  let ring: readonly IndexedFile[] = [changed];
  let isCut = false;
  for (let distance = 1; distance <= limits.depth && ring.length > 0; distance++) {
    const next: IndexedFile[] = [];
    for (const one of ring)
      for (const file of imports.importersOf(one)) {
        if (seen.has(file)) continue;
        if (files.length >= limits.files) {
          isCut = true;
          break;
        }
        seen.add(file);
        files.push({ file, distance, line: imports.lineOf(file, one) });
        // What a test needs is needed by nothing else.
        if (file.role !== "test") next.push(file);
      }
    ring = next;
  }
  return { files, isCut: isCut || ring.length > 0 };
}
