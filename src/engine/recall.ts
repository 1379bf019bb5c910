import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { IntentName } from "../contract/intent.ts";
import type { JsonObject } from "../contract/json.ts";
import type { Memory, MemoryView } from "../contract/memory.ts";
import { hasRow } from "../contract/rowSet.ts";
import type { Settings } from "../contract/settings.ts";
import type { RetrieveInput, RetrieveResult } from "../contract/tools.ts";
import { readIntent } from "./code/intent/readIntent.ts";
import type { Freshnesses } from "./freshness.ts";
import type { Learning } from "./learning.ts";
import type { Lineage } from "./lineage.ts";
import type { Meaning } from "./meaning.ts";
import { textDocument } from "./textDocument.ts";
import type { Clock } from "./ports.ts";
import type { Packs } from "./packs.ts";
import type { Reranking } from "./reranking.ts";
import { Deadline } from "./retrieve/deadline.ts";
import type { PlanStatistics } from "./retrieve/planStatistics.ts";
import { type SearchPage, type SearchRequest, bestOf, searchStores } from "./retrieve/searchStores.ts";
import type { Reading } from "./retrieve/rerank.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import { memoryView } from "./retrieve/view.ts";
import { mayNameRelease } from "./retrieve/timeInQuery.ts";
import type { GitLineage, GitPlace, Recalled } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";
import { readAsOf, storeAsOf } from "./asOf.ts";
import type { StoreFreshness } from "./storeFreshness.ts";

export interface RecallParts {
  readonly lineage: Lineage;
  readonly git: Pick<GitLineage, "commitOf" | "headAt">;
  readonly learning: Learning;
  /** The workspace's store, then the user's where there is one. */
  readonly stores: () => Promise<readonly StoreAccess[]>;
  readonly statistics: PlanStatistics;
  readonly meaning: Meaning;
  /** Undefined where no reranker is chosen. */
  readonly reranking: Reranking | undefined;
  readonly freshness: Freshnesses;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly packs: Packs;
  readonly workspace: string;
  readonly workspaceId: string;
}

const DEFAULT_LIMIT = 10;
/** Of the time that a search may take, how much it waits at most for the meaning of its question: then words alone decide. */
const MEANING_SHARE = 0.75;
/** How long a request waits for what it serves to be compared with the code, in milliseconds: what is not known then is unchecked. */
const FRESHNESS_MS = 100;
/** For each of what is served, where that is more: a long list is read for its own sake. */
const FRESHNESS_MS_EACH = 5;
/** The same of a search that filters by it, as a share of the time that it may take. */
const FRESHNESS_SHARE = 0.4;

/** The way out: what is remembered. */
export class Recall {
  readonly #parts: RecallParts;

  constructor(parts: RecallParts) {
    this.#parts = parts;
  }

  async retrieve(input: RetrieveInput, context: RequestContext): Promise<RetrieveResult> {
    const { clock } = this.#parts;
    const started = clock.monotonic();
    const page = await this.search(input.query, { ...input, read: true }, input.limit ?? DEFAULT_LIMIT, context);
    return {
      memories: page.results.map((recalled) => memoryView(recalled, input.explain === true)),
      ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
      tookMs: Math.round((clock.monotonic() - started) * 1000) / 1000,
      ...(input.explain === true ? { plan: page.plan } : {}),
    };
  }

  /** Whether nothing was ever remembered here: then nothing has to be asked. */
  async isEmpty(): Promise<boolean> {
    const stores = await this.#parts.stores();
    for (const { store } of stores) await store.sync();
    return stores.every(({ store }) => store.projection.rowLimit <= 1);
  }

  /** NOT_FOUND. */
  async get(id: string, context: RequestContext): Promise<{ readonly memory: Memory; readonly view: MemoryView }> {
    const now = this.#parts.clock.now();
    for (const { projection, view, freshness } of (await this.standing(context)).stores) {
      const row = projection.rowOf(id);
      const memory = row === undefined ? undefined : projection.memory(row);
      if (row === undefined || memory === undefined || !hasRow(projection.livingRows(now), row)) continue;
      const visible = hasRow(projection.visibleRows(view, now), row);
      await this.#bring(freshness, [row], context);
      const known = freshness.stateOf(row);
      const hiddenBecause = visible ? undefined : projection.hiddenBecause(row, view, now);
      const recalled: Recalled = {
        memory,
        score: 1,
        visible,
        ...(hiddenBecause === undefined ? {} : { hiddenBecause }),
        ...(known === undefined ? {} : { freshness: known }),
        reasons: ["asked for by id"],
      };
      return { memory, view: memoryView(recalled) };
    }
    throw new HeirloomError("NOT_FOUND", `There is no memory with the id ${id}.`);
  }

  /** Where a request stands, and the stores as it sees them, with the weights for questions of its intent. */
  async standing(
    context: RequestContext,
    filters?: JsonObject,
    intent: IntentName = "task",
  ): Promise<{ readonly place: GitPlace; readonly stores: readonly StandingStore[] }> {
    const { lineage, learning, stores, statistics, workspace, meaning, freshness } = this.#parts;
    const [place, accesses] = await Promise.all([lineage.place(context.workspace ?? workspace), stores()]);
    const sessionId = askedSession(filters) ?? context.sessionId;
    const opened: StandingStore[] = [];
    for (const [index, access] of accesses.entries()) {
      const view = await lineage.view(access, place, sessionId);
      const { store } = access;
      opened.push({
        name: index === 0 ? "workspace" : "user",
        // Both as they are when used: while another store is asked, this one may have started over. A listing needs no text index.
        get projection() {
          return store.projection;
        },
        get text() {
          return store.text;
        },
        vectors: (query) => meaning.search(query, store.vectors),
        whyNoVectors: () => meaning.whyNot(store.vectors),
        statistics,
        weights: learning.weightsOf(access, intent),
        view,
        freshness: freshness.seenAt(place, access, view),
        documentOf: textDocument,
      });
    }
    return { place, stores: opened };
  }

  /**
   * `without`: signals that are left out beside those that the settings leave out. `read`: a reranker, where one is chosen, may read the best results.
   * `unseen`: nobody is shown them, and so nobody says whether they helped. `intent`: of the query, where the caller read it already.
   * `patienceMs`: how long it may wait for the meaning of the query; without it, most of the time that it has. INVALID_INPUT, NOT_FOUND for a pack, QUERY_TIMEOUT.
   */
  async search(
    query: string,
    input: Pick<RetrieveInput, "filters" | "scope" | "includeHidden" | "cursor" | "pack" | "asOf"> & {
      readonly without?: Partial<Record<keyof Settings["signals"], false>>;
      readonly read?: boolean;
      readonly unseen?: boolean;
      readonly intent?: IntentName;
    },
    limit: number,
    context: RequestContext,
    patienceMs = this.#parts.settings.queryTimeoutMs * MEANING_SHARE,
  ): Promise<SearchPage> {
    const { clock, settings, workspaceId, lineage, learning, meaning } = this.#parts;
    const intent = input.intent ?? readIntent(query).intent.name;
    const { place, stores } = await this.#standingAt(input.asOf, context, input.filters, intent);
    // Git may have had much to tell after a move of HEAD: that is none of the query's time.
    const deadline = new Deadline(clock, settings.queryTimeoutMs, context.signal);
    const releases = settings.signals.time && mayNameRelease(query) ? await lineage.releases(place) : [];
    const { key, rows } = (await this.#parts.packs.scope(input.pack, context)) ?? {};
    if (input.filters !== undefined && namesFreshness(input.filters))
      await this.#bringAll(stores, clock.now(), context);
    const vectors = (await this.#parts.stores()).map(({ store }) => store.vectors);
    if (settings.signals.meaning) await meaning.prepare(query, vectors, patienceMs);
    const request: SearchRequest = {
      query,
      limit,
      workspaceId,
      now: clock.now(),
      ...{ signals: { ...settings.signals, ...input.without }, releases },
      deadline,
      ...(input.filters === undefined ? {} : { filters: input.filters }),
      ...(input.scope === undefined ? {} : { scope: input.scope }),
      ...(input.includeHidden === undefined ? {} : { includeHidden: input.includeHidden }),
      ...(rows === undefined || key === undefined ? {} : { within: { key, rows } }),
      ...(input.asOf === undefined ? {} : { asOf: input.asOf }),
      ...(input.cursor === undefined ? {} : { cursor: input.cursor }),
    };
    const reading = input.read === true ? await this.#readBest(stores, request, context) : undefined;
    const page = await this.#compared(stores, reading === undefined ? request : { ...request, reading }, context);
    if (query.trim() !== "" && input.unseen !== true) learning.shown({ intent, results: page.results });
    return page;
  }

  /** The stores as they answered at a commit or a time, where one is named. */
  async #standingAt(
    asOf: string | undefined,
    context: RequestContext,
    filters: JsonObject | undefined,
    intent: IntentName,
  ): Promise<{ readonly place: GitPlace; readonly stores: readonly AskedStore[] }> {
    const standing = await this.standing(context, filters, intent);
    if (asOf === undefined) return standing;
    const { place, stores } = standing;
    const { lineage, git } = this.#parts;
    const then = await readAsOf(asOf, place, git);
    const accesses = await this.#parts.stores();
    const before: AskedStore[] = [];
    for (const [index, store] of stores.entries()) {
      const access = accesses[index];
      if (access === undefined) continue;
      before.push(storeAsOf(store, await lineage.viewAt(access, place, then.commit, store.view.sessionId), then));
    }
    return { place, stores: before };
  }

  /** A page whose memories were compared with the code; where that changes what some of them is, it is ranked again. */
  async #compared(stores: readonly AskedStore[], request: SearchRequest, context: RequestContext): Promise<SearchPage> {
    const page = searchStores(stores, request);
    let isOther = false;
    for (const { projection, freshness } of stores) {
      if (freshness === undefined) continue;
      const rows = page.results.flatMap(({ memory }) => projection.rowOf(memory.id) ?? []);
      const before = rows.map((row) => freshness.stateOf(row));
      await this.#bring(freshness, rows, context);
      isOther ||= rows.some((row, at) => freshness.stateOf(row) !== before[at]);
    }
    return isOther ? searchStores(stores, request) : page;
  }

  /** The stores, compared with the code as far as the filters ask for that. */
  async compared(filters: JsonObject, context: RequestContext): Promise<readonly StandingStore[]> {
    const { stores } = await this.standing(context);
    if (namesFreshness(filters)) await this.#bringAll(stores, this.#parts.clock.now(), context);
    return stores;
  }

  /** For who asks for what is fresh, drifted or gone: all that is visible, as far as the time allows. */
  async #bringAll(stores: readonly AskedStore[], now: number, { signal }: RequestContext): Promise<void> {
    const patience = this.#parts.settings.queryTimeoutMs * FRESHNESS_SHARE;
    for (const { freshness, view } of stores) await freshness?.bringVisible(view, now, patience, signal);
  }

  async #bring(freshness: StoreFreshness, rows: readonly number[], { signal }: RequestContext): Promise<void> {
    await freshness.bring(rows, Math.max(FRESHNESS_MS, FRESHNESS_MS_EACH * rows.length), signal);
  }

  /** What a reranker tells of the best results; undefined where none is chosen or nothing is asked. Later pages go by what it told of the first. */
  async #readBest(
    stores: readonly SearchStore[],
    request: SearchRequest,
    { signal }: RequestContext,
  ): Promise<Reading | undefined> {
    const { reranking } = this.#parts;
    if (reranking === undefined || request.query.trim() === "") return undefined;
    if (request.cursor !== undefined) return { model: reranking.model };
    return reranking.read(request.query, () => bestOf(stores, request), request.deadline, signal);
  }
}

/** The code of today says nothing of what was asked as of then. */
type AskedStore = Omit<StandingStore, "freshness"> & { readonly freshness?: StoreFreshness };

export interface StandingStore extends SearchStore {
  readonly freshness: StoreFreshness;
}

const namesFreshness = (filters: JsonObject): boolean => JSON.stringify(filters).includes('"freshness"');

/** Who filters by one session asks as that session: its own memories are visible to it. */
function askedSession(filters: JsonObject | undefined): string | undefined {
  const asked = filters?.["sessionId"] ?? filters?.["session_id"];
  return typeof asked === "string" ? asked : undefined;
}
