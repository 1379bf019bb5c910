import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Condition } from "../contract/filter.ts";
import type { Scope } from "../contract/kinds.ts";
import { intersectRows, type RowSet } from "../contract/rowSet.ts";
import { UPSERT_TOKEN, type UpsertAnswer, type UpsertRequest } from "../contract/peer.ts";
import type { UpsertInput, UpsertReport, UpsertResult } from "../contract/upsert.ts";
import { definedFields } from "./captureMemory.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import type { Clock } from "./ports.ts";
import type { Recall } from "./recall.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface UpsertingParts {
  readonly recall: Recall;
  readonly lineage: Lineage;
  readonly clock: Clock;
  readonly workspaceStore: StoreAccess;
  readonly accessOf: (scope: string | undefined) => Promise<StoreAccess>;
  readonly workspaceId: string;
  readonly newId: () => string;
}

/** Memories that are compared in full with an item: the best by words, and as many by meaning. */
const CANDIDATES = 12;
/** So much of a text is asked for. */
const ASKED_CHARACTERS = 1_000;

type Item = UpsertInput["items"][number];

/** Stores items into memories that say much the same, where there are such, and reports what became of each. See `EngineApi.upsert`. */
export async function upsertMemories(
  input: UpsertInput,
  parts: UpsertingParts,
  context: RequestContext,
): Promise<UpsertResult> {
  const { recall, lineage, clock, workspaceStore, accessOf, workspaceId } = parts;
  const { mergeStrategy: strategy = "intelligent", dryRun = false, similarityThreshold, timeWindow } = input;
  const homeless = input.items.findIndex(
    ({ scope, sessionId }) => scope === "session" && (sessionId ?? context.sessionId) === undefined,
  );
  if (homeless !== -1)
    throw new HeirloomError(
      "INVALID_INPUT",
      `Scope session needs a sessionId: say which one items.${homeless} belongs to.`,
    );
  const { place, stores } = await recall.standing(context);
  const provenance = await lineage.origin(place, context);
  const since = timeWindow === undefined ? undefined : clock.now() - timeWindow * 1000;
  const answers: UpsertAnswer[] = [];
  const tokens: string[] = [];
  for (const user of [false, true]) {
    const mine = [...input.items.entries()].filter(([, { scope }]) => (scope === "user") === user);
    if (mine.length === 0) continue;
    const seen = stores.find(({ name }) => name === (user ? "user" : "workspace"));
    // A dry run makes no store.
    const access = dryRun && seen === undefined ? workspaceStore : await accessOf(user ? "user" : undefined);
    const alike = seen === undefined ? () => [] : alikeIn(seen, since, clock.now());
    const undoToken = `${UPSERT_TOKEN}${context.onceKey?.slice(0, 18) ?? parts.newId()}.${answers.length}`;
    const request: UpsertRequest = {
      items: mine.map(([index, item]) => ({ ...requested(index, item, context), alike: alike(item) })),
      strategy,
      dryRun,
      workspace: rootOf(place),
      workspaceId,
      provenance,
      undoToken,
      ...(similarityThreshold === undefined ? {} : { threshold: similarityThreshold }),
      ...(since === undefined ? {} : { since }),
    };
    const answer = await access.upsert(request);
    answers.push(answer);
    if (answer.wrote) tokens.push(undoToken);
  }
  if (!dryRun && provenance.commit !== undefined) lineage.observe(workspaceStore, place, provenance.commit);
  return { ...summed(answers), dryRun, ...(tokens.length === 0 ? {} : { undoToken: tokens.join("+") }) };
}

function requested(index: number, { sessionId: own, eventType = "note", ...fields }: Item, context: RequestContext) {
  const sessionId = own ?? context.sessionId;
  const candidate = { eventType, ...definedFields(fields) };
  return { index, candidate, ...(sessionId === undefined ? {} : { sessionId }) };
}

function summed(answers: readonly UpsertAnswer[]): Omit<UpsertResult, "dryRun" | "undoToken"> {
  const report = answers.flatMap((answer) => answer.report).sort((a, b) => a.index - b.index);
  const count = (outcome: UpsertReport["outcome"]): number => report.filter((one) => one.outcome === outcome).length;
  return {
    created: count("created"),
    merged: count("merged"),
    skipped: count("skipped"),
    refused: count("refused"),
    redactions: answers.reduce((sum, { redactions }) => sum + redactions, 0),
    comparedBy: answers.every(({ comparedBy }) => comparedBy === "words") ? "words" : "words and meaning",
    report,
  };
}

/** Finds, among the memories of an item's scope that the request sees, those that speak of the same: by words, and by meaning where vectors are. */
function alikeIn(
  { projection, view, text, vectors }: SearchStore,
  since: number | undefined,
  now: number,
): (item: Item) => readonly string[] {
  const visible = projection.visibleRows(view, now);
  const byScope = new Map<Scope, RowSet>();
  const rowsOf = (scope: Scope): RowSet => {
    const known = byScope.get(scope);
    if (known !== undefined) return known;
    const inScope: Condition = { op: "eq", ref: { field: "scope" }, value: scope };
    const recent: readonly Condition[] =
      since === undefined ? [] : [{ op: "gte", ref: { field: "timestamp" }, value: since }];
    const rows = intersectRows(visible, projection.rowsWhere({ op: "and", of: [inScope, ...recent] }));
    byScope.set(scope, rows);
    return rows;
  };
  return ({ content, title = "", scope = "lineage" }) => {
    const rows = rowsOf(scope);
    const asked = `${title} ${content.slice(0, ASKED_CHARACTERS)}`.trim();
    const found = text.search(asked, { limit: CANDIDATES, rows }).hits.map(({ row }) => row);
    try {
      const meaning = vectors(asked);
      const near = meaning?.index.search(meaning.query, { limit: CANDIDATES, rows }) ?? [];
      found.push(...near.map(({ row }) => row));
    } catch (error) {
      if (!(error instanceof HeirloomError) || error.code !== "EMBEDDING_FAILED") throw error;
    }
    return [...new Set(found)].flatMap((row) => projection.memory(row)?.id ?? []);
  };
}
