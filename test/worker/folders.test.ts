import { rmSync, writeFileSync } from "node:fs";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storeNameAt } from "../../src/engine/storeName.ts";
import { findOwner } from "../../src/serve/findOwner.ts";
import { remoteEngine } from "../../src/serve/remoteEngine.ts";
import {
  emptyFolder,
  folderOf,
  openTestWindow,
  statesOf,
  storeFolderOf,
  type TestWindow,
} from "../support/engineWindow.ts";
import { TestRepository, temporaryFolder } from "../support/repository.ts";
import { post, toolCall } from "../support/served.ts";

let root: string;
let remove: () => void;
let data: string;
let repository: TestRepository;
let worktree: TestRepository;
const windows: TestWindow[] = [];

beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("window"));
  data = join(root, "data");
  repository = TestRepository.init(join(root, "main"));
  repository.commit("src/first.ts");
  repository.git("worktree", "add", "-q", "-b", "side", join(root, "side"));
  worktree = repository.at(join(root, "side"));
});
afterEach(async () => {
  await Promise.all(windows.splice(0).map((window) => window.close()));
  remove();
});

async function open(folders: readonly string[]): Promise<TestWindow> {
  const window = await openTestWindow(data, folders);
  windows.push(window);
  return window;
}
const captured = (window: TestWindow, content: string, workspace?: string) =>
  window.api.capture({ eventType: "note", content }, workspace === undefined ? {} : { workspace });
async function found(window: TestWindow, query: string, workspace?: string): Promise<readonly string[]> {
  const { memories } = await window.api.retrieve({ query }, workspace === undefined ? {} : { workspace });
  return memories.map(({ content }) => content);
}

describe("folders of one repository", () => {
  it("share one store, and each sees it from its own HEAD", async () => {
    worktree.commit("src/side.ts");
    const window = await open([repository.root, worktree.root]);
    await captured(window, "The lighthouse is kept on the side branch.", worktree.root);
    await captured(window, "The lighthouse was built on the first commit.", repository.root);
    expect(await found(window, "lighthouse", repository.root)).toEqual([
      "The lighthouse was built on the first commit.",
    ]);
    expect(await found(window, "lighthouse", worktree.root)).toHaveLength(2);
    const [a, b] = await Promise.all(
      [repository.root, worktree.root].map((workspace) => window.api.stats({ workspace })),
    );
    expect(a?.stores[0]).toMatchObject({ folder: b?.stores[0]?.folder, role: "owner", epoch: 1, memories: 2 });
  });

  it("answer a request from a folder inside them with that repository's HEAD", async () => {
    const window = await open([repository.root, worktree.root]);
    const { branch } = await window.api.gitState({ workspace: emptyFolder(worktree.root, "deep/down") });
    expect(branch).toBe("side");
  });
});

describe("a request that names no folder", () => {
  it("is about the active folder, else the first", async () => {
    const window = await open([repository.root, worktree.root]);
    const branch = async () => (await window.api.gitState({})).branch;
    expect(await branch()).toBe("main");
    await window.api.setActiveFolder(worktree.root);
    expect(await branch()).toBe("side");
    expect(await window.tool("git-state", {}, "?profile=code")).toMatchObject({ branch: "side" });
    await window.api.setActiveFolder(undefined);
    expect(await branch()).toBe("main");
    await window.api.setActiveFolder(worktree.root);
    await window.api.setFolders([folderOf(repository.root)]);
    expect(await branch()).toBe("main");
  });

  it("says what to do when no folder is open, and an active folder is one of the window's", async () => {
    const window = await open([]);
    await expect(window.api.gitState({})).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(window.api.setActiveFolder(root)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(await window.tool("health-check", {})).toMatchObject({ error: { code: "INVALID_INPUT" } });
  });
});

describe("an MCP client that names a folder", () => {
  it("is answered from there, whatever is active, in every era of the protocol", async () => {
    const window = await open([repository.root, worktree.root]);
    const query = `?profile=code&workspace=${encodeURIComponent(worktree.root)}`;
    expect(await window.tool("git-state", {}, query)).toMatchObject({ branch: "side" });
    const inside = encodeURIComponent(emptyFolder(worktree.root, "deep"));
    expect(await window.tool("git-state", {}, `?profile=code&workspace=${inside}`)).toMatchObject({ branch: "side" });
    const sessionless = await post(window, toolCall("git-state", {}), {}, `${window.url}${query}`);
    expect(sessionless.body.result?.structuredContent).toMatchObject({ branch: "side" });
    const modern = await post(
      window,
      {
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: {
          name: "git-state",
          arguments: {},
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        },
      },
      { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "git-state" },
      `${window.url}${query}`,
    );
    expect(modern.body.result?.structuredContent).toMatchObject({ branch: "side" });
  });

  it("is refused with 400 for a folder that is not the window's", async () => {
    const window = await open([repository.root]);
    for (const path of [
      root,
      worktree.root,
      join(repository.root, ".."),
      "src",
      "",
      join(repository.root, "nowhere"),
    ]) {
      const answer = await post(
        window,
        toolCall("health-check", {}),
        {},
        `${window.url}?workspace=${encodeURIComponent(path)}`,
      );
      expect(answer.status, path).toBe(400);
      expect(answer.body.error?.message).toMatch(/workspace is the absolute path of a folder/u);
    }
  });
});

describe("folders without a repository, and repositories inside folders", () => {
  it("a folder without git has a store of its own, also for what is inside it, until it becomes a repository", async () => {
    const plain = emptyFolder(root, "plain");
    const window = await open([plain]);
    await captured(window, "Pelicans nest here.", emptyFolder(plain, "inner"));
    expect(await found(window, "pelicans")).toEqual(["Pelicans nest here."]);
    TestRepository.init(plain).commit("a.txt");
    await window.api.headMoved(plain);
    expect((await window.api.gitState({})).repository).toBe(true);
    expect((await window.api.stats({})).stores[0]?.folder).toBe(storeFolderOf(data, plain));
  });

  it("a repository inside a folder has its own store, which closes with the folder", async () => {
    const outer = emptyFolder(root, "outer");
    const inner = TestRepository.init(join(outer, "inner"));
    inner.commit("b.txt");
    const window = await open([repository.root, outer]);
    await captured(window, "Otters swim in the inner river.", inner.root);
    expect(await found(window, "otters", inner.root)).toHaveLength(1);
    expect(await found(window, "otters", outer)).toHaveLength(0);
    expect(await findOwner(storeNameAt(inner.root), data)).toMatchObject({ url: window.url });
    await window.api.setFolders([folderOf(repository.root)]);
    await expect(found(window, "otters", inner.root)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect.poll(() => findOwner(storeNameAt(inner.root), data)).toBeUndefined();
  });

  it("of many repositories inside a folder eight are open at once, and one that was closed is opened when it is asked", async () => {
    const outer = emptyFolder(root, "outer");
    const inner = Array.from({ length: 9 }, (_, number) => TestRepository.init(join(outer, `inner${number}`)).root);
    const [first = ""] = inner;
    const window = await open([outer]);
    for (const path of inner) await captured(window, `Otters swim in ${path}.`, path);
    await expect.poll(() => findOwner(storeNameAt(first), data), { timeout: 10_000 }).toBeUndefined();
    expect(await findOwner(storeNameAt(inner[1] ?? ""), data)).toMatchObject({ url: window.url });
    expect(await found(window, "otters", first)).toHaveLength(1);
  });
});

describe("a store that cannot be opened", () => {
  it("fails its own folder with a code, and is opened when the reason is gone", async () => {
    const other = TestRepository.init(join(root, "other"));
    other.commit("c.txt");
    const blocked = storeFolderOf(data, other.root);
    mkdirSync(dirname(blocked), { recursive: true });
    writeFileSync(blocked, "a file where the store should be");
    const window = await open([other.root, repository.root]);
    const states = await window.api.folders();
    expect(statesOf(states)).toEqual(["failed", "open"]);
    expect(states[0]?.problem?.code).not.toBe("");
    await captured(window, "Herons fish at dawn.", repository.root);
    await expect(captured(window, "Lost?", other.root)).rejects.toMatchObject({ code: states[0]?.problem?.code });
    expect(await window.tool("health-check", {})).toMatchObject({ error: { code: states[0]?.problem?.code } });
    rmSync(blocked);
    expect(statesOf(await window.api.setFolders([other.root, repository.root].map(folderOf)))).toEqual([
      "open",
      "open",
    ]);
    await captured(window, "Herons fish at dusk.", other.root);
    expect(statesOf(window.events.folder.filter(({ path }) => path === other.root))).toEqual([
      "opening",
      "failed",
      "opening",
      "open",
    ]);
  });

  it("is tried again by a request after a moment", async () => {
    const blocked = storeFolderOf(data, repository.root);
    mkdirSync(dirname(blocked), { recursive: true });
    writeFileSync(blocked, "a file where the store should be");
    const window = await open([repository.root]);
    rmSync(blocked);
    await expect(captured(window, "too soon")).rejects.toThrow();
    await expect
      .poll(
        () =>
          captured(window, "Now it works.").then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
  });

  it("and a folder that is gone fails alone as well", async () => {
    const window = await open([join(root, "nowhere"), repository.root]);
    expect(await window.api.folders()).toMatchObject([
      { state: "failed", problem: { code: "INVALID_INPUT" } },
      { state: "open" },
    ]);
    emptyFolder(root, "nowhere");
    expect(statesOf(await window.api.setFolders([join(root, "nowhere"), repository.root].map(folderOf)))).toEqual([
      "open",
      "open",
    ]);
  });
});

describe("a folder that goes while it is open", () => {
  it("fails by itself, makes no store for what is not there, and is back when the folder is", async () => {
    const plain = emptyFolder(root, "plain");
    const window = await open([plain, repository.root]);
    await captured(window, "Moles dig.", plain);
    rmSync(plain, { recursive: true });
    await expect(found(window, "moles", plain)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(window.events.folder.at(-1)).toMatchObject({ path: plain, state: "failed" });
    expect(statesOf(await window.api.folders())).toEqual(["failed", "open"]);
    emptyFolder(root, "plain");
    expect(await found(window, "moles", plain)).toEqual(["Moles dig."]);
    expect(window.events.folder.at(-1)).toMatchObject({ path: plain, state: "open" });
  });

  it("as a worktree, leaves the other worktrees of its repository their store", async () => {
    const window = await open([worktree.root, repository.root]);
    await captured(window, "Voles hide.", repository.root);
    repository.git("worktree", "remove", "--force", worktree.root);
    await expect(found(window, "voles", worktree.root)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(await found(window, "voles", repository.root)).toEqual(["Voles hide."]);
  });
});

describe("other processes", () => {
  it("that found the window by a store's claim are answered from any worktree of it, in the window or not", async () => {
    const window = await open([repository.root]);
    const owner = await findOwner(storeNameAt(worktree.root), data);
    if (owner === undefined) throw new Error("the window owns no store");
    expect(owner.url).toBe(window.url);
    const remote = remoteEngine(owner);
    expect(await remote.gitState({ workspace: worktree.root })).toMatchObject({ branch: "side" });
    await remote.capture({ eventType: "note", content: "Ravens remember faces." }, { workspace: worktree.root });
    expect(await found(window, "ravens")).toEqual(["Ravens remember faces."]);
    const answer = await remote.hook("SessionStart", { session_id: "s1" }, { workspace: worktree.root });
    expect(answer.captured).toEqual([]);
    expect(await window.api.receipts({ limit: 5 }, {})).toEqual(answer.receipt === undefined ? [] : [answer.receipt]);
    await expect(remote.gitState({ workspace: root })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("the user's memories", () => {
  it("are one store for all folders, although each engine has it open", async () => {
    const other = TestRepository.init(join(root, "other"));
    other.commit("c.txt");
    const window = await open([repository.root, other.root]);
    const write = (content: string, workspace: string) =>
      window.api.capture({ eventType: "note", scope: "user", content }, { workspace });
    await write("I like short functions.", repository.root);
    await write("I like long walks.", other.root);
    for (const workspace of [repository.root, other.root])
      expect((await found(window, "like", workspace)).toSorted()).toEqual([
        "I like long walks.",
        "I like short functions.",
      ]);
    await window.api.setFolders([folderOf(other.root)]);
    await write("I like quiet keyboards.", other.root);
    expect(await found(window, "like keyboards")).toContain("I like quiet keyboards.");
  });
});
