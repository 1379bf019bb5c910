import type { RequestContext } from "../contract/engineApi.ts";
import { toErrorShape } from "../contract/errors.ts";
import type { Memory } from "../contract/memory.ts";
import type { Candidate } from "../contract/peer.ts";
import type { PendingFile, SharedProblem, SharedVerdict } from "../contract/share.ts";
import { documentCommits } from "./capture/documentCommits.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import type { Clock, GitRunner } from "./ports.ts";
import type { Recall } from "./recall.ts";
import type { Admission, Admitted, GitPlace } from "./seams.ts";
import { authorsOf, deletedFiles } from "./share/commitsOfFiles.ts";
import { endOfName, sharedHash, type SharedMemory, writeMemoryFile } from "./share/memoryFile.ts";
import { readSharedFiles, type SharedFile } from "./share/memoryFolder.ts";
import { saidOf, withWaiting } from "./share/saidOf.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface SharingParts {
  /** Of the repository: what is remembered for the user is not shared. */
  readonly access: StoreAccess;
  readonly recall: Recall;
  readonly lineage: Lineage;
  readonly git: GitRunner;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly workspace: string;
  readonly workspaceId: string;
}

export interface SharedEntry {
  readonly file: SharedFile;
  /** The living memory of that id. */
  readonly known?: Memory;
  /** As it would be shared now; absent where it may not be. */
  readonly knownForm?: SharedMemory;
  readonly state: "same" | "differs" | "pending" | "refused" | "forgotten";
}

/** What waits for a person, with all that is needed to take it in. */
export interface PendingEntry extends PendingFile {
  readonly file?: SharedFile;
  readonly memory?: Memory;
}

export interface SharedState {
  readonly place: GitPlace;
  readonly root: string;
  readonly trusted: boolean;
  /** By id, in the order of paths. */
  readonly entries: ReadonlyMap<string, SharedEntry>;
  readonly problems: readonly SharedProblem[];
}

/** The shared files of a work tree as they are now, against what is known here and what was said of them. Changes nothing. */
export async function sharedState(parts: SharingParts, context: RequestContext): Promise<SharedState> {
  const { access, lineage, admission } = parts;
  const place = await lineage.place(context.workspace ?? parts.workspace);
  const root = rootOf(place);
  const [{ files, problems }] = await Promise.all([readSharedFiles(root), access.store.sync()]);
  const { trusted, verdicts } = access.store.projection.shared();
  const said = new Map(verdicts.map((verdict) => [`${verdict.id} ${verdict.hash}`, verdict.state]));
  const list = [...files.values()];
  const known = list.map(({ memory: { id } }) => memoryOf(access, id));
  const forms = await sharedForms(
    parts,
    root,
    known.flatMap((memory) => memory ?? []),
    (id) => files.has(id),
  );
  const admitted = await admission.admitMany(
    list.map(({ memory }) => candidateOf(memory)),
    { workspace: root },
  );
  const entries = new Map<string, SharedEntry>();
  const refused: SharedProblem[] = [];
  for (const [at, file] of list.entries()) {
    const one = admitted[at];
    const memory = known[at];
    if (one === undefined || one instanceof Error) {
      refused.push({ path: file.path, message: toErrorShape(one).message });
      continue;
    }
    const form = memory === undefined ? undefined : forms.get(memory.id);
    const knownForm =
      typeof form === "object" ? withWaiting(form, file.memory, (id) => memoryOf(access, id) !== undefined) : undefined;
    const verdict = said.get(`${file.memory.id} ${file.hash}`);
    const isSame =
      knownForm !== undefined &&
      [file.hash, sharedHash({ ...file.memory, ...admittedFields(one) })].includes(sharedHash(knownForm));
    entries.set(file.memory.id, {
      file,
      ...(memory === undefined ? {} : { known: memory }),
      ...(knownForm === undefined ? {} : { knownForm }),
      state: isSame ? "same" : stateOf(verdict, memory !== undefined),
    });
  }
  return { place, root, trusted, entries, problems: [...problems, ...refused] };
}

function stateOf(verdict: SharedVerdict["state"] | undefined, isKnown: boolean): SharedEntry["state"] {
  if (verdict === "refused") return "refused";
  if (verdict === undefined) return "pending";
  return isKnown ? "differs" : "forgotten";
}

/** What waits for a person: texts that nobody judged, and memories whose file somebody deleted in a commit that HEAD inherits. */
export async function pendingOf(parts: SharingParts, state: SharedState): Promise<readonly PendingEntry[]> {
  const waiting = [...state.entries.values()].filter((entry) => entry.state === "pending");
  const commits = await commitsOf(parts.git, state.place, waiting);
  const changed = waiting.map(({ file, known, knownForm }): PendingEntry => {
    const { id, kind, scope, title } = file.memory;
    return {
      ...{
        id,
        path: file.path,
        change: known === undefined ? ("new" as const) : ("changed" as const),
        hash: file.hash,
      },
      ...{ kind, scope, ...(title === undefined ? {} : { title }) },
      ...(commits.get(file.path) ?? {}),
      text: saidBy(file.memory),
      ...(knownForm === undefined ? {} : { known: saidBy(knownForm) }),
      file,
      ...(known === undefined ? {} : { memory: known }),
    };
  });
  return [...changed, ...(await goneOf(parts, state))];
}

/** As its file has it, without who said it when and where: that makes no difference. */
function saidBy({ date: _date, author: _author, commit: _commit, ...said }: SharedMemory): string {
  return writeMemoryFile(said);
}

async function goneOf(parts: SharingParts, { place, root, entries, problems }: SharedState): Promise<PendingEntry[]> {
  const { access, git } = parts;
  const head = place.repository?.head;
  if (head === undefined) return [];
  const latest = new Map(access.store.projection.shared().verdicts.map((verdict) => [verdict.id, verdict]));
  const candidates = [...latest.values()].flatMap((verdict) => {
    const memory = memoryOf(access, verdict.id);
    const isThere = entries.has(verdict.id) || problems.some(({ path }) => path.endsWith(endOfName(verdict.id)));
    return memory === undefined || verdict.state !== "accepted" || isThere ? [] : [{ verdict, memory }];
  });
  if (candidates.length === 0) return [];
  const deleted = await deletedFiles(git, root, head);
  const forms = await sharedForms(
    parts,
    root,
    candidates.map(({ memory }) => memory),
    (id) => entries.has(id),
  );
  return candidates.flatMap(({ verdict: { path }, memory }): PendingEntry[] => {
    const by = deleted.get(path);
    if (by === undefined) return [];
    const { id, kind, scope, title } = memory;
    const form = forms.get(id);
    return [
      {
        ...{ id, path, change: "gone", hash: "", kind, scope, ...(title === undefined ? {} : { title }), ...by },
        ...(typeof form === "object" ? { known: saidBy(form) } : {}),
        memory,
      },
    ];
  });
}

async function commitsOf(
  git: GitRunner,
  { repository }: GitPlace,
  entries: readonly SharedEntry[],
): Promise<ReadonlyMap<string, { readonly commit: string; readonly author?: string }>> {
  if (repository?.head === undefined || entries.length === 0) return new Map();
  const paths = entries.map(({ file }) => file.path);
  const commits = await documentCommits(git, repository.root, repository.head, paths);
  const authors = await authorsOf(git, repository.root, [...commits.values()]);
  return new Map(
    [...commits].map(([path, commit]) => {
      const author = authors.get(commit);
      return [path, { commit, ...(author === undefined ? {} : { author }) }];
    }),
  );
}

/** Memories as they would be shared, by id: screened for secrets once more, with what they say of those that have a file; or why one is not. */
export async function sharedForms(
  { admission }: Pick<SharingParts, "admission">,
  root: string,
  memories: readonly Memory[],
  hasFile: (id: string) => boolean,
): Promise<ReadonlyMap<string, SharedMemory | string>> {
  const admitted = await admission.admitMany(memories.map(candidateOf), { workspace: root });
  return new Map(
    memories.map((memory, at): [string, SharedMemory | string] => {
      const one = admitted[at];
      const why = whyNotShared(memory);
      if (why !== undefined) return [memory.id, why];
      if (one === undefined || one instanceof Error) return [memory.id, toErrorShape(one).message];
      return [memory.id, { ...formOf(memory, one), relations: saidOf(memory, hasFile) }];
    }),
  );
}

function formOf({ id, timestamp, provenance }: Memory, admitted: Admitted): Omit<SharedMemory, "relations"> {
  // A mail address is nothing that a repository has to hold twice.
  const author = provenance.author?.replace(/\s*<[^>]*>/gu, "").trim();
  const { commit, pending } = provenance;
  return {
    ...{ id, ...admittedFields(admitted), date: timestamp },
    ...(author === undefined || author === "" || author.includes("@") ? {} : { author }),
    ...(pending || commit === undefined ? {} : { commit }),
  };
}

type Said = Pick<SharedMemory, "kind" | "scope" | "title" | "tags" | "anchors" | "content">;

function admittedFields({ kind, scope, title, tags, anchors, content }: Admitted): Said {
  return {
    ...{ kind, scope: scope === "repo" ? "repo" : "lineage", tags, anchors, content },
    ...(title === undefined ? {} : { title }),
  };
}

function whyNotShared({ scope, eventType, expiresAt }: Memory): string | undefined {
  if (scope === "user") return "belongs to you in every repository; capture it with the scope repo to share it";
  if (scope === "session") return "belongs to one session";
  if (eventType === "commit" || eventType === "document") return "is made of what the repository holds already";
  return expiresAt === undefined ? undefined : "expires; only what lasts is shared";
}

export function candidateOf({
  kind,
  scope,
  title,
  tags,
  anchors,
  content,
}: Pick<Memory, keyof Said> | SharedMemory): Candidate {
  return { eventType: kind, kind, scope, tags, anchors, content, ...(title === undefined ? {} : { title }) };
}

export function memoryOf({ store: { projection } }: StoreAccess, id: string): Memory | undefined {
  const row = projection.rowOf(id);
  return row === undefined ? undefined : projection.memory(row);
}
