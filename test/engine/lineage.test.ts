import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommitMapping } from "../../src/contract/events.ts";
import { createGitLineage } from "../../src/engine/git/lineage.ts";
import { Lineage } from "../../src/engine/lineage.ts";
import type { StoreAccess } from "../../src/engine/storeAccess.ts";
import { createNodeGit } from "../../src/serve/nodeGit.ts";
import { type Host, openHost } from "../../src/serve/openHost.ts";
import { silentLogger } from "../support/journalEvents.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let host: Host;

beforeEach(async () => {
  ({ folder, remove } = temporaryFolder("lineage"));
  repository = TestRepository.init(join(folder, "repo"));
  repository.commit("a");
  host = await open();
});
afterEach(async () => {
  await host.close();
  remove();
});

const open = (): Promise<Host> =>
  openHost({
    workspace: repository.root,
    dataFolder: join(folder, "data"),
    profiles: ["core"],
    rateLimited: false,
    longLived: false,
  });
const remember = async (content: string): Promise<string> =>
  (await host.engine.capture({ eventType: "note", content, scope: "lineage" }, {})).id;
const listed = async (): Promise<readonly string[]> =>
  (await host.engine.retrieve({ query: "" }, {})).memories.map(({ id }) => id);

test.each(["the same process", "another process"])(
  "a memory whose commit was taken back before %s looked belongs to that commit, and is hidden",
  async (who) => {
    const before = repository.head();
    repository.write("b", "1\n");
    const id = await remember("what the next commit is about");
    expect(await listed()).toEqual([id]);
    repository.git("add", "-A");
    // By the real clock: another process did not see the log at the capture, so that the times decide.
    const person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    execFileSync("git", [...person, "commit", "-q", "-m", "b"], { cwd: repository.root });
    const taken = repository.head();
    repository.git("reset", "-q", "--hard", before);
    if (who === "another process") {
      await host.close();
      host = await open();
    }
    expect(await listed()).toEqual([]);
    const { memory } = await host.engine.get(id, {});
    expect(memory.provenance).toMatchObject({ commit: taken, pending: false });
    repository.git("reset", "-q", "--hard", taken);
    expect(await listed()).toEqual([id]);
  },
);

test("a memory that is captured after such a reset still waits, at once and later", async () => {
  const before = repository.head();
  repository.write("b", "1\n");
  await remember("the first attempt");
  repository.git("add", "-A");
  repository.git("commit", "-q", "-m", "b");
  repository.git("reset", "-q", "--hard", before);
  repository.write("c", "1\n");
  const id = await remember("another approach");
  expect(await listed()).toEqual([id]);
  expect(await listed()).toEqual([id]);
});

test("what follows a move of HEAD, and may itself ask what is inherited, does not hold up the look for rewritten commits", async () => {
  repository.git("switch", "-qc", "topic");
  const from = repository.commit("b", "something of its own\n");
  repository.git("switch", "-q", "main");
  repository.commit("c");
  const access = storeOf(from);
  const git = createGitLineage(createNodeGit());
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const lineage = new Lineage({ git, clock, logger: silentLogger, observeMoves: true });
  lineage.onMove(() => new Promise(() => undefined));
  const isInherited = async (): Promise<boolean> => {
    const place = await lineage.place(repository.root);
    return (await lineage.view(access, place, undefined)).visibleCommits.has(from);
  };
  expect(await isInherited()).toBe(false);
  repository.git("switch", "-q", "--detach", "HEAD~1");
  expect(await isInherited()).toBe(false);
  repository.git("cherry-pick", from);
  await expect.poll(isInherited, { timeout: 20_000 }).toBe(true);
  git.close();
});

/** What a lineage asks of a store that has one memory, of a commit. */
function storeOf(commit: string): StoreAccess {
  const commits = [commit];
  let mappings: readonly CommitMapping[] = [];
  const projection = {
    ...{ pending: () => [], carriersOf: () => [], commitFacts: () => undefined },
    ...{ memoryCommits: () => commits, mappings: () => mappings },
  };
  return {
    store: { folder, projection, sync: () => Promise.resolve() },
    note: (notes: readonly { readonly mapping?: CommitMapping }[]) => {
      mappings = [...mappings, ...notes.flatMap(({ mapping }) => mapping ?? [])];
      return Promise.resolve();
    },
  } as unknown as StoreAccess;
}
