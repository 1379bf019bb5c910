import type { Files, OpenFile } from "../../src/engine/ports.ts";

/** A file's content, under whatever names. `durable` is what a crash cannot take; `pending` may survive it wholly, partly or not at all. */
interface Inode {
  content: Buffer;
  durable: Buffer;
  pending: Change[];
  /** Milliseconds since the epoch. */
  modified?: number;
}
type Change =
  { readonly kind: "append"; readonly bytes: Buffer } | { readonly kind: "truncate"; readonly length: number };

/** What one operation did to the names of a folder; all of it or nothing of it survives. */
type NameChange = readonly (readonly [path: string, inode: Inode | undefined])[];

/** A number in [0, 1). */
export type Random = () => number;

/**
 * `Files` in memory, and the in-memory twin of nodeFiles. It knows what was fsynced, so that it can say what a disk may hold after the
 * machine went down: `afterCrash`. The model is that of POSIX, not of one file system: contents survive only what `datasync` covered (a later
 * write may be there wholly, as a prefix of any length, as zeros, or with a hole), and names survive only what `syncFolder` covered (of the
 * others any subset may be there).
 */
export class CrashFiles implements Files {
  readonly #names = new Map<string, Inode>();
  readonly #durableNames = new Map<string, Inode>();
  readonly #pendingNames = new Map<string, NameChange[]>();
  readonly #folders = new Set<string>();
  /** Called before every operation that changes anything; a test takes a crash state there. */
  onChange: (operation: string) => void = () => undefined;

  async open(path: string, how: "read" | "append" | "exclusive"): Promise<OpenFile> {
    await pause();
    let inode = this.#names.get(path);
    if (inode !== undefined && how === "exclusive") throw failure("EEXIST", path);
    if (inode === undefined) {
      if (how === "read" || !this.#hasFolder(path)) throw failure("ENOENT", path);
      this.onChange(`create ${path}`);
      inode = { content: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [], modified: Date.now() };
      this.#change([[path, inode]]);
    }
    return new CrashFile(inode, how !== "read", (operation) => this.onChange(`${operation} ${path}`));
  }

  async readFile(path: string): Promise<Uint8Array> {
    await pause();
    return Buffer.from(this.#inode(path).content);
  }

  sizeSync(path: string): number | undefined {
    return this.#names.get(path)?.content.length;
  }

  modifiedSync(path: string): number | undefined {
    return this.#names.get(path)?.modified;
  }

  async list(folder: string): Promise<readonly string[]> {
    await pause();
    const within = (path: string): readonly string[] =>
      folderOf(path) === folder ? [path.slice(folder.length + 1)] : [];
    return [...[...this.#names.keys()].flatMap(within), ...[...this.#folders].flatMap(within)];
  }

  async makeFolder(folder: string): Promise<void> {
    await pause();
    for (let path = folder; path !== "" && !this.#folders.has(path); path = folderOf(path)) this.#folders.add(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await pause();
    const inode = this.#inode(from);
    this.onChange(`rename ${from}`);
    this.#change([
      [to, inode],
      [from, undefined],
    ]);
  }

  async link(existing: string, name: string): Promise<void> {
    await pause();
    const inode = this.#inode(existing);
    if (this.#names.has(name)) throw failure("EEXIST", name);
    this.onChange(`link ${name}`);
    this.#change([[name, inode]]);
  }

  async remove(path: string): Promise<void> {
    await pause();
    if (!this.#names.has(path)) return;
    this.onChange(`remove ${path}`);
    this.#change([[path, undefined]]);
  }

  async syncFolder(folder: string): Promise<void> {
    await pause();
    if (!this.#folders.has(folder)) throw failure("ENOENT", folder);
    this.onChange(`syncFolder ${folder}`);
    for (const change of this.#pendingNames.get(folder) ?? []) applyNames(this.#durableNames, change);
    this.#pendingNames.delete(folder);
  }

  /** A disk as it may be found after a crash at this moment. Nothing of this object is shared with it. Folders count as durable. */
  afterCrash(random: Random): CrashFiles {
    const names = new Map(this.#durableNames);
    // A seed in which nothing unsynced survives, and one in which all does, come often enough to be met.
    const survival = [0, 1, random(), random()][Math.floor(random() * 4)] ?? 0;
    for (const changes of this.#pendingNames.values()) {
      for (const change of changes) if (random() < survival) applyNames(names, change);
    }
    const found = new CrashFiles();
    const copies = new Map<Inode, Inode>();
    for (const [path, inode] of names) {
      let copy = copies.get(inode);
      if (copy === undefined) {
        const content = contentAfterCrash(inode, survival, random);
        copy = { ...inode, content, durable: content, pending: [] };
        copies.set(inode, copy);
      }
      found.#names.set(path, copy);
      found.#durableNames.set(path, copy);
    }
    for (const folder of this.#folders) found.#folders.add(folder);
    return found;
  }

  /** Replaces a file's bytes, durably: damage that no operation of ours did. */
  put(path: string, content: Uint8Array): void {
    const bytes = Buffer.from(content);
    const inode: Inode = { content: bytes, durable: bytes, pending: [], modified: Date.now() };
    this.#names.set(path, inode);
    this.#durableNames.set(path, inode);
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw failure("ENOENT", path);
    return inode;
  }

  #hasFolder(path: string): boolean {
    return this.#folders.has(folderOf(path));
  }

  #change(change: NameChange): void {
    applyNames(this.#names, change);
    for (const folder of new Set(change.map(([path]) => folderOf(path)))) {
      const pending = this.#pendingNames.get(folder) ?? [];
      pending.push(change.length > 1 ? change : change.filter(([path]) => folderOf(path) === folder));
      this.#pendingNames.set(folder, pending);
    }
  }
}

class CrashFile implements OpenFile {
  readonly #inode: Inode;
  readonly #writable: boolean;
  readonly #onChange: (operation: string) => void;
  #open = true;

  constructor(inode: Inode, writable: boolean, onChange: (operation: string) => void) {
    this.#inode = inode;
    this.#writable = writable;
    this.#onChange = onChange;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#ready(true);
    this.#onChange("append");
    const copy = Buffer.from(bytes);
    this.#inode.pending.push({ kind: "append", bytes: copy });
    this.#inode.content = Buffer.concat([this.#inode.content, copy]);
    this.#inode.modified = Date.now();
  }

  async datasync(): Promise<void> {
    await this.#ready(false);
    this.#onChange("datasync");
    this.#inode.durable = this.#inode.content;
    this.#inode.pending = [];
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    await this.#ready(false);
    return Buffer.from(this.#inode.content.subarray(offset, offset + length));
  }

  async truncate(length: number): Promise<void> {
    await this.#ready(true);
    this.#onChange("truncate");
    this.#inode.pending.push({ kind: "truncate", length });
    this.#inode.content = cutTo(this.#inode.content, length);
    this.#inode.modified = Date.now();
  }

  async size(): Promise<number> {
    await this.#ready(false);
    return this.#inode.content.length;
  }

  async close(): Promise<void> {
    await this.#ready(false);
    this.#open = false;
  }

  async #ready(write: boolean): Promise<void> {
    await pause();
    if (!this.#open || (write && !this.#writable)) throw failure("EBADF", "a file");
  }
}

function contentAfterCrash(inode: Inode, survival: number, random: Random): Buffer {
  let content = inode.durable;
  for (const change of inode.pending) {
    if (random() >= survival) {
      // A write that is gone leaves those after it without their place, except as a hole of zeros.
      if (change.kind === "append" && random() < 0.3)
        content = Buffer.concat([content, Buffer.alloc(change.bytes.length)]);
      else if (random() < 0.7) return content;
      continue;
    }
    if (change.kind === "truncate") content = cutTo(content, change.length);
    else content = Buffer.concat([content, partOf(change.bytes, random)]);
  }
  return content;
}

function partOf(bytes: Buffer, random: Random): Buffer {
  const cut = Math.floor(random() * (bytes.length + 1));
  switch (Math.floor(random() * 4)) {
    case 0:
      return bytes.subarray(0, cut);
    case 1: {
      const holed = Buffer.from(bytes);
      holed.fill(0, cut, Math.min(bytes.length, cut + 1 + Math.floor(random() * 64)));
      return holed;
    }
    case 2: {
      const zeroTail = Buffer.from(bytes);
      zeroTail.fill(0, cut);
      return zeroTail;
    }
    default:
      return bytes;
  }
}

function cutTo(content: Buffer, length: number): Buffer {
  return length <= content.length
    ? content.subarray(0, length)
    : Buffer.concat([content, Buffer.alloc(length - content.length)]);
}

function applyNames(names: Map<string, Inode>, change: NameChange): void {
  for (const [path, inode] of change) {
    if (inode === undefined) names.delete(path);
    else names.set(path, inode);
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** Every operation gives way once, as those of a real disk do. */
function pause(): Promise<void> {
  return Promise.resolve();
}
