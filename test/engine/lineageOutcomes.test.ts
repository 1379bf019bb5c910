import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Host, openHost } from "../../src/serve/openHost.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let hosts: Host[];

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("outcomes"));
  repository = TestRepository.init(join(folder, "repo"));
  hosts = [];
  // What is said here holds however busy the machine is.
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data", "settings.json"), JSON.stringify({ queryTimeoutMs: 30_000 }));
});
afterEach(async () => {
  for (const host of hosts.reverse()) await host.close();
  remove();
});

interface Origin {
  readonly commit?: string;
  readonly branch?: string;
  readonly pending: boolean;
}

/** A workspace with an engine of its own; all have one data folder, so that those of one repository have one store. */
class Window {
  readonly at: TestRepository;
  readonly #host: Host;

  private constructor(at: TestRepository, host: Host) {
    this.at = at;
    this.#host = host;
  }

  static async open(at: TestRepository): Promise<Window> {
    const host = await openHost({
      workspace: at.root,
      dataFolder: join(folder, "data"),
      profiles: ["core"],
      rateLimited: false,
      longLived: true,
      logLevel: "error",
    });
    hosts.push(host);
    return new Window(at, host);
  }

  git(...args: readonly string[]): string {
    return this.at.git(...args);
  }

  async learn(content: string, anchors: readonly { readonly path: string }[] = []): Promise<Origin> {
    const { engine } = this.#host;
    const { id } = await engine.capture(
      { eventType: "note", content, scope: "lineage", dedupe: "none", anchors: [...anchors] },
      {},
    );
    return (await engine.get(id, {})).memory.provenance;
  }

  async #idOf(content: string): Promise<string> {
    const { memories } = await this.#host.engine.retrieve({ query: "", limit: 100, includeHidden: true }, {});
    return memories.find((memory) => memory.content === content)?.id ?? "";
  }

  async places(content: string): Promise<readonly string[]> {
    const { memory } = await this.#host.engine.get(await this.#idOf(content), {});
    return memory.anchors.map(({ path }) => path);
  }

  async forget(content: string): Promise<void> {
    await this.#host.engine.forget({ id: await this.#idOf(content) }, {});
  }

  async provenance(content: string): Promise<Origin> {
    return (await this.#host.engine.get(await this.#idOf(content), {})).memory.provenance;
  }

  /** What is shown here, in the order of the alphabet. */
  async seen(): Promise<readonly string[]> {
    const { memories } = await this.#host.engine.retrieve({ query: "", limit: 100 }, {});
    return memories.map(({ content }) => content).sort();
  }

  /** What is listed as hidden when it is asked for, with the reason. */
  async hidden(): Promise<Readonly<Record<string, string>>> {
    const { memories } = await this.#host.engine.retrieve({ query: "", limit: 100, includeHidden: true }, {});
    return Object.fromEntries(
      memories.flatMap(({ content, hiddenBecause }) => (hiddenBecause === undefined ? [] : [[content, hiddenBecause]])),
    );
  }

  /** What a person is offered to promote or move, by memory_lineage. */
  async elsewhere(): Promise<readonly (string | undefined)[]> {
    const { elsewhere } = await this.#host.engine.lineage({ action: "list" }, {});
    return (elsewhere ?? []).map(({ commit }) => commit);
  }

  /** Ends this process, so that another can follow it. */
  async close(): Promise<void> {
    hosts.splice(hosts.indexOf(this.#host), 1);
    await this.#host.close();
  }
}

const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `export const ${name}${at} = "value of ${name} ${at}";\n`).join("");

/** A window on the repository of each test, after its first commit. */
async function begin(): Promise<Window> {
  repository.commit("README.md");
  return await Window.open(repository);
}

/** A commit on a branch of its own with a memory, and HEAD back on main. */
async function learnOnTopic(window: Window): Promise<string> {
  window.git("switch", "-qc", "topic");
  const commit = window.at.commit("topic.ts", lines("topic", 20));
  await window.learn("topic");
  window.git("switch", "-q", "main");
  return commit;
}

const short = (commit: string): string => commit.slice(0, 8);

describe("a move of HEAD", () => {
  test("by checkout hides what was learned on the branch that was left, and lists it under its commit", async () => {
    const window = await begin();
    const commit = await learnOnTopic(window);
    expect(await window.seen()).toEqual([]);
    expect(await window.hidden()).toEqual({
      topic: `learned on branch topic at ${short(commit)}, which this HEAD does not inherit`,
    });
    expect(await window.elsewhere()).toEqual([commit]);
    window.git("checkout", "-q", "topic");
    expect(await window.seen()).toEqual(["topic"]);
    expect(await window.elsewhere()).toEqual([]);
  });

  test("by a merge or a fast-forward shows what was learned on the branch that came in", async () => {
    const window = await begin();
    await learnOnTopic(window);
    window.at.commit("main.ts");
    await window.learn("main");
    window.git("merge", "-q", "--no-ff", "-m", "merge", "topic");
    expect(await window.seen()).toEqual(["main", "topic"]);
    window.git("switch", "-q", "topic");
    expect(await window.seen()).toEqual(["topic"]);
    window.git("merge", "-q", "--ff-only", "main");
    expect(await window.seen()).toEqual(["main", "topic"]);
  });

  test.each(["--soft", "--mixed", "--hard"])(
    "by reset %s hides what was learned on the commits that it took back",
    async (how) => {
      const window = await begin();
      const commit = window.at.commit("a.ts", lines("a", 20));
      await window.learn("taken back");
      window.git("reset", "-q", how, "HEAD~1");
      expect(await window.seen()).toEqual([]);
      expect(await window.elsewhere()).toEqual([commit]);
      window.git("reset", "-q", "--hard", commit);
      expect(await window.seen()).toEqual(["taken back"]);
    },
  );

  test("to a commit without a branch: what is learned there belongs to the commit, and is seen where that is merged", async () => {
    const window = await begin();
    window.git("checkout", "-q", "--detach");
    const commit = window.at.commit("a.ts");
    const provenance = await window.learn("detached");
    expect(provenance).toMatchObject({ commit, pending: false });
    expect(provenance.branch).toBeUndefined();
    window.git("switch", "-q", "main");
    expect(await window.hidden()).toEqual({
      detached: `learned at ${short(commit)}, which this HEAD does not inherit`,
    });
    window.git("merge", "-q", commit);
    expect(await window.seen()).toEqual(["detached"]);
  });

  test("by bisect shows each step's own memories, and no commit that is made later takes what waited at a step", async () => {
    const window = await begin();
    const commits = [1, 2, 3, 4].map((at) => window.at.commit(`${at}.ts`));
    await window.learn("newest");
    window.git("bisect", "start", "HEAD", "HEAD~4");
    expect(window.at.head()).toBe(commits[1]);
    expect(Object.keys(await window.hidden())).toEqual(["newest"]);
    expect(await window.learn("of the step")).toMatchObject({ commit: commits[1], pending: false });
    window.at.write("probe.ts", "probe\n");
    expect(await window.learn("of the probe")).toMatchObject({ commit: commits[1], pending: true });
    window.git("bisect", "good");
    expect(await window.seen()).toEqual(["of the step"]);
    window.git("bisect", "reset");
    window.at.commit("fix.ts");
    expect(await window.seen()).toEqual(["newest", "of the step"]);
    expect(await window.provenance("of the probe")).toMatchObject({ commit: commits[1], pending: true });
    expect(await window.hidden()).toEqual({
      "of the probe": `waits for a commit on the detached HEAD ${short(commits[1] ?? "")}`,
    });
    expect(await window.elsewhere()).toEqual([commits[1]]);
  });
});

test("what is learned on an unborn branch waits for its first commit, and belongs to it from then on", async () => {
  const window = await Window.open(repository);
  expect(await window.learn("unborn")).toMatchObject({ branch: "main", pending: true });
  expect(await window.seen()).toEqual(["unborn"]);
  window.git("symbolic-ref", "HEAD", "refs/heads/other");
  expect(await window.hidden()).toEqual({ unborn: "waits for a commit on branch main" });
  window.git("symbolic-ref", "HEAD", "refs/heads/main");
  const first = window.at.commit("a.ts");
  expect(await window.seen()).toEqual(["unborn"]);
  expect(await window.provenance("unborn")).toMatchObject({ commit: first, pending: false });
  window.git("switch", "-q", "--orphan", "empty");
  expect(await window.seen()).toEqual([]);
  expect(Object.keys(await window.hidden())).toEqual(["unborn"]);
});

describe("in a clone that does not have everything", () => {
  /** A full clone in which something was learned on main and on a branch that is given up; later work upstream has the lines of both. */
  async function learnedInClone(): Promise<{ readonly window: Window; readonly commits: readonly string[] }> {
    repository.commit("a.ts", lines("a", 20));
    const clone = repository.at(join(folder, "clone"));
    repository.git("clone", "-q", `file://${repository.root}`, clone.root);
    const window = await Window.open(clone);
    await window.learn("inherited");
    clone.git("switch", "-qc", "given-up");
    const lost = clone.commit("all.ts", lines("b", 12) + lines("c", 12));
    await window.learn("given up");
    clone.git("switch", "-q", "main");
    repository.commit("b.ts", lines("b", 12));
    repository.commit("c.ts", lines("c", 12));
    repository.commit("d.ts", lines("d", 12));
    return { window, commits: [repository.git("rev-parse", "HEAD~3"), lost] };
  }

  test("a commit beyond the boundary of a shallow one is hidden and listed, and seen once the clone is deepened", async () => {
    const { window, commits } = await learnedInClone();
    const { at: clone } = window;
    clone.git("fetch", "-q", "--depth", "1");
    clone.git("reset", "-q", "--hard", "origin/main");
    expect(clone.git("rev-list", "--count", "HEAD")).toBe("1");
    // The one commit that is left shows all files as if it had added them, those of the branch among them.
    expect(await window.seen()).toEqual([]);
    expect(Object.keys(await window.hidden()).sort()).toEqual(["given up", "inherited"]);
    expect([...(await window.elsewhere())].sort()).toEqual([...commits].sort());
    clone.git("fetch", "-q", "--unshallow");
    expect(await window.seen()).toEqual(["inherited"]);
    expect(Object.keys(await window.hidden())).toEqual(["given up"]);
  });

  test("nothing is fetched for a partial one, and what is here is enough to follow an amended and a rebased commit", async () => {
    repository.git("config", "uploadpack.allowFilter", "true");
    for (const count of [10, 20, 30]) repository.commit("a.ts", lines("a", count));
    const clone = repository.at(join(folder, "clone"));
    repository.git("clone", "-q", "--filter=blob:none", `file://${repository.root}`, clone.root);
    const window = await Window.open(clone);
    clone.git("switch", "-qc", "topic");
    clone.commit("own.ts", lines("own", 20));
    await window.learn("mine");
    clone.git("commit", "-q", "--amend", "-m", "amended");
    await expect.poll(() => window.seen(), { timeout: 20_000 }).toEqual(["mine"]);
    // Two commits upstream of which only the last one's file is fetched by a rebase on them.
    for (const count of [40, 50]) repository.commit("a.ts", lines("a", count));
    clone.git("fetch", "-q");
    clone.git("rebase", "-q", "origin/main");
    clone.git("reflog", "expire", "--expire=now", "--all");
    expect(clone.git("rev-list", "--objects", "--missing=print", "HEAD")).toContain("\n?");

    const mark = join(folder, "fetched");
    const transport = join(folder, "upload-pack");
    writeFileSync(transport, `#!/bin/sh\n: > "${mark}"\nexec git-upload-pack "$@"\n`);
    chmodSync(transport, 0o755);
    clone.git("config", "remote.origin.uploadpack", transport);
    await expect.poll(() => window.seen(), { timeout: 20_000 }).toEqual(["mine"]);
    clone.git("switch", "-q", "--detach", "origin/main");
    expect(await window.seen()).toEqual([]);
    expect(Object.keys(await window.hidden())).toEqual(["mine"]);
    expect(existsSync(mark)).toBe(false);
  });
});

describe("a view of history that only this clone has", () => {
  test("by a graft or a replace ref shows nothing that the commits themselves do not inherit", async () => {
    const window = await begin();
    const topic = await learnOnTopic(window);
    const head = window.at.commit("main.ts", lines("main", 20));
    const parent = window.git("rev-parse", "HEAD~1");
    mkdirSync(join(repository.root, ".git/info"), { recursive: true });
    writeFileSync(join(repository.root, ".git/info/grafts"), `${head} ${parent} ${topic}\n`);
    expect(window.git("rev-list", "HEAD")).toContain(topic);
    expect(await window.seen()).toEqual([]);
    rmSync(join(repository.root, ".git/info/grafts"));
    window.git("replace", "--graft", head, parent, topic);
    expect(window.git("rev-list", "HEAD")).toContain(topic);
    expect(await window.seen()).toEqual([]);
    expect(await window.elsewhere()).toEqual([topic]);
  });

  test("by a replace ref hides nothing that the commits themselves inherit", async () => {
    const window = await begin();
    await window.learn("first");
    const head = window.at.commit("main.ts");
    window.git("replace", "--graft", head);
    expect(window.git("rev-list", "--count", "HEAD")).toBe("1");
    expect(await window.seen()).toEqual(["first"]);
  });
});

describe("more than one work tree or repository", () => {
  test("a submodule has memories of its own, which follow its HEAD and not that of the superproject", async () => {
    const library = TestRepository.init(join(folder, "library"));
    library.commit("lib.ts");
    const outer = await begin();
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library.root, "lib");
    outer.git("commit", "-qm", "add");
    await outer.learn("of the superproject");
    const inner = await Window.open(repository.at(join(repository.root, "lib")));
    const commit = inner.at.commit("more.ts");
    expect(await inner.learn("of the library")).toMatchObject({ commit, pending: false });
    expect(await inner.seen()).toEqual(["of the library"]);
    expect(await outer.seen()).toEqual(["of the superproject"]);
    expect(await outer.hidden()).toEqual({});
    outer.git("submodule", "update", "-q");
    expect(await inner.seen()).toEqual([]);
    expect(Object.keys(await inner.hidden())).toEqual(["of the library"]);
    outer.git("submodule", "deinit", "-f", "lib");
    const folderOnly = await Window.open(inner.at);
    expect(await folderOnly.seen()).toEqual(["of the superproject"]);
  });

  test("worktrees share their memories, each by its own HEAD; what waits in one is hidden in the others", async () => {
    const window = await begin();
    await window.learn("both");
    const root = join(folder, "tree");
    window.git("worktree", "add", "-q", "-b", "tree", root);
    const other = await Window.open(repository.at(root));
    other.at.commit("a.ts");
    await other.learn("committed there");
    other.at.write("b.ts", "b\n");
    await other.learn("waiting there");
    expect(await other.seen()).toEqual(["both", "committed there", "waiting there"]);
    expect(await window.seen()).toEqual(["both"]);
    expect(await window.hidden()).toEqual({
      "committed there": expect.stringContaining("learned on branch tree") as string,
      "waiting there": "waits for a commit on branch tree in another worktree",
    });
    await other.close();
    window.git("worktree", "remove", "--force", root);
    expect(Object.keys(await window.hidden()).sort()).toEqual(["committed there", "waiting there"]);
  });

  test("repositories that are roots of one workspace keep their memories apart", async () => {
    const one = await begin();
    const second = TestRepository.init(join(folder, "second"));
    second.commit("a.ts");
    const two = await Window.open(second);
    await one.learn("of one");
    await two.learn("of two");
    expect([await one.seen(), await two.seen()]).toEqual([["of one"], ["of two"]]);
    expect([await one.hidden(), await two.hidden()]).toEqual([{}, {}]);
  });
});

describe("a folder that has no work tree of git", () => {
  test("and is a bare repository: what is learned there holds always, in its worktrees as well, and theirs is hidden there", async () => {
    repository.commit("a.ts");
    const bare = repository.at(join(folder, "bare.git"));
    repository.git("clone", "-q", "--bare", repository.root, bare.root);
    const window = await Window.open(bare);
    const provenance = await window.learn("of the bare one");
    expect(provenance.commit).toBeUndefined();
    expect(provenance.pending).toBe(false);
    bare.git("worktree", "add", "-q", join(folder, "tree"), "main");
    const tree = await Window.open(repository.at(join(folder, "tree")));
    await tree.learn("of the worktree");
    expect(await tree.seen()).toEqual(["of the bare one", "of the worktree"]);
    expect(await window.seen()).toEqual(["of the bare one"]);
    expect(await window.hidden()).toEqual({
      "of the worktree": expect.stringContaining("learned on branch main") as string,
    });
    expect(await window.elsewhere()).toEqual([bare.git("rev-parse", "main")]);
  });

  test("and names a bare repository by a .git file: what is learned there belongs to its HEAD", async () => {
    const commit = repository.commit("a.ts");
    const outer = repository.at(join(folder, "outer"));
    repository.git("clone", "-q", "--bare", repository.root, join(outer.root, ".bare"));
    outer.write(".git", "gitdir: ./.bare\n");
    const window = await Window.open(outer);
    expect(await window.learn("of HEAD")).toMatchObject({ commit, branch: "main", pending: false });
    expect(await window.seen()).toEqual(["of HEAD"]);
    outer.git("symbolic-ref", "HEAD", "refs/heads/empty");
    expect(Object.keys(await window.hidden())).toEqual(["of HEAD"]);
  });

  test("and becomes a repository later: what was learned before holds always, for the next process as well", async () => {
    const plain = repository.at(join(folder, "plain"));
    plain.write("a.ts", "a\n");
    const before = await Window.open(plain);
    await before.learn("before");
    plain.git("init", "-q", "-b", "main");
    expect(await before.learn("unborn")).toMatchObject({ branch: "main", pending: true });
    const first = plain.commit("b.ts");
    expect(await before.seen()).toEqual(["before", "unborn"]);
    await before.close();
    const after = await Window.open(plain);
    expect(await after.seen()).toEqual(["before", "unborn"]);
    expect(await after.provenance("unborn")).toMatchObject({ commit: first, pending: false });
    plain.git("switch", "-q", "--orphan", "empty");
    expect(await after.seen()).toEqual(["before"]);
    expect(Object.keys(await after.hidden())).toEqual(["unborn"]);
  });

  test("and becomes part of a repository in a folder above: what was learned moves into its store once, with its places", async () => {
    const plain = repository.at(join(folder, "plain"));
    plain.write("part/a.ts", lines("a", 5));
    const part = repository.at(join(plain.root, "part"));
    const before = await Window.open(part);
    await before.learn("before", [{ path: "a.ts" }]);
    plain.git("init", "-q", "-b", "main");
    plain.commit("b.ts");
    // As long as a process works with the old store, it is left to it.
    const meanwhile = await Window.open(part);
    expect(await meanwhile.seen()).toEqual([]);
    await meanwhile.close();
    await before.close();
    symlinkSync(part.root, join(folder, "link"));
    const after = await Window.open(repository.at(join(folder, "link")));
    expect(await after.seen()).toEqual(["before"]);
    expect(await after.places("before")).toEqual(["part/a.ts"]);
    await after.forget("before");
    await after.close();
    const whole = await Window.open(plain);
    const again = await Window.open(part);
    expect([await again.seen(), await whole.seen()]).toEqual([[], []]);
  });

  test("and was a repository before: what belongs to its commits is hidden and listed", async () => {
    const window = await begin();
    await window.learn("of a commit");
    await window.close();
    rmSync(join(repository.root, ".git"), { recursive: true });
    const after = await Window.open(repository);
    expect(await after.seen()).toEqual([]);
    expect(Object.keys(await after.hidden())).toEqual(["of a commit"]);
    await after.learn("of no commit");
    expect(await after.seen()).toEqual(["of no commit"]);
  });
});
