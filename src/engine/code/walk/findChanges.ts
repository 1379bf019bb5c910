import { type CodeFolder, openCodeFolder } from "./codeFolder.ts";
import { type CodeFile, type CodeListing, MAXIMUM_FILE_BYTES } from "./codeListing.ts";
import { contentAddress } from "./contentAddress.ts";

/** Every listed file with its content address, as of one walk. Kept by whoever indexes, and given to the next walk. */
export interface CodeState {
  /** When the walk began, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly objectFormat: CodeListing["objectFormat"];
  readonly files: ReadonlyMap<string, AddressedFile>;
}
export type AddressedFile = CodeFile & { readonly blob: string };

export interface CodeChanges {
  readonly state: CodeState;
  readonly added: readonly AddressedFile[];
  /** Files whose content is another. One that was only touched, or whose mode changed, is not among them. */
  readonly changed: readonly AddressedFile[];
  readonly removed: readonly string[];
  /** Files that were read to tell. */
  readonly hashed: number;
}

export interface FindChangesOptions {
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  readonly folder?: CodeFolder;
}

/**
 * Times may be as coarse as two seconds (FAT). A file that was written within that of the last walk, or later, may have been written again
 * without its size and time showing it, which is git's "racy" problem, so it is read.
 */
const COARSEST_TIMESTAMP_MS = 2_000;
/** Files that are read at once: as many as Node has threads for. */
const READS_AT_ONCE = 4;

/**
 * What differs between a former state and a new listing of the same root. A file whose content git knows is compared by that; of the others
 * one with the size and time of the former state is taken for unchanged unless it is racy, and the rest are read and hashed. A file that
 * cannot be read any more counts as removed. After a checkout of another branch these are exactly the files whose content differs.
 */
export async function findChanges(
  root: string,
  former: CodeState | undefined,
  listing: CodeListing,
  options: FindChangesOptions = {},
): Promise<CodeChanges> {
  const folder = options.folder ?? openCodeFolder(root);
  // In a repository of another format every address is another.
  const known = former?.objectFormat === listing.objectFormat ? former : undefined;
  const files = new Map<string, AddressedFile>();
  const unknown: CodeFile[] = [];
  for (const file of listing.files) {
    const blob = file.blob ?? stillValid(file, known);
    if (blob === undefined) unknown.push(file);
    // Held in the order of the listing.
    files.set(file.path, { ...file, blob: blob ?? "" });
  }
  await eachAtOnce(unknown, READS_AT_ONCE, async (file) => {
    options.signal?.throwIfAborted();
    const read = await folder.read(file.path, options.maxBytes ?? MAXIMUM_FILE_BYTES);
    if (!("bytes" in read)) files.delete(file.path);
    else {
      const { bytes, size, modifiedMs } = read;
      files.set(file.path, { ...file, size, modifiedMs, blob: contentAddress(bytes, listing.objectFormat) });
    }
  });
  const added: AddressedFile[] = [];
  const changed: AddressedFile[] = [];
  for (const file of files.values()) {
    const before = former?.files.get(file.path);
    if (before === undefined) added.push(file);
    else if (before.blob !== file.blob) changed.push(file);
  }
  const removed = [...(former?.files.keys() ?? [])].filter((path) => !files.has(path));
  const { startedAt, objectFormat } = listing;
  return { state: { startedAt, objectFormat, files }, added, changed, removed, hashed: unknown.length };
}

/** The address from before, if size and time vouch for it. */
function stillValid(file: CodeFile, former: CodeState | undefined): string | undefined {
  const before = former?.files.get(file.path);
  if (former === undefined || before === undefined) return undefined;
  const isRacy = file.modifiedMs >= former.startedAt - COARSEST_TIMESTAMP_MS;
  const isSame = before.size === file.size && before.modifiedMs === file.modifiedMs;
  return isSame && !isRacy ? before.blob : undefined;
}

async function eachAtOnce<Item>(items: readonly Item[], count: number, work: (item: Item) => Promise<void>) {
  let next = 0;
  const take = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: count }, take));
}
