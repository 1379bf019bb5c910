import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ShareResult } from "../../src/contract/share.ts";
import { type Answer, heirloom, scratchFolder, serve, type ToolAnswer } from "../support/heirloom.ts";
import { TestRepository } from "../support/repository.ts";

/** A clone with a store of its own: one person. */
class Person {
  readonly repository: TestRepository;
  readonly #data: string;

  constructor(repository: TestRepository, data: string) {
    this.repository = repository;
    this.#data = data;
  }

  get placed(): readonly string[] {
    return ["--workspace", this.repository.root, "--data", this.#data];
  }

  run(...args: readonly string[]): Promise<Answer> {
    return heirloom([...args, ...this.placed]);
  }

  async share(...args: readonly string[]): Promise<ShareResult> {
    const { stdout, stderr } = await this.run("share", "--json", ...args);
    expect(stderr).toBe("");
    return JSON.parse(stdout) as ShareResult;
  }

  async capture(content: string, ...more: readonly string[]): Promise<string> {
    const { stdout } = await this.run("capture", "--type", "rule", "--json", content, ...more);
    return (JSON.parse(stdout) as { readonly id: string }).id;
  }

  async texts(): Promise<readonly string[]> {
    const { stdout } = await this.run("list", "--limit", "100", "--json");
    const { memories } = JSON.parse(stdout) as { readonly memories: readonly { readonly content: string }[] };
    return memories.map(({ content }) => content).sort();
  }

  push(message: string): void {
    this.repository.git("add", "-A");
    this.repository.git("commit", "-qm", message);
    this.repository.git("push", "-q", "origin", "main");
  }

  pull(): void {
    this.repository.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main");
  }

  read(path: string): string {
    return readFileSync(join(this.repository.root, path), "utf8");
  }
}

let scratch: ReturnType<typeof scratchFolder>;
let ada: Person;
let ben: Person;
beforeEach(() => {
  scratch = scratchFolder();
  const folder = (name: string): string => join(scratch.path, name);
  const first = TestRepository.init(folder("ada"));
  first.commit("README.md", "# Example\n");
  first.git("clone", "-q", "--bare", first.root, folder("remote"));
  first.git("remote", "add", "origin", folder("remote"));
  first.git("clone", "-q", folder("remote"), folder("ben"));
  ada = new Person(first, folder("data-ada"));
  ben = new Person(first.at(folder("ben")), folder("data-ben"));
});
afterEach(() => scratch[Symbol.dispose]());

const pathsOf = ({ written = [] }: ShareResult): readonly string[] => written.map(({ path }) => path);
const idsOf = ({ pending = [] }: ShareResult): readonly string[] => pending.map(({ id }) => id);

describe("a memory that is shared", () => {
  test("reaches another clone only when it is accepted there, and is not asked for again", async () => {
    const id = await ada.capture(
      "Migrations are never edited.",
      "--title",
      "Migrations",
      "--tag",
      "db",
      "--scope",
      "repo",
    );
    const { written } = await ada.share(id);
    const path = `.heirloom/memories/rule/migrations-${id}.md`;
    expect(written).toEqual([{ id, path, change: "new" }]);
    expect(ada.read(path)).toContain("\n---\n\nMigrations are never edited.\n");
    expect(ada.repository.git("status", "--short")).toBe("?? .heirloom/");
    ada.push("Share a rule");

    ben.pull();
    expect(await ben.texts()).toEqual([]);
    const review = await ben.run("share", "--review");
    expect(review.stdout).toContain(`${id}  new by Ada in `);
    expect(review.stdout).toContain("+Migrations are never edited.");
    expect(await ben.texts()).toEqual([]);

    expect(await ben.share("--accept", id)).toMatchObject({ accepted: [id], problems: [] });
    expect(await ben.texts()).toEqual(["Migrations are never edited."]);
    expect((await ben.share("--review")).pending).toEqual([]);
    const shown = await ben.run("show", id, "--json");
    expect(shown.stdout).toContain('"author":"Ada"');
    expect((await ada.share("--review")).pending).toEqual([]);
    expect((await ada.share("--status")).files).toMatchObject([{ id, state: "same" }]);
  });

  test("is written the same again, and changes the lines that changed", async () => {
    const id = await ada.capture("Line one.\nLine two.\nLine three.", "--title", "Three lines");
    const [path = ""] = pathsOf(await ada.share("--kind", "rule"));
    const before = ada.read(path);
    ada.push("Share");
    expect(await ada.share("--kind", "rule")).toMatchObject({ written: [], unchanged: 1 });
    expect(await ada.share()).toMatchObject({ written: [], unchanged: 1 });
    expect(ada.read(path)).toBe(before);
    const server = await serve(ada.placed);
    await server.tool("revise-memory", { id, content: "Line one.\nLine 2.\nLine three.", title: "Other title" });
    await server.stop();
    expect((await ada.share("--status")).files).toMatchObject([{ state: "differs" }]);
    expect((await ada.share("--dry-run")).written).toEqual([{ id, path, change: "changed" }]);
    expect(ada.read(path)).toBe(before);
    await ada.share();
    const diff = ada.repository.git("diff", "--numstat");
    expect(diff).toBe(`2\t2\t${path}`);

    ada.push("Change");
    ben.pull();
    expect(await ben.share("--review")).toMatchObject({ pending: [{ change: "new" }] });
  });

  test("is revised by what another person made of it, after a look at the difference", async () => {
    const id = await ada.capture("Use tabs.");
    await ada.share(id);
    ada.push("Share");
    ben.pull();
    await ben.share("--accept", "--author", "ada");
    const server = await serve(ben.placed);
    await server.tool("revise-memory", { id, content: "Use spaces." });
    await server.stop();
    const [path = ""] = pathsOf(await ben.share(id));
    ben.push("Change");

    ada.pull();
    expect(await ada.texts()).toEqual(["Use tabs."]);
    const { stdout } = await ada.run("share", "--review");
    expect(stdout).toContain("-Use tabs.\n    +Use spaces.");
    expect((await ada.run("share", id)).stderr).toContain("waits for review");
    expect(ada.read(path)).toContain("Use spaces.");
    await ada.share("--accept", "--commit", ada.repository.git("rev-parse", "HEAD"));
    expect(await ada.texts()).toEqual(["Use spaces."]);
    expect((await ada.run("export")).stdout).toContain('"reason":"shared by Ada in commit ');
  });

  test("that is refused stays out, until its text changes", async () => {
    const id = await ada.capture("Always skip the tests.");
    const [path = ""] = pathsOf(await ada.share(id));
    ada.push("Share");
    ben.pull();
    expect(await ben.share("--refuse", id)).toMatchObject({ refused: [id] });
    expect((await ben.share("--review")).pending).toEqual([]);
    expect((await ben.share("--status")).files).toMatchObject([{ state: "refused" }]);
    expect(await ben.texts()).toEqual([]);
    writeFileSync(join(ada.repository.root, path), ada.read(path).replace("skip", "run"));
    ada.push("Mend");
    ben.pull();
    expect(idsOf(await ben.share("--review"))).toEqual([id]);
  });

  test("whose file was deleted is offered to be forgotten, and kept where that is refused", async () => {
    const [one, two] = [await ada.capture("One."), await ada.capture("Two.")];
    await ada.share(one, two);
    ada.push("Share");
    ben.pull();
    await ben.share("--accept", one, two);
    await ada.share("--remove", one, two);
    expect(existsSync(join(ada.repository.root, ".heirloom/memories/rule"))).toBe(false);
    expect(await ada.texts()).toEqual(["One.", "Two."]);
    ada.push("Unshare");
    expect((await ada.share("--review")).pending).toEqual([]);

    ben.pull();
    const { pending = [] } = await ben.share("--review");
    expect(pending.map(({ id, change }) => [id, change]).sort()).toEqual(
      [
        [one, "gone"],
        [two, "gone"],
      ].sort(),
    );
    await ben.share("--accept", one);
    await ben.share("--refuse", two);
    expect(await ben.texts()).toEqual(["Two."]);
    expect((await ben.share("--review")).pending).toEqual([]);
    ben.repository.git("switch", "-qc", "older", "HEAD~1");
    expect((await ben.share("--review")).pending).toEqual([]);
  });
});

describe("two people", () => {
  test("share different memories without a conflict", async () => {
    const mine = await ada.capture("Ada's rule.");
    await ada.share(mine);
    ada.push("Ada shares");
    const theirs = await ben.capture("Ben's rule.");
    await ben.share(theirs);
    ben.repository.git("add", "-A");
    ben.repository.git("commit", "-qm", "Ben shares");
    ben.pull();
    ben.repository.git("push", "-q", "origin", "main");
    ada.pull();
    expect(idsOf(await ben.share("--review"))).toEqual([mine]);
    expect(idsOf(await ada.share("--review"))).toEqual([theirs]);
  });

  test("who change one memory get a conflict that is told, and that does no harm", async () => {
    const id = await ada.capture("The limit is 10.");
    const [path = ""] = pathsOf(await ada.share(id));
    ada.push("Share");
    ben.pull();
    const change = (person: Person, to: string): void =>
      writeFileSync(join(person.repository.root, path), person.read(path).replace("10", to));
    change(ada, "20");
    ada.push("Twenty");
    change(ben, "30");
    ben.repository.git("commit", "-qam", "Thirty");
    expect(() => ben.pull()).toThrow();
    const { pending, problems } = await ben.share("--review");
    expect(pending).toEqual([]);
    expect(problems).toEqual([
      { path, message: expect.stringContaining("a merge conflict is not resolved") as string },
    ]);
    expect(await ben.texts()).toEqual([]);
    const refused = await ben.run("share", "--accept", id);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("NOT_FOUND") as string });
  });
});

test("a repository that is trusted is taken in when it is learned from; others never are", async () => {
  const id = await ada.capture("A shared rule.");
  await ada.share(id);
  ada.push("Share");
  ben.pull();
  await ben.run("start", "--once");
  expect(await ben.texts()).not.toContain("A shared rule.");
  await ben.share("--trust");
  expect(await ben.texts()).toContain("A shared rule.");
  const next = await ada.capture("Another one.");
  await ada.share(next);
  ada.push("Share another");
  ben.pull();
  await ben.run("start", "--once");
  expect(await ben.texts()).toContain("Another one.");
  await ben.share("--no-trust");
  const last = await ada.capture("The last one.");
  await ada.share(last);
  ada.push("Share the last");
  ben.pull();
  await ben.run("start", "--once");
  expect(await ben.texts()).not.toContain("The last one.");
});

test("nothing that waits reaches an agent by any tool, and its words not by the review either", async () => {
  const id = await ada.capture("Zebra crossings of the parser are unsafe.", "--title", "Zebra");
  await ada.share(id);
  ada.push("Share");
  ben.pull();
  const server = await serve(ben.placed);
  try {
    await server.tool("index_control", { action: "update" });
    const query = "zebra crossings of the parser";
    const answers: ToolAnswer[] = [
      await server.tool("retrieve-memories", { query, includeHidden: true }),
      await server.tool("build-context", { query }),
      await server.tool("search_codebase", { query }),
      await server.tool("locate_relevant_files", { query }),
      await server.tool("context_grep", { pattern: "unsafe" }),
      await server.tool("get_code_chunk", { path: `.heirloom/memories/rule/zebra-${id}.md` }),
      await server.tool("analyze_implementation", { target: `.heirloom/memories/rule/zebra-${id}.md` }),
      await server.tool("memory_share", { action: "review" }),
      await server.tool("memory_share", { action: "status" }),
    ];
    for (const answer of answers) expect(JSON.stringify(answer)).not.toMatch(/unsafe|"Zebra"/u);
    expect(answers.at(-2)).toMatchObject({ pending: [{ id, change: "new" }] });
    for (const action of ["accept", "refuse", "trust"])
      expect(await server.tool("memory_share", { action, ids: [id] })).toMatchObject({
        error: { code: "INVALID_INPUT", message: expect.stringContaining("only a person accepts") as string },
      });
    expect(await ben.texts()).not.toContain("Zebra crossings of the parser are unsafe.");
  } finally {
    await server.stop();
  }
});

test("secrets and addresses stay here, and what is of no repository is left out with the reason", async () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const id = await ada.capture(`The token is ${token}.`);
  const user = await ada.capture("Mine everywhere.", "--scope", "user");
  const session = await ada.capture("For now.", "--scope", "session", "--session", "s1");
  const [path = ""] = pathsOf(await ada.share(id));
  expect(ada.read(path)).not.toMatch(/a1B2a1B2|@/u);
  expect(ada.read(path)).not.toContain(scratch.path);
  expect((await ada.share(session)).leftOut).toEqual([{ id: session, why: "belongs to one session" }]);
  expect((await ada.run("share", user)).stderr).toContain("NOT_FOUND");
  expect(readdirSync(join(ada.repository.root, ".heirloom/memories/rule"))).toHaveLength(1);
});

test("rules flow out into a marked block of a document, and are not learned back as second memories", async () => {
  const before = "\ufeff# Rules\r\n\r\nBe kind; see `src/kind.ts`.\r\n";
  ada.repository.write("AGENTS.md", before);
  ada.repository.commit("src/kind.ts", "export {};\n");
  await ada.capture("Migrations are never edited.", "--title", "Migrations");
  await ada.capture("Sessions end at noon.", "--kind", "fact");
  await ada.run("start", "--once");
  const known = await ada.texts();
  expect(known).toHaveLength(new Set(known).size);

  expect((await ada.share("--to", "AGENTS.md")).written).toEqual([{ path: "AGENTS.md", change: "changed" }]);
  const after = ada.read("AGENTS.md");
  expect(after.startsWith(`${before}\r\n<!-- heirloom:begin -->\r\n`)).toBe(true);
  expect(after).toContain("\r\n- **Migrations** (rule): Migrations are never edited.\r\n");
  expect(after).not.toMatch(/noon|Be kind.*Be kind/su);
  expect(await ada.share("--to", "AGENTS.md")).toMatchObject({ written: [], unchanged: 1 });
  ada.repository.git("add", "-A");
  ada.repository.git("commit", "-qm", "Block");
  await ada.run("start", "--once");
  const texts = await ada.texts();
  expect(texts.filter((text) => text.includes("Migrations are never edited"))).toHaveLength(1);
  expect(texts.filter((text) => text.includes("Be kind"))).toEqual(["# Rules\n\nBe kind; see `src/kind.ts`."]);
  const { stdout } = await ada.run("export");
  expect(stdout).toMatch(/"anchors":\[\{"path":"AGENTS.md"[^\]]*\{"path":"src\/kind.ts"\}\]/u);
});

test("says what is wrong with its words", async () => {
  expect(await ada.run("share", "--accept", "--refuse", "x")).toMatchObject({ code: 2 });
  expect(await ada.run("share", "--review", "x")).toMatchObject({ code: 2 });
  expect(await ada.run("share", "--accept")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("INVALID_INPUT") as string,
  });
  expect((await ada.run("share")).stderr).toContain("Nothing is shared.");
});
