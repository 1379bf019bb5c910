import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import { hasRow, intersectRows } from "../contract/rowSet.ts";
import type { JsonObject } from "../contract/json.ts";
import type { Memory } from "../contract/memory.ts";
import {
  type JudgeInput,
  MOST_SHARED_BYTES,
  SHARED_FOLDER,
  SHARED_SCOPES,
  type SharedVerdict,
  type ShareInput,
  type ShareRequest,
  type ShareResult,
} from "../contract/share.ts";
import { acceptShared, acceptTrusted, chosenPending, refuseShared } from "./acceptShared.ts";
import { shareIntoDocument } from "./shareIntoDocument.ts";
import { parseFilter } from "./retrieve/parseFilter.ts";
import {
  endOfName,
  sharedHash,
  type SharedMemory,
  sharedPath,
  type SharedRelation,
  writeMemoryFile,
} from "./share/memoryFile.ts";
import { saidOf, withWaiting } from "./share/saidOf.ts";
import { removeSharedFile, writeSharedFile } from "./share/memoryFolder.ts";
import { memoryOf, pendingOf, sharedForms, type SharedState, sharedState, type SharingParts } from "./sharedState.ts";

/**
 * Memories that a repository carries: written as files for others to review, and read back. What came with the repository does nothing before a
 * person accepts it, or said that all of it is accepted. INVALID_INPUT, NOT_FOUND, FORBIDDEN_PATH.
 */
export async function shareMemories(
  request: ShareRequest,
  parts: SharingParts,
  context: RequestContext,
): Promise<ShareResult> {
  if (request.action === "trust" || request.action === "distrust") {
    await parts.access.note([{ type: "shared", trusted: request.action === "trust" }]);
    await parts.access.store.sync();
    return review(parts, context);
  }
  const state = await sharedState(parts, context);
  switch (request.action) {
    case "share":
      return share(request, parts, state, context);
    case "unshare":
      return unshare(request, parts, state, context);
    case "status":
      return { ...resultOf(state), files: filesOf(state, parts) };
    case "review":
      return review(parts, context, state);
    case "accept":
    case "refuse":
      return judge(request, parts, state, context);
  }
}

/** What the repository shares is read anew: taken in where it is trusted; else how much of it waits. */
export async function readShared(
  parts: SharingParts,
  context: RequestContext,
): Promise<{ readonly accepted: number; readonly pending: number; readonly problems: number }> {
  const state = await sharedState(parts, context);
  const taken = await acceptTrusted(parts, state, context);
  const pending = (await pendingOf(parts, taken === undefined ? state : await sharedState(parts, context))).length;
  return { accepted: taken?.ids.length ?? 0, pending, problems: state.problems.length };
}

const resultOf = ({ trusted, problems }: SharedState): ShareResult => ({
  folder: SHARED_FOLDER,
  trusted,
  problems: [...problems],
});

const filesOf = ({ entries }: SharedState, { access }: SharingParts): NonNullable<ShareResult["files"]> =>
  [...entries.values()].map(({ file, state }) => {
    const { id, title, relations } = file.memory;
    const isAccepted = state === "same" || state === "differs";
    const others = isAccepted ? relations.map((one) => one.id) : [];
    const waitsFor = others.filter((other) => memoryOf(access, other) === undefined);
    return {
      ...{ id, path: file.path, ...(title === undefined ? {} : { title }), state },
      ...(waitsFor.length === 0 ? {} : { waitsFor }),
    };
  });

async function review(parts: SharingParts, context: RequestContext, known?: SharedState): Promise<ShareResult> {
  const before = known ?? (await sharedState(parts, context));
  const taken = await acceptTrusted(parts, before, context);
  const state = taken === undefined ? before : await sharedState(parts, context);
  const pending = (await pendingOf(parts, state)).map(({ file: _file, memory: _memory, ...shown }) => shown);
  return {
    ...resultOf(state),
    pending,
    ...(taken === undefined ? {} : { accepted: [...taken.ids] }),
    problems: [...state.problems, ...(taken?.problems ?? [])],
  };
}

async function judge(
  input: JudgeInput,
  parts: SharingParts,
  state: SharedState,
  context: RequestContext,
): Promise<ShareResult> {
  const chosen = chosenPending(await pendingOf(parts, state), input);
  const word = input.action === "accept" ? "accepted" : "refused";
  if (input.dryRun === true) return { ...resultOf(state), [word]: chosen.map(({ id }) => id), dryRun: true };
  const { ids, problems } = await (input.action === "accept"
    ? acceptShared(parts, state, chosen, context)
    : refuseShared(parts, chosen));
  return { ...resultOf(state), [word]: [...ids], problems: [...state.problems, ...problems] };
}

async function share(
  input: ShareInput,
  parts: SharingParts,
  state: SharedState,
  context: RequestContext,
): Promise<ShareResult> {
  const { root, entries } = state;
  const named = await chosenMemories(input, parts, context);
  if (input.to !== undefined)
    return shareIntoDocument(input, parts, state, named ?? (await matchingMemories(FLOW_OUT, parts, context)));
  const chosen = named === undefined ? alreadyShared(state) : [...named, ...speakingOf(named, state)];
  const isChosen = new Set(chosen.map(({ id }) => id));
  const forms = await sharedForms(parts, root, chosen, (id) => isChosen.has(id) || entries.has(id));
  const isShared = ({ id }: SharedRelation): boolean => entries.has(id) || typeof forms.get(id) === "object";
  const leftOut: { id: string; why: string }[] = [];
  const written: NonNullable<ShareResult["written"]> = [];
  const verdicts: SharedVerdict[] = [];
  let unchanged = 0;
  for (const { id } of chosen) {
    const form = forms.get(id) ?? "is gone";
    const entry = entries.get(id);
    const why = typeof form === "string" ? form : whyNotWritten(id, state);
    if (typeof form === "string" || why !== undefined) {
      leftOut.push({ id, why: why ?? "" });
      continue;
    }
    const file = entry?.file;
    const said = withWaiting(
      { ...form, relations: form.relations.filter(isShared) },
      file?.memory,
      (other) => memoryOf(parts.access, other) !== undefined,
    );
    const saysAll = JSON.stringify(file?.memory.relations) === JSON.stringify(said.relations);
    if ((entry?.state === "same" && saysAll) || file?.hash === sharedHash(said)) {
      unchanged++;
      if (file !== undefined) verdicts.push({ id, hash: file.hash, path: file.path, state: "accepted" });
      continue;
    }
    const whole = file === undefined ? said : { ...said, ...originIn(file.memory) };
    const text = writeMemoryFile(whole);
    if (Buffer.byteLength(text) > MOST_SHARED_BYTES) {
      leftOut.push({ id, why: `is larger than the ${MOST_SHARED_BYTES} bytes that a file may have` });
      continue;
    }
    const path = file?.path ?? sharedPath(form);
    if (input.dryRun !== true) await writeSharedFile(root, path, text);
    written.push({ id, path, change: file === undefined ? "new" : "changed" });
    verdicts.push({ id, hash: sharedHash(whole), path, state: "accepted" });
  }
  if (input.dryRun !== true) await noteNew(parts, verdicts);
  return { ...resultOf(state), ...(input.dryRun === true ? { dryRun: true } : {}), written, unchanged, leftOut };
}

async function unshare(
  input: ShareInput,
  parts: SharingParts,
  state: SharedState,
  context: RequestContext,
): Promise<ShareResult> {
  const { entries, root } = state;
  if (input.to !== undefined) return shareIntoDocument(input, parts, state, []);
  const ids = input.ids ?? (await chosenMemories(input, parts, context))?.map(({ id }) => id);
  if (ids === undefined) throw new HeirloomError("INVALID_INPUT", "Say which memories: give ids, filters or a kind.");
  const written: NonNullable<ShareResult["written"]> = [];
  const leftOut: { id: string; why: string }[] = [];
  const verdicts: SharedVerdict[] = [];
  for (const id of new Set(ids)) {
    const file = entries.get(id)?.file;
    if (file === undefined) {
      leftOut.push({ id, why: "has no file here" });
      continue;
    }
    if (input.dryRun !== true) await removeSharedFile(root, file.path);
    written.push({ id, path: file.path, change: "removed" });
    verdicts.push({ id, hash: "", path: file.path, state: "kept" });
  }
  if (input.dryRun !== true) await noteNew(parts, verdicts);
  return { ...resultOf(state), ...(input.dryRun === true ? { dryRun: true } : {}), written, leftOut };
}

/** By id, or those that are visible here and match; undefined where nothing is said. */
async function chosenMemories(
  { ids, filters, kind }: Pick<ShareInput, "ids" | "filters" | "kind">,
  parts: SharingParts,
  context: RequestContext,
): Promise<readonly Memory[] | undefined> {
  if (ids !== undefined && (filters !== undefined || kind !== undefined))
    throw new HeirloomError("INVALID_INPUT", "Name memories either by ids or by filters and a kind.");
  if (ids !== undefined)
    return [...new Set(ids)].map((id) => {
      const memory = memoryOf(parts.access, id);
      if (memory !== undefined) return memory;
      throw new HeirloomError(
        "NOT_FOUND",
        `There is no memory with the id ${id} in this repository; nothing was written.`,
      );
    });
  if (filters === undefined && kind === undefined) return undefined;
  const own = [...(filters === undefined ? [] : [filters]), ...(kind === undefined ? [] : [{ kind }])];
  return matchingMemories(own, parts, context);
}

/** Those that are visible here and that a repository may hold: commits and its documents it holds already. */
async function matchingMemories(
  filters: readonly JsonObject[],
  { recall, clock }: SharingParts,
  context: RequestContext,
): Promise<readonly Memory[]> {
  const seen = (await recall.standing(context)).stores.find(({ name }) => name === "workspace");
  if (seen === undefined) return [];
  const { projection, view } = seen;
  const now = clock.now();
  const condition = parseFilter({
    $and: [...filters, { scope: { $in: [...SHARED_SCOPES] }, eventType: { $nin: ["commit", "document"] } }],
  });
  const rows = intersectRows(projection.visibleRows(view, now), projection.rowsWhere(condition));
  const found: Memory[] = [];
  for (let row = 1; row < projection.rowLimit; row++) {
    const memory = hasRow(rows, row) ? projection.memory(row) : undefined;
    if (memory !== undefined) found.push(memory);
  }
  return found;
}

/** What a document is given where nothing is chosen. */
const FLOW_OUT: readonly JsonObject[] = [{ kind: { $in: ["rule", "decision"] } }];

/** Files whose memory was changed here since: they are brought up to date. */
const alreadyShared = ({ entries }: SharedState): readonly Memory[] =>
  [...entries.values()].flatMap(({ known, state }) =>
    known !== undefined && (state === "same" || state === "differs") ? [known] : [],
  );

/** Those whose file has still to say what is said of one that is shared now. */
function speakingOf(named: readonly Memory[], state: SharedState): readonly Memory[] {
  const ids = new Set(named.map(({ id }) => id));
  return alreadyShared(state).filter((memory) => {
    const written = state.entries.get(memory.id)?.file.memory.relations ?? [];
    const missing = saidOf(memory, (id) => ids.has(id)).filter(
      ({ id, is }) => !written.some((one) => one.id === id && one.is === is),
    );
    return !ids.has(memory.id) && missing.length > 0;
  });
}

/** What another person wrote is not overwritten unseen. */
function whyNotWritten(id: string, { entries, problems }: SharedState): string | undefined {
  if (entries.get(id)?.state === "pending")
    return "its file says something that waits for review: accept or refuse it first";
  const wrong = problems.find(({ path }) => path.endsWith(endOfName(id)));
  return wrong === undefined ? undefined : `its file cannot be read (${wrong.message}): mend or remove it first`;
}

/** Who said it first, when and where: that stays in the file. */
function originIn({ date, author, commit }: SharedMemory): Pick<SharedMemory, "date" | "author" | "commit"> {
  return {
    ...(date === undefined ? {} : { date }),
    ...(author === undefined ? {} : { author }),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** Only what was not said before, so that sharing again writes nothing into the store either. */
async function noteNew({ access }: SharingParts, verdicts: readonly SharedVerdict[]): Promise<void> {
  const latest = new Map(access.store.projection.shared().verdicts.map((one) => [one.id, one]));
  const news = verdicts.filter((one) => JSON.stringify(latest.get(one.id)) !== JSON.stringify(one));
  if (news.length === 0) return;
  await access.note([{ type: "shared", verdicts: news }]);
  await access.store.sync();
}
