import { lstatSync } from "node:fs";
import { join } from "node:path";
import type { FoundRepository } from "./findRepository.ts";
import { isObjectId } from "./objectId.ts";
import { readText } from "./readText.ts";
import { Evidence } from "./stamp.ts";

/** Where HEAD is. No branch: detached; no head: unborn. */
export interface Head {
  readonly branch?: string;
  readonly head?: string;
}

export interface HeadReading {
  /** Undefined: stored in a way that is not read here (reftable, a linked or damaged HEAD): git has to be asked. */
  readonly head: Head | undefined;
  readonly evidence: Evidence;
  /** Whether every later change shows in the evidence. */
  readonly watched: boolean;
}

/**
 * Reads HEAD from its files: HEAD, then the ref that it names, loose or else packed. Nothing that the files say leads outside of the
 * git directories.
 */
export function readHead(repository: FoundRepository): HeadReading {
  const evidence = new Evidence();
  const path = join(repository.gitDir, "HEAD");
  evidence.take(path);
  const content = isLink(path) ? undefined : readText(path)?.trimEnd();
  const head = content === undefined ? undefined : follow(repository, content, evidence);
  if (head !== undefined) return { head, evidence, watched: true };
  // Where refs are kept in tables, their changes show in the list of the tables.
  const shared = evidence.take(join(repository.commonDir, "reftable", "tables.list"));
  if (repository.gitDir !== repository.commonDir) evidence.take(join(repository.gitDir, "reftable", "tables.list"));
  return { head, evidence, watched: shared !== undefined };
}

/** More levels of refs that name refs than git follows (SYMREF_MAXDEPTH in refs.h). */
const MAXIMUM_DEPTH = 5;

function follow(repository: FoundRepository, content: string, evidence: Evidence): Head | undefined {
  let ref: string | undefined;
  let value: string | undefined = content;
  for (let depth = 0; depth <= MAXIMUM_DEPTH; depth++) {
    if (isObjectId(value)) return { ...named(ref), head: value };
    const target: string | undefined = /^ref:\s*(\S.*)$/.exec(value)?.[1];
    if (target === undefined || !isPlainRef(target)) return undefined;
    ref = target;
    value = readRef(repository, ref, evidence);
    if (value === undefined) return named(ref);
  }
  return undefined;
}

function named(ref: string | undefined): Head {
  if (ref === undefined) return {};
  return { branch: ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : ref };
}

/**
 * A name that git-check-ref-format(1) allows, so that it stays inside `refs`. `refs/heads/.invalid` is what HEAD says where refs are kept
 * in tables; U+FFFD stands for bytes that are no UTF-8.
 */
function isPlainRef(ref: string): boolean {
  return (
    /^refs\/[^\x00-\x20\x7f~^:?*[\\\uFFFD]+$/.test(ref) &&
    !ref.split("/").some((part) => part === "" || part.startsWith("."))
  );
}

/** Loose first: git writes a packed ref before it removes the loose one. */
function readRef(repository: FoundRepository, ref: string, evidence: Evidence): string | undefined {
  const loose = join(isOfWorktree(ref) ? repository.gitDir : repository.commonDir, ref);
  const stamp = evidence.take(loose);
  const content = stamp === undefined || stamp.isFolder ? undefined : readText(loose);
  if (content !== undefined) return content.trimEnd();
  const packed = join(repository.commonDir, "packed-refs");
  return evidence.take(packed) === undefined ? undefined : findPacked(readText(packed) ?? "", ref);
}

/** Refs that every worktree has for itself: git-worktree(1), REFS. */
function isOfWorktree(ref: string): boolean {
  return /^refs\/(?:bisect|worktree|rewritten)\//.test(ref);
}

function findPacked(packed: string, ref: string): string | undefined {
  const end = packed.indexOf(` ${ref}\n`);
  if (end < 0) return undefined;
  return packed.slice(packed.lastIndexOf("\n", end) + 1, end);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
