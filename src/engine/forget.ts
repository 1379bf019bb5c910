import { HeirloomError } from "../contract/errors.ts";
import type { Condition } from "../contract/filter.ts";
import { intersectRows } from "../contract/rowSet.ts";
import type { ForgottenMemory } from "../contract/engineApi.ts";
import type { RestoreAnswer } from "../contract/peer.ts";
import type { ForgetInput, ForgetResult } from "../contract/tools.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";
import { withFreshRows } from "./retrieve/freshnessFilter.ts";
import { parseFilter } from "./retrieve/parseFilter.ts";
import type { KnownFreshness, Projection } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";
import { createdBy } from "./upsertKeys.ts";

const HOUR_MS = 3_600_000;
/** Ids that a result names at most; the count is always whole. */
const NAMED = 100;

/**
 * Forgets by id (in any store) or by filter (visible here or not; the user's store only when the filter asks for `scope: user`, because what
 * is remembered there belongs to every repository). With a key, the repetition of a call that was done before is answered what it did. INVALID_INPUT, NOT_FOUND.
 */
export async function forgetMemories(
  stores: readonly StoreAccess[],
  input: ForgetInput,
  freshOf: (access: StoreAccess) => KnownFreshness | undefined,
  onceKey?: string,
): Promise<ForgetResult> {
  const given = [input.id, input.filters, input.undo].filter((one) => one !== undefined).length;
  if (given !== 1) throw new HeirloomError("INVALID_INPUT", "Give exactly one of id, filters and undo.");
  await Promise.all(stores.map(({ store }) => store.sync()));
  if (input.undo !== undefined) return undo(stores, input.undo);

  const tokenOf = (access: StoreAccess): string => `${onceKey ?? ""}.${stores.indexOf(access)}`;
  const found =
    input.id === undefined
      ? byFilter(stores, input.filters ?? {}, freshOf)
      : byId(stores, input.id, input.now === true);
  const before = onceKey === undefined || input.now === true ? [] : forgottenBefore(stores, tokenOf);
  const ids = [...before, ...found].flatMap((one) => one.ids);
  if (onceKey !== undefined && input.now === true && input.dryRun !== true && ids.length === 0) {
    // Whoever was asked first may have ended before the text was off the disk.
    for (const access of stores) await access.forget({ ids, now: true });
  }
  if (input.id !== undefined && ids.length === 0) throw notFound(input.id);
  const result = { forgotten: ids.length, ids: ids.slice(0, NAMED) };
  if (input.dryRun === true || ids.length === 0) return result;
  const tokens = new Set(before.map(({ access }) => tokenOf(access)));
  for (const one of found) {
    if (one.ids.length === 0) continue;
    const { undoToken } = await one.access.forget({
      ids: one.ids,
      now: input.now === true,
      ...(onceKey === undefined ? {} : { undoToken: tokenOf(one.access) }),
    });
    if (undoToken !== undefined) tokens.add(undoToken);
  }
  return { ...result, ...(tokens.size === 0 ? {} : { undoToken: [...tokens].join("+") }) };
}

/** By the token of a call, or by the id of one memory. */
async function undo(stores: readonly StoreAccess[], token: string): Promise<ForgetResult> {
  for (const access of stores) {
    const undoToken = access.store.projection.undoTokenOf(token);
    if (undoToken !== undefined)
      return { forgotten: 0, ...(await access.restore({ undoToken, ids: [token] })), ids: [] };
  }
  const answers: RestoreAnswer[] = [];
  for (const part of token.split("+")) {
    const access = stores.find(({ store }) => knows(store.projection, part)) ?? stores[0];
    if (access !== undefined) answers.push(await access.restore({ undoToken: part }));
  }
  const sum = (of: "restored" | "forgotten"): number => answers.reduce((all, answer) => all + (answer[of] ?? 0), 0);
  const tokens = answers.flatMap(({ undoToken }) => undoToken ?? []);
  return {
    forgotten: sum("forgotten"),
    restored: sum("restored"),
    ids: [],
    ...(tokens.length === 0 ? {} : { undoToken: tokens.join("+") }),
  };
}

const knows = (projection: Projection, undoToken: string): boolean =>
  projection.undoable(undoToken).length > 0 || createdBy(projection, undoToken).length > 0;

interface Found {
  readonly access: StoreAccess;
  readonly ids: readonly string[];
}

/** What an earlier call with these tokens forgot. */
const forgottenBefore = (stores: readonly StoreAccess[], tokenOf: (access: StoreAccess) => string): readonly Found[] =>
  stores
    .map((access) => ({ access, ids: access.store.projection.undoable(tokenOf(access)) }))
    .filter(({ ids }) => ids.length > 0);

/** For good also takes what is forgotten already and could still be brought back. */
const byId = (stores: readonly StoreAccess[], id: string, now: boolean): readonly Found[] =>
  stores
    .filter(({ store }) => store.projection.rowOf(id) !== undefined || (now && store.projection.isForgotten(id)))
    .slice(0, 1)
    .map((access) => ({ access, ids: [id] }));

const notFound = (id: string): HeirloomError => new HeirloomError("NOT_FOUND", `There is no memory with the id ${id}.`);

function byFilter(
  stores: readonly StoreAccess[],
  filters: NonNullable<ForgetInput["filters"]>,
  freshOf: (access: StoreAccess) => KnownFreshness | undefined,
): readonly Found[] {
  const condition = parseFilter(filters);
  if (condition.op === "and" && condition.of.length === 0) {
    throw new HeirloomError(
      "INVALID_INPUT",
      'An empty filter would forget everything; if that is meant, say {"id": {"$exists": true}}.',
    );
  }
  return stores
    .filter((_, index) => index === 0 || asksForUserScope(condition))
    .map((access) => {
      const { projection } = access.store;
      const freshness = freshOf(access);
      const asked = withFreshRows(condition, freshness === undefined ? {} : { freshness });
      const rows = intersectRows(projection.rowsWhere(asked), projection.livingRows(0));
      const ids = projection.newest(rows, Infinity).flatMap(({ row }) => projection.memory(row)?.id ?? []);
      return { access, ids };
    });
}

function asksForUserScope(condition: Condition): boolean {
  if (condition.op === "and") return condition.of.some(asksForUserScope);
  return condition.op === "eq" && condition.ref.field === "scope" && condition.value === "user";
}

/** What can still be brought back, forgotten last first, in any of the stores. */
export async function listForgotten(
  stores: readonly StoreAccess[],
  limit: number,
  graceHours: number,
): Promise<readonly ForgottenMemory[]> {
  await Promise.all(stores.map(({ store }) => store.sync()));
  return stores
    .flatMap(({ store }) => store.projection.lastForgotten(limit))
    .sort((a, b) => b.at - a.at)
    .slice(0, limit)
    .map(({ memory, at }) => {
      const { id, title, excerpt, kind } = memoryRow({ memory, visible: false });
      return { id, title, excerpt, kind, forgottenAt: at, keptUntil: at + graceHours * HOUR_MS };
    });
}
