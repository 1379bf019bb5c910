import type { Receipt } from "../../contract/hooks.ts";
import type { Clock, Files, Logger } from "../ports.ts";
import {
  applyLines,
  emptySession,
  encodeLine,
  headerLine,
  type SessionLine,
  type SessionState,
  sessionFileName,
  shortened,
  withoutTexts,
} from "./sessionFile.ts";

export interface SessionLogsParts {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  /** Absolute path of the folder of all sessions' logs. */
  readonly folder: string;
}

/** A log that grows past this is written anew without its oldest events. */
export const MOST_LOG_BYTES = 1_048_576;
const KEPT_LOG_BYTES = MOST_LOG_BYTES / 4;
export const MOST_SESSIONS = 200;
export const MOST_SESSION_AGE_MS = 30 * 86_400_000;
/** Sessions whose state is kept in memory. */
const MOST_OPEN = 32;

interface Opened {
  state: SessionState;
  /** Bytes that `state` holds: all lines up to here are whole. */
  offset: number;
}

/**
 * What happens in agents' sessions, one file of JSON lines each. Losing the last lines in a crash costs nothing worth an fsync. Several
 * processes may append to one log at once: a line is one write at the end of the file, and all read what the others wrote.
 */
export class SessionLogs {
  readonly #parts: SessionLogsParts;
  readonly #opened = new Map<string, Opened>();
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(parts: SessionLogsParts) {
    this.#parts = parts;
  }

  /** Does `work` while no other of this process works on the same session. */
  async exclusively<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(sessionId) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#queues.set(sessionId, mine);
    try {
      return await mine;
    } finally {
      if (this.#queues.get(sessionId) === mine) this.#queues.delete(sessionId);
    }
  }

  /** The session as it stands now, also by what other processes wrote. UNSUPPORTED_VERSION. */
  async read(sessionId: string): Promise<SessionState> {
    return (await this.#sync(sessionId)).state;
  }

  /** UNSUPPORTED_VERSION, before anything is written. */
  async append(sessionId: string, lines: readonly SessionLine[]): Promise<void> {
    if (lines.length === 0) return;
    const { files, folder } = this.#parts;
    const opened = await this.#sync(sessionId);
    const path = this.#path(sessionId);
    if (opened.state.session === undefined) await files.makeFolder(folder);
    const file = await files.open(path, "append");
    try {
      // What a crash left of a line is ended, so that it cannot spoil this one.
      const torn = (files.sizeSync(path) ?? 0) > opened.offset ? "\n" : "";
      const header = opened.state.session !== undefined ? "" : encodeLine(headerLine(sessionId));
      const bytes = Buffer.from(torn + header + lines.map(encodeLine).join(""));
      await file.append(bytes);
      // Nobody else wrote meanwhile: it need not be read again.
      if (torn === "" && files.sizeSync(path) === opened.offset + bytes.length) take(opened, bytes, path);
    } finally {
      await file.close();
    }
    const { state, offset } = await this.#sync(sessionId);
    if (offset > MOST_LOG_BYTES) await this.#shorten(sessionId, state);
  }

  /** Says that these memories are told to the agent by `by`; gives those that no other hook has told it before. */
  async claim(sessionId: string, by: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    await this.append(sessionId, [{ type: "said", by, ids }]);
    const { said } = await this.read(sessionId);
    return new Set(ids.filter((id) => said.get(id) === by));
  }

  /**
   * The session is over: what was said in it and what its commands printed has been made memories of, and is not kept beside them. What it
   * changed stays: a person may undo it yet.
   */
  async finish(sessionId: string): Promise<void> {
    const state = await this.read(sessionId);
    const edits = state.events.filter(({ type }) => type === "edit" || type === "undone");
    if (edits.length < state.events.length) await this.#shorten(sessionId, { ...state, events: edits });
  }

  /**
   * Takes out of every session, also one that goes on, what was said and printed in it: what is to leave the disk for good may stand there too,
   * and would be made a memory of again. A log that cannot be read is left alone.
   */
  async dropTexts(): Promise<void> {
    const { files, logger } = this.#parts;
    for (const { path } of await this.#logs()) {
      // Left by a crash: the log itself stands beside it.
      if (path.endsWith(".tmp")) {
        await files.remove(path);
        continue;
      }
      try {
        const { session } = await this.#load(path);
        if (session === undefined || this.#path(session) !== path) continue;
        await this.exclusively(session, async () => {
          const left = withoutTexts(await this.#load(path));
          if (left !== undefined) await this.#shorten(session, left);
        });
      } catch (error) {
        logger.log("warn", "a session's log could not be freed of its texts", { error });
      }
    }
  }

  /** Whether another session edited the file since then, in milliseconds since the epoch. A log that cannot be read may have. */
  async editedElsewhere(sessionId: string, path: string, since: number): Promise<boolean> {
    const own = this.#path(sessionId);
    for (const log of await this.#logs()) {
      if (log.path === own || log.path.endsWith(".tmp") || log.modified < since) continue;
      try {
        const { events } = await this.#load(log.path);
        if (events.some((event) => event.type === "edit" && event.path === path && event.at >= since)) return true;
      } catch {
        return true;
      }
    }
    return false;
  }

  /** Sessions, newest first, that changed files since then and may see that undone. */
  async changing(since: number, most: number): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { path, modified } of await this.#logs()) {
      if (found.length === most || modified < since) break;
      try {
        const { session, events } = await this.#load(path);
        if (session !== undefined && events.some((event) => event.type === "edit" && event.change !== undefined))
          found.push(session);
      } catch {
        continue;
      }
    }
    return found;
  }

  /** Newest first. A log that cannot be read is passed over. */
  async receipts(limit: number, sessionId?: string): Promise<readonly Receipt[]> {
    const newest = (all: readonly Receipt[]): Receipt[] => [...all].sort((a, b) => b.at - a.at).slice(0, limit);
    if (sessionId !== undefined) return newest((await this.read(sessionId)).receipts);
    let found: Receipt[] = [];
    for (const { path, modified } of await this.#logs()) {
      if (found.length === limit && (found.at(-1)?.at ?? 0) > modified) break;
      try {
        found = newest([...found, ...(await this.#load(path)).receipts]);
      } catch {
        continue;
      }
    }
    return found;
  }

  /** Removes logs that nobody wrote to for long, and the oldest where there are too many; never that of `current`. */
  async prune(current: string): Promise<void> {
    const { clock, files } = this.#parts;
    const kept = this.#path(current);
    const oldest = clock.now() - MOST_SESSION_AGE_MS;
    for (const [place, { path, modified }] of (await this.#logs()).entries())
      if (path !== kept && (place >= MOST_SESSIONS || modified < oldest)) await files.remove(path);
  }

  /** Newest first, with what a crash left of one that was being written anew. */
  async #logs(): Promise<readonly { readonly path: string; readonly modified: number }[]> {
    const { files, folder } = this.#parts;
    return (await files.list(folder))
      .filter((name) => /\.jsonl(?:\.[a-z0-9]+\.tmp)?$/u.test(name))
      .map((name) => ({ path: `${folder}/${name}`, modified: files.modifiedSync(`${folder}/${name}`) ?? 0 }))
      .sort((a, b) => b.modified - a.modified);
  }

  async #load(path: string): Promise<SessionState> {
    const state = emptySession();
    applyLines(state, Buffer.from(await this.#parts.files.readFile(path)).toString("utf8"), path);
    return state;
  }

  async #sync(sessionId: string): Promise<Opened> {
    const { files } = this.#parts;
    const path = this.#path(sessionId);
    const size = files.sizeSync(path) ?? 0;
    let opened = this.#opened.get(sessionId);
    // Shorter than what was read: removed, or written anew by another process.
    if (opened === undefined || size < opened.offset) opened = { state: emptySession(), offset: 0 };
    if (size > opened.offset) {
      const file = await files.open(path, "read");
      try {
        const from = opened.offset;
        const bytes = Buffer.from(await file.read(from, size - from));
        // Another one may have read it meanwhile.
        if (opened.offset === from) take(opened, bytes, path);
      } finally {
        await file.close();
      }
    }
    this.#opened.delete(sessionId);
    this.#opened.set(sessionId, opened);
    for (const old of this.#opened.keys()) {
      if (this.#opened.size <= MOST_OPEN) break;
      this.#opened.delete(old);
    }
    return opened;
  }

  async #shorten(sessionId: string, state: SessionState): Promise<void> {
    const { files, newId } = this.#parts;
    const path = this.#path(sessionId);
    const temporary = `${path}.${newId()}.tmp`;
    const file = await files.open(temporary, "exclusive");
    try {
      await file.append(Buffer.from(shortened(sessionId, state, KEPT_LOG_BYTES)));
    } finally {
      await file.close();
    }
    await files.rename(temporary, path);
    this.#opened.delete(sessionId);
  }

  #path(sessionId: string): string {
    return `${this.#parts.folder}/${sessionFileName(sessionId)}`;
  }
}

/** Takes in the whole lines that follow what was read of a log. */
function take(opened: Opened, bytes: Buffer, path: string): void {
  const end = bytes.lastIndexOf(10) + 1;
  applyLines(opened.state, bytes.toString("utf8", 0, end), path);
  opened.offset += end;
}
