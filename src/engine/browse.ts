import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { BrowseQuery, BrowseResult, MemoryRow } from "../contract/explore.ts";
import { emptyRowSet, hasRow } from "../contract/rowSet.ts";
import type { Clock, Logger } from "./ports.ts";
import type { Recall } from "./recall.ts";
import { type BrowsedRows, browseStores } from "./retrieve/browseStores.ts";
import { Deadline } from "./retrieve/deadline.ts";
import { wordsToFind } from "./retrieve/excerpt.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";

export interface BrowseParts {
  readonly recall: Recall;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: () => string;
  readonly queryTimeoutMs: number;
}

/** Results that are kept, and how long without use, in milliseconds. */
const MOST_KEPT = 8;
const KEPT_MS = 60_000;
const MOST_ROWS = 500;
const MOST_CHARACTERS = 10_000;

/** An unfinished word of one letter: it reads the dictionary from end to end. */
const WARMING_QUERY = "e";
const WARM_AFTER_MS = 50;

interface Kept {
  readonly found: BrowsedRows;
  readonly words: readonly string[];
  usedAt: number;
}

/** Whole results for who looks through them, kept as row numbers so that any window of one is read at once. */
export class Browse {
  readonly #parts: BrowseParts;
  /** In order of last use. */
  readonly #kept = new Map<string, Kept>();
  #warming: NodeJS.Timeout | undefined;

  constructor(parts: BrowseParts) {
    this.#parts = parts;
  }

  async browse(query: BrowseQuery, context: RequestContext): Promise<BrowseResult> {
    const { clock, recall, queryTimeoutMs, newId } = this.#parts;
    const started = clock.monotonic();
    checkQuery(query);
    const deadline = new Deadline(clock, queryTimeoutMs, context.signal);
    const { stores } = await recall.standing(context);
    const { found, facets } = browseStores(stores, { ...query, now: clock.now(), deadline });
    const kept = { found, words: wordsToFind(query.text), usedAt: clock.monotonic() };
    const resultId = newId();
    this.#keep(resultId, kept);
    const rows = this.#rows(stores, kept, 0, query.limit);
    if (query.text.trim() === "") this.#warmUp(stores);
    const tookMs = Math.round((clock.monotonic() - started) * 1000) / 1000;
    return { resultId, total: found.rows.length, rows, facets, tookMs };
  }

  async browseRows(
    window: { readonly resultId: string; readonly offset: number; readonly limit: number },
    context: RequestContext,
  ): Promise<readonly MemoryRow[]> {
    const { resultId, offset, limit } = window;
    checkWindow(offset, limit);
    const { stores } = await this.#parts.recall.standing(context);
    this.#dropOld();
    const kept = this.#kept.get(resultId);
    if (kept === undefined)
      throw new HeirloomError("NOT_FOUND", "This result is not kept any more: ask the question again.");
    this.#keep(resultId, kept);
    return this.#rows(stores, kept, offset, limit);
  }

  close(): void {
    clearTimeout(this.#warming);
    this.#kept.clear();
  }

  /** Who has seen the list types next: opening the text index takes a while, and so that the list comes first it is done after. */
  #warmUp(stores: readonly SearchStore[]): void {
    if (this.#warming !== undefined) return;
    this.#warming = setTimeout(() => {
      try {
        for (const { text } of stores) text.matches(WARMING_QUERY, emptyRowSet(0));
      } catch (error) {
        this.#parts.logger.log("warn", "the text index could not be opened ahead of a question", { error });
      }
    }, WARM_AFTER_MS).unref();
  }

  /** Those of the window that are still there. */
  #rows(stores: readonly SearchStore[], { found, words }: Kept, offset: number, limit: number): readonly MemoryRow[] {
    const now = this.#parts.clock.now();
    const seen = stores.map(({ projection, view, freshness }) => ({
      projection,
      freshness,
      living: projection.livingRows(now),
      visible: projection.visibleRows(view, now),
    }));
    const rows: MemoryRow[] = [];
    const end = Math.min(found.rows.length, offset + limit);
    for (let at = offset; at < end; at++) {
      const store = seen[found.stores[at] ?? 0];
      const row = found.rows[at] ?? 0;
      const memory = store === undefined || !hasRow(store.living, row) ? undefined : store.projection.memory(row);
      if (store === undefined || memory === undefined) continue;
      const [score, part] = [found.scores?.[at], found.parts?.[at]];
      rows.push(
        memoryRow({
          memory,
          visible: hasRow(store.visible, row),
          freshness: store.freshness?.stateOf(row),
          words,
          ...(score === undefined ? {} : { score }),
          ...(part === undefined ? {} : { part }),
        }),
      );
    }
    return rows;
  }

  #keep(resultId: string, kept: Kept): void {
    kept.usedAt = this.#parts.clock.monotonic();
    this.#kept.delete(resultId);
    this.#kept.set(resultId, kept);
    this.#dropOld();
  }

  #dropOld(): void {
    const oldest = this.#parts.clock.monotonic() - KEPT_MS;
    for (const [id, { usedAt }] of this.#kept) {
      if (this.#kept.size <= MOST_KEPT && usedAt >= oldest) return;
      this.#kept.delete(id);
    }
  }
}

/** INVALID_INPUT for a question that takes too long to look for. */
export function checkLength(text: string): void {
  if (text.length > MOST_CHARACTERS)
    throw new HeirloomError("INVALID_INPUT", `A question has at most ${MOST_CHARACTERS} characters.`);
}

function checkQuery({ text, limit, visibility, order }: BrowseQuery): void {
  checkLength(text);
  if (!["visible", "hidden", "all"].includes(visibility))
    throw new HeirloomError("INVALID_INPUT", "visibility must be visible, hidden or all.");
  if (!["best", "newest", "oldest"].includes(order))
    throw new HeirloomError("INVALID_INPUT", "order must be best, newest or oldest.");
  checkWindow(0, limit);
}

function checkWindow(offset: number, limit: number): void {
  if (!Number.isInteger(offset) || offset < 0)
    throw new HeirloomError("INVALID_INPUT", "offset must be a whole number, 0 or more.");
  if (!Number.isInteger(limit) || limit < 0 || limit > MOST_ROWS)
    throw new HeirloomError("INVALID_INPUT", `limit must be a whole number from 0 to ${MOST_ROWS}.`);
}
