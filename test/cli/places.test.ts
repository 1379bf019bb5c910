import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { heirloom, scratchFolder, serve, type ToolAnswer } from "../support/heirloom.ts";
import { TestRepository } from "../support/repository.ts";

let scratch: ReturnType<typeof scratchFolder>;
let data: string;
let repository: TestRepository;
beforeEach(() => {
  scratch = scratchFolder();
  data = join(scratch.path, "data");
  repository = TestRepository.init(join(scratch.path, "work"));
  writeFileSync(join(repository.root, "a.txt"), "one\n");
  repository.git("add", "-A");
  repository.git("commit", "-qm", "Begin");
});
afterEach(() => scratch[Symbol.dispose]());

const placed = (workspace: string): readonly string[] => ["--workspace", workspace, "--data", data];
async function capture(workspace: string, content: string, ...more: readonly string[]): Promise<ToolAnswer> {
  const answer = await heirloom(["capture", "--type", "note", "--json", content, ...more, ...placed(workspace)]);
  expect(answer.stderr).toBe("");
  return JSON.parse(answer.stdout) as ToolAnswer;
}
const contents = (answer: ToolAnswer): readonly unknown[] =>
  (answer["memories"] as readonly { readonly content: string }[]).map(({ content }) => content).sort();
async function listed(workspace: string): Promise<readonly unknown[]> {
  const answer = await heirloom(["list", "--limit", "100", "--json", ...placed(workspace)]);
  return contents(JSON.parse(answer.stdout) as ToolAnswer);
}

describe("worktrees of one repository", () => {
  test("a memory of a dirty one is seen in another when its commit is merged there, not before", async () => {
    const root = join(scratch.path, "other");
    repository.git("worktree", "add", "-q", "-b", "other", root);
    const other = repository.at(root);
    await capture(repository.root, "Known to both.");
    writeFileSync(join(repository.root, "a.txt"), "two\n");
    const captured = await capture(repository.root, "Of the work that is under way.");
    expect(captured["provenance"]).toMatchObject({ dirty: true, pending: true });

    const all = ["Known to both.", "Of the work that is under way."];
    expect(await listed(repository.root)).toEqual(all);
    expect(await listed(other.root)).toEqual(["Known to both."]);
    repository.git("commit", "-qam", "Two");
    expect(await listed(repository.root)).toEqual(all);
    expect(await listed(other.root)).toEqual(["Known to both."]);
    other.git("merge", "-q", "main");
    expect(await listed(other.root)).toEqual(all);
  });

  test("the same holds over MCP, in servers of which one follows the other", async () => {
    const root = join(scratch.path, "other");
    repository.git("worktree", "add", "-q", "-b", "other", root);
    const here = await serve(placed(repository.root));
    const there = await serve(placed(root));
    try {
      writeFileSync(join(root, "b.txt"), "new\n");
      await there.tool("capture-memory", { eventType: "note", content: "From the other worktree." });
      const inBoth = async (): Promise<readonly (readonly unknown[])[]> => [
        contents(await here.tool("retrieve-memories", { query: "" })),
        contents(await there.tool("retrieve-memories", { query: "" })),
      ];
      expect(await inBoth()).toEqual([[], ["From the other worktree."]]);
      const other = repository.at(root);
      other.git("add", "-A");
      other.git("commit", "-qm", "New");
      expect(await inBoth()).toEqual([[], ["From the other worktree."]]);
      repository.git("merge", "-q", "other");
      expect(await inBoth()).toEqual([["From the other worktree."], ["From the other worktree."]]);
    } finally {
      await there.stop();
      await here.stop();
    }
  });
});

describe("heirloom relate", () => {
  const relate = (...words: readonly string[]) => heirloom(["relate", ...words, ...placed(repository.root)]);
  const idOf = async (content: string, ...more: readonly string[]) =>
    String((await capture(repository.root, content, ...more))["id"]);

  test("says which of two holds from this commit on, takes it back, and lists what looks opposed", async () => {
    const [old, young] = [
      await idOf("Requests time out after 30 seconds."),
      await idOf("Requests time out after 60 seconds."),
    ];
    expect((await relate()).stdout).toContain("60 against 30");
    expect((await relate(young, "supersedes", old, "--reason", "measured")).stdout).toContain(
      `${young} supersedes ${old}`,
    );
    expect(await listed(repository.root)).toEqual(["Requests time out after 60 seconds."]);
    expect((await relate()).stderr).toContain("No two memories");
    await relate("--withdraw", old, young);
    expect(await listed(repository.root)).toHaveLength(2);
    expect(await relate(young, "likes", old)).toMatchObject({ code: 2 });
    expect(await relate("--withdraw", young)).toMatchObject({ code: 2 });
  });

  test("is said at once by capturing, outlives export and import, and a question may be asked as of before", async () => {
    const old = await idOf("The port is 80.");
    repository.commit("later.txt");
    await capture(repository.root, "The port is 8080.", "--supersedes", old);
    const exported = await heirloom(["export", ...placed(repository.root)]);
    const elsewhere = ["--workspace", repository.root, "--data", join(scratch.path, "elsewhere")];
    // The one that is superseded may come last.
    const lines = exported.stdout.trim().split("\n").reverse().join("\n");
    await heirloom(["import", "-", ...elsewhere], { input: lines });
    const answer = await heirloom(["list", "--json", ...elsewhere]);
    expect(contents(JSON.parse(answer.stdout) as ToolAnswer)).toEqual(["The port is 8080."]);
    const then = await heirloom(["search", "port", "--as-of", "HEAD~1", "--json", ...elsewhere]);
    expect(contents(JSON.parse(then.stdout) as ToolAnswer)).toEqual(["The port is 80."]);
  });
});

describe("heirloom lineage", () => {
  const lineage = (...words: readonly string[]) => heirloom(["lineage", ...words, ...placed(repository.root)]);

  test("lists what is not inherited, and promotes it to every branch", async () => {
    repository.git("switch", "-qc", "spike");
    repository.commit("spike.txt");
    const { id } = await capture(repository.root, "Learned on a spike.");
    repository.git("switch", "-q", "main");
    expect((await lineage()).stdout).toMatch(/learned on branch spike at .*: 1\n.*Learned on a spike/u);
    expect(JSON.parse((await lineage("--json")).stdout)).toMatchObject({ elsewhere: [{ branch: "spike", count: 1 }] });
    expect((await lineage("promote", "--branch", "spike", "--dry-run")).stdout).toContain("1 would be promoted");
    expect(await listed(repository.root)).toEqual([]);
    expect((await lineage("promote", String(id))).stdout).toContain("1 promoted to every branch");
    expect(await listed(repository.root)).toEqual(["Learned on a spike."]);
  });

  test("moves memories to another commit", async () => {
    repository.git("switch", "-qc", "spike");
    repository.commit("spike.txt");
    await capture(repository.root, "Learned on a spike.");
    repository.git("switch", "-q", "main");
    expect((await lineage("move", "--branch", "spike", "--to", "HEAD")).stdout).toContain("1 moved to");
    expect(await listed(repository.root)).toEqual(["Learned on a spike."]);
  });

  test("says what is wrong with its words", async () => {
    expect(await lineage("sideways")).toMatchObject({ code: 2 });
    expect(await lineage("accept", "abcd")).toMatchObject({ code: 2 });
    expect(await lineage("accept", "abcd", "ef01")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("NOT_FOUND") as string,
    });
  });
});

describe("what belongs to a session", () => {
  test("is seen by that session only", async () => {
    const one = await serve(placed(repository.root));
    const two = await serve(placed(repository.root));
    try {
      await one.tool("capture-memory", { eventType: "note", content: "Only for this talk.", scope: "session" });
      expect(contents(await one.tool("retrieve-memories", { query: "" }))).toEqual(["Only for this talk."]);
      expect(contents(await one.tool("retrieve-memories", { query: "talk" }))).toEqual(["Only for this talk."]);
      expect(contents(await two.tool("retrieve-memories", { query: "" }))).toEqual([]);
      expect(contents(await two.tool("retrieve-memories", { query: "talk" }))).toEqual([]);
      expect(await listed(repository.root)).toEqual([]);
    } finally {
      await two.stop();
      await one.stop();
    }
  });
});

describe("arguments over MCP", () => {
  test("with a key that would be dropped are refused by name", async () => {
    const server = await serve(placed(repository.root));
    try {
      const filters = JSON.parse('{"$and":[{"__proto__":{"kind":"rule"}}]}') as object;
      const answer = await server.tool("retrieve-memories", { query: "", filters });
      expect(answer.error).toMatchObject({ code: "INVALID_INPUT" });
      expect(answer.error?.message).toContain("filters.$and[0].__proto__");
    } finally {
      await server.stop();
    }
  });
});

describe("a data folder inside the workspace", () => {
  test("makes no tree dirty and is not learned", async () => {
    data = join(repository.root, ".memories");
    for (const content of ["One thing.", "Another matter."]) {
      const captured = await capture(repository.root, content);
      expect(captured["provenance"]).toMatchObject({ dirty: false, pending: false });
    }
    expect(repository.git("status", "--porcelain")).toBe("");
    expect(existsSync(join(data, "stores"))).toBe(true);
    await heirloom(["start", "--once", ...placed(repository.root)]);
    expect(await listed(repository.root)).toEqual(["Another matter.", expect.stringContaining("Begin"), "One thing."]);
  });

  test("that was there before, with a folder of that name in it, is left as it is", async () => {
    data = repository.root;
    mkdirSync(join(data, "stores"));
    writeFileSync(join(data, "stores", "mine.txt"), "");
    await capture(repository.root, "One thing.");
    expect(existsSync(join(data, "stores", ".gitignore"))).toBe(false);
    expect(existsSync(join(data, ".gitignore"))).toBe(false);
    expect(readFileSync(join(data, "a.txt"), "utf8")).toBe("one\n");
  });
});

describe.skipIf(process.platform === "win32")("a history that touches a link out of the workspace", () => {
  test("is learned, without an anchor there", async () => {
    symlinkSync("/etc", join(repository.root, "link"));
    writeFileSync(join(repository.root, "b.txt"), "b\n");
    repository.git("add", "-A");
    repository.git("commit", "-qm", "Add a link and a file");
    await heirloom(["start", "--once", ...placed(repository.root)]);
    const answer = await heirloom(["search", "link and a file", "--json", ...placed(repository.root)]);
    const [memory] = (JSON.parse(answer.stdout) as { memories: { content: string; anchors: { path: string }[] }[] })
      .memories;
    expect(memory?.content).toContain("Add a link and a file");
    expect(memory?.anchors.map(({ path }) => path)).toEqual(["b.txt"]);
  });
});
