import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHost } from "../../src/serve/openHost.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

const SESSION = `import { merge } from "./merge.ts";

/** Keeps cookies from one request to the next. */
export class Session {
  /** Follows a redirect and drops the authorization header where the host changes. */
  followRedirect(response: Response): Request {
    return merge(response, { headers: withoutAuthorization });
  }
}
`;
const MERGE = `/** Joins two settings, the second one wins. */
export function merge(left: object, right: object): object {
  return { ...left, ...right };
}
`;
const ADAPTER = `export function openConnection(host: string, port: number): Socket {
  return connect(host, port);
}
`;

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("code");
  const { repository } = here;
  repository.commit("src/session.ts", SESSION, "sessions follow redirects");
  repository.commit("src/merge.ts", MERGE, "settings are joined");
  repository.commit("src/adapter.ts", ADAPTER, "connections");
  repository.commit("test/session.test.ts", `test("a redirect drops the authorization header", () => {});\n`, "tests");
});
afterEach(() => here.close());

const located = async (query: string, more: object = {}): Promise<readonly string[]> =>
  (await here.engine.locate({ query, ...more }, {})).files.map(({ path }) => path);
const sync = () => here.engine.indexControl({ action: "sync" }, {});

describe("the files that a question is about", () => {
  test("are found by words, names and paths, each with why and its likely symbols", async () => {
    const { files } = await here.engine.locate({ query: "the authorization header is lost on a redirect" }, {});
    expect(files[0]?.path).toBe("src/session.ts");
    expect(files[0]?.reasons.join(" ")).toContain("Session");
    expect(files[0]?.symbols.map(({ name }) => name)).toContain("Session.followRedirect");
    expect(files[0]?.score).toBeGreaterThan(0);
    expect(files[0]?.score).toBeLessThanOrEqual(1);
    const named = await here.engine.locate({ query: "who calls `openConnection`?" }, {});
    expect(named.files[0]?.path).toBe("src/adapter.ts");
    expect(named.files[0]?.reasons).toContain("defines openConnection");
    expect((await located("what is in src/merge.ts"))[0]).toBe("src/merge.ts");
  });

  test("are no tests, unless tests are asked for", async () => {
    expect((await located("authorization header redirect"))[0]).toBe("src/session.ts");
    expect((await located("the test of the authorization header on a redirect"))[0]).toBe("test/session.test.ts");
  });

  test("are also those that commits with such words changed, and that the best import", async () => {
    here.repository.commit("src/odd.ts", "export const q = 1;\n", "zebra crossing");
    expect((await located("zebra crossing"))[0]).toBe("src/odd.ts");
    const { files } = await here.engine.locate({ query: "class Session keeps cookies" }, {});
    expect(files.find(({ path }) => path === "src/merge.ts")?.reasons).toContain("is imported by src/session.ts");
  });

  test("are narrowed by glob and language, and a question about nothing here has none", async () => {
    expect(await located("authorization header redirect", { pathGlob: "test/**" })).toEqual(["test/session.test.ts"]);
    expect(await located("authorization header redirect", { language: "python" })).toEqual([]);
    await expect(here.engine.locate({ query: "x", pathGlob: "[" }, {})).resolves.toBeDefined();
  });

  test("are the same, in the same order, each time", async () => {
    const first = await here.engine.locate({ query: "redirect settings connection" }, {});
    await here.engine.indexControl({ action: "rebuild" }, {});
    expect(await here.engine.locate({ query: "redirect settings connection" }, {})).toEqual(first);
  });
});

describe("passages of the code", () => {
  test("come with their lines as the file has them now", async () => {
    const { chunks } = await here.engine.searchCode({ query: "join two settings" }, {});
    expect(chunks[0]?.path).toBe("src/merge.ts");
    expect(chunks[0]?.text).toContain("export function merge");
    const lines = MERGE.split("\n").slice((chunks[0]?.startLine ?? 0) - 1, chunks[0]?.endLine);
    expect(chunks[0]?.text).toBe(lines.join("\n"));
    expect(chunks[0]?.id).toBe(`src/merge.ts:${chunks[0]?.startLine}-${chunks[0]?.endLine}`);
  });

  test("are found by their words alone, or by their meaning alone", async () => {
    const byText = await here.engine.searchCode({ query: "openConnection", mode: "text" }, {});
    expect(byText.chunks.map(({ path }) => path)).toEqual(["src/adapter.ts"]);
    expect(byText.chunks[0]?.reasons.join(" ")).not.toContain("meaning");
    const byMeaning = await here.engine.searchCode({ query: "network socket link", mode: "semantic" }, {});
    expect(byMeaning.chunks[0]?.path).toBe("src/adapter.ts");
    await here.reopen({ embedding: "none" });
    expect((await here.engine.searchCode({ query: "network socket link", mode: "semantic" }, {})).chunks).toEqual([]);
    expect((await here.engine.searchCode({ query: "openConnection" }, {})).chunks[0]?.path).toBe("src/adapter.ts");
  });
});

test("secrets are neither indexed where they are kept nor shown where they slipped into code", async () => {
  const { root } = here.repository;
  const secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
  writeFileSync(join(root, ".env"), "GIRAFFE_TOKEN=abcdefgh12345678\n");
  writeFileSync(join(root, ".env.example"), "GIRAFFE_TOKEN=\n");
  writeFileSync(join(root, "src/deploy.ts"), `export const giraffeToken = "${secret}";\n`);
  const { chunks } = await here.engine.searchCode({ query: "giraffe token" }, {});
  const paths = chunks.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining([".env.example", "src/deploy.ts"]));
  expect(paths).not.toContain(".env");
  const located = await here.engine.locate({ query: "giraffeToken" }, {});
  expect(located.files[0]?.path).toBe("src/deploy.ts");
  expect(JSON.stringify([chunks, located])).not.toContain(secret);
  expect((await sync()).leftOut).toMatchObject({ secret: 1 });
});

describe("the index", () => {
  test("is that of the work tree as it is now: what is written, renamed, deleted, checked out, ignored", async () => {
    const { root } = here.repository;
    const before = await sync();
    expect(before).toMatchObject({ state: "ready", pending: 0 });
    writeFileSync(join(root, "src/fresh.ts"), "export function giraffe(): void {}\n");
    expect((await located("giraffe"))[0]).toBe("src/fresh.ts");
    writeFileSync(join(root, "src/fresh.ts"), "export function elephant(): void {}\n");
    expect(await located("elephant")).toContain("src/fresh.ts");
    expect((await here.engine.searchCode({ query: "giraffe", mode: "text" }, {})).chunks).toEqual([]);
    renameSync(join(root, "src/fresh.ts"), join(root, "src/moved.ts"));
    expect((await located("elephant"))[0]).toBe("src/moved.ts");
    writeFileSync(join(root, ".gitignore"), "src/moved.ts\n");
    expect(await located("elephant")).not.toContain("src/moved.ts");
    rmSync(join(root, "src/moved.ts"));
    rmSync(join(root, ".gitignore"));
    here.repository.git("checkout", "-q", "-b", "other", "HEAD~2");
    expect(await located("openConnection")).not.toContain("src/adapter.ts");
    here.repository.git("checkout", "-q", "-");
    expect((await located("openConnection"))[0]).toBe("src/adapter.ts");
    expect(await sync()).toMatchObject({ files: before.files, chunks: before.chunks, symbols: before.symbols });
  });

  test("leaves out what is no text or too large, says how many and why, and is emptied and made again", async () => {
    const { root } = here.repository;
    mkdirSync(join(root, "media"));
    writeFileSync(join(root, "media/logo.bin"), Buffer.from([0, 1, 2, 3, 0]));
    writeFileSync(join(root, "media/big.txt"), "word ".repeat(400_000));
    const { files, leftOut } = await sync();
    expect(leftOut).toMatchObject({ binary: 1, "too large": 1 });
    expect(await here.engine.indexControl({ action: "clear" }, {})).toMatchObject({
      state: "empty",
      files: 0,
      symbols: 0,
    });
    expect(await here.engine.indexControl({ action: "status" }, {})).toMatchObject({ files: 0 });
    expect(await here.engine.indexControl({ action: "rebuild" }, {})).toMatchObject({ state: "ready", files });
  });

  test("is given up and made anew of single files and folders", async () => {
    const { files } = await sync();
    const cleared = await here.engine.indexControl({ action: "clear", paths: ["src"] }, {});
    expect(cleared.files).toBe(files - 3);
    expect(await here.engine.indexControl({ action: "rebuild", paths: ["test/session.test.ts"] }, {})).toMatchObject({
      files,
    });
    expect((await located("openConnection"))[0]).toBe("src/adapter.ts");
  });

  test("of a file that does not parse has its words", async () => {
    writeFileSync(join(here.repository.root, "src/broken.ts"), "export function ((( wombat {\n");
    expect(await located("wombat")).toContain("src/broken.ts");
  });

  test("is one for each worktree", async () => {
    const tree = `${here.repository.root}-tree`;
    here.repository.git("worktree", "add", "-q", tree, "HEAD~2");
    const there = await here.engine.locate({ query: "openConnection" }, { workspace: tree });
    expect(there.files.map(({ path }) => path)).not.toContain("src/adapter.ts");
    expect((await located("openConnection"))[0]).toBe("src/adapter.ts");
  });

  test("needs no repository", async () => {
    const bare = await EngineInRepository.open("code-bare", "bare");
    try {
      writeFileSync(join(bare.repository.root, "tool.py"), "def wombat():\n    return 1\n");
      const { files } = await bare.engine.locate({ query: "wombat" }, {});
      expect(files[0]).toMatchObject({ path: "tool.py", symbols: [{ name: "wombat", kind: "function" }] });
    } finally {
      await bare.close();
    }
  });

  test("asked twice at once gives both the same", async () => {
    const [one, other] = await Promise.all([sync(), sync(), located("redirect")]);
    expect(one).toMatchObject({ state: "ready", pending: 0 });
    expect(other.files).toBe(one.files);
  });
});

/** A busy machine is slow to say what changed. */
const PATIENT = { timeout: 15_000 };

test("a process that lives on walks the tree only where something changed, and then sees it", async () => {
  const { folder, remove } = temporaryFolder("code-watched");
  const repository = TestRepository.init(join(folder, "workspace"));
  repository.commit("src/adapter.ts", ADAPTER, "connections");
  const host = await openHost({
    ...{ workspace: repository.root, dataFolder: join(folder, "data"), profiles: ["core"], rateLimited: false },
    ...{ longLived: true, logLevel: "error" },
  });
  const ask = async (query: string) => (await host.engine.locate({ query }, {})).files.map(({ path }) => path);
  const lastSync = async () => (await host.engine.indexControl({ action: "status" }, {})).lastSync;
  try {
    await ask("openConnection");
    await expect
      .poll(async () => {
        await ask("openConnection");
        const before = await lastSync();
        await setTimeout(20);
        await ask("openConnection");
        return before === (await lastSync());
      }, PATIENT)
      .toBe(true);
    repository.write("src/giraffe.ts", "export function giraffe(): void {}\n");
    await expect.poll(() => ask("giraffe"), PATIENT).toContain("src/giraffe.ts");
    repository.git("add", ".");
    repository.git("commit", "-qm", "zebra crossing");
    await expect.poll(() => ask("zebra crossing"), PATIENT).toContain("src/giraffe.ts");
  } finally {
    await host.close();
    remove();
  }
});
