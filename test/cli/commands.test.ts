import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Answer, heirloom, scratchFolder } from "../support/heirloom.ts";

let scratch: ReturnType<typeof scratchFolder>;
let data: string;
let at: readonly string[];

beforeEach(() => {
  scratch = scratchFolder();
  data = join(scratch.path, "data");
  at = ["--workspace", scratch.path, "--data", data];
});
afterEach(() => scratch[Symbol.dispose]());

const json = (answer: Answer): Record<string, unknown> => JSON.parse(answer.stdout) as Record<string, unknown>;
const run = (...args: readonly string[]): Promise<Answer> => heirloom([...args, ...at]);

async function list(...more: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  return json(await run("list", "--json", "--limit", "100", ...more))["memories"] as readonly Record<string, unknown>[];
}

/** Every byte under the data folder, as Latin-1 text: what is forgotten may not be in it. */
function everythingOnDisk(): string {
  const files = readdirSync(data, { recursive: true, withFileTypes: true, encoding: "utf8" }).filter((entry) =>
    entry.isFile(),
  );
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
}

describe("usage", () => {
  test("help names every command and exits with 0", async () => {
    const answer = await heirloom(["--help"]);
    expect(answer.code).toBe(0);
    for (const name of [
      "start",
      "mcp",
      "serve",
      "capture",
      "search",
      "context",
      "show",
      "document",
      "lineage",
      "relate",
      "share",
      "index",
      "explain",
      "locate",
      "grep",
      "list",
      "import",
      "export",
      "forget",
      "pin",
      "connect",
      "model",
      "stats",
      "doctor",
    ]) {
      expect(answer.stdout).toMatch(new RegExp(`^  ${name}\\b`, "mu"));
    }
  });

  test.each([
    ["an unknown command", ["fly"], "no command"],
    ["an unknown option", ["list", "--fast"], "--fast"],
    ["a missing argument", ["capture", "--type", "note"], "CONTENT"],
    ["a missing type", ["capture", "text"], "--type"],
    ["a number that is none", ["list", "--limit", "many"], "--limit"],
    ["a filter that is no JSON", ["search", "x", "--filter", "{kind"], "--filter"],
    ["a profile that is none", ["list", "--profile", "cores"], "--profile"],
    ["a number out of range", ["list", "--limit", "0"], "limit"],
    ["a scope that is none", ["capture", "--type", "note", "--scope", "world", "x"], "scope"],
    ["a port that is none", ["serve", "--port", "99999"], "--port"],
  ])("%s is wrong usage: exit code 2 and one line that names it", async (_, args, named) => {
    const answer = await run(...args);
    expect(answer.code).toBe(2);
    expect(answer.stdout).toBe("");
    expect(answer.stderr.trim().split("\n")).toHaveLength(1);
    expect(answer.stderr).toContain(named);
  });

  test("a failure is exit code 1, one line on stderr, and the shape of the contract with --json", async () => {
    const plain = await run("show", "nobody");
    expect(plain).toMatchObject({ code: 1, stdout: "" });
    expect(plain.stderr).toMatch(/^heirloom: There is no memory with the id nobody\. \[NOT_FOUND\]\n$/u);
    const shaped = await run("show", "nobody", "--json");
    expect(shaped.code).toBe(1);
    expect(json(shaped)).toEqual({
      error: { code: "NOT_FOUND", message: expect.stringContaining("nobody") as string },
    });
  });

  test("wrong usage has the shape of the contract with --json", async () => {
    const answer = await run("list", "--limit", "0", "--json");
    expect(answer.code).toBe(2);
    expect(json(answer)).toMatchObject({ error: { code: "INVALID_INPUT" } });
  });

  test("--version prints the version of the package", async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
      version: string;
    };
    expect(await heirloom(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("the workspace may be named by the environment, and a variable that nobody replaced names none", async () => {
    const named = async (folder: string) =>
      heirloom(["stats", "--json", "--data", data], { cwd: "/", env: { HEIRLOOM_WORKSPACE: folder } });
    expect(JSON.parse((await named(scratch.path)).stdout)).toMatchObject({ workspace: scratch.path });
    expect(JSON.parse((await named("${workspaceFolder}")).stdout)).toMatchObject({ workspace: "/" });
  });

  test("a workspace that is not there is said so and nothing is created", async () => {
    const answer = await heirloom(["list", "--workspace", join(scratch.path, "gone"), "--data", data]);
    expect(answer.code).toBe(1);
    expect(answer.stderr).toContain("--workspace");
    expect(readdirSync(scratch.path)).toEqual([]);
  });
});

describe("a data folder", () => {
  test.skipIf(process.platform !== "linux").each([["list"], ["capture", "--type", "note", "text"], ["doctor"]])(
    "that cannot be made is said so at once: %s",
    async (...args) => {
      const answer = await heirloom([...args, "--workspace", scratch.path, "--data", "/proc/none/such"]);
      expect(answer).toMatchObject({ code: 1, stdout: "" });
      expect(answer.stderr).toMatch(/^heirloom: There cannot be a folder .*--data.*\[INVALID_INPUT\]\n$/u);
    },
  );

  test("that is a file is said so", async () => {
    writeFileSync(data, "a file");
    const answer = await run("list");
    expect(answer).toMatchObject({ code: 1, stdout: "" });
    expect(answer.stderr).toMatch(/--data.*\[(INVALID_INPUT|FORBIDDEN_PATH)\]/u);
    expect(readFileSync(data, "utf8")).toBe("a file");
  });
});

describe("capture and find", () => {
  test("warns of a type that is no kind and of an anchor to nothing, on stderr, and captures", async () => {
    const answer = await run("capture", "--type", "decison", "--anchor", "src/nowhere.ts", "Tabs, not spaces");
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/^created /u) as string });
    expect(answer.stderr).toMatch(
      /^warning: The type "decison" is no kind.*\nwarning: The anchor "src\/nowhere\.ts" is no file/u,
    );
    expect(await list()).toHaveLength(1);
  });

  test("what is captured is found, shown and counted, with everything that was given", async () => {
    const captured = json(
      await run(
        ...[
          "capture",
          "--type",
          "decision",
          "--title",
          "Tabs",
          "--tag",
          "style",
          "--tag",
          "a11y",
          "--anchor",
          "src/format.ts#indent",
        ],
        ...[
          "--anchor",
          "docs/style.md:3-9",
          "--metadata",
          '{"ticket":7}',
          "--session",
          "s1",
          "--json",
          "We indent with tabs.",
        ],
      ),
    );
    expect(captured).toMatchObject({ outcome: "created", redactions: 0 });
    const found = json(await run("search", "why do we indent", "--json"))["memories"] as readonly Record<
      string,
      unknown
    >[];
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      id: captured["id"],
      kind: "decision",
      title: "Tabs",
      tags: ["style", "a11y"],
      anchors: [
        { path: "src/format.ts", symbol: "indent" },
        { path: "docs/style.md", startLine: 3, endLine: 9 },
      ],
      metadata: { ticket: 7 },
      sessionId: "s1",
      freshness: "orphaned",
      visibility: "visible",
    });
    const shown = await run("show", String(captured["id"]));
    expect(shown.stdout).toContain("We indent with tabs.");
    expect(json(await run("stats", "--json"))).toMatchObject({ visible: 1, byKind: { decision: 1 } });
    const context = await run("context", "how do we indent", "--budget", "500");
    expect(context.stdout).toContain(`[mem:${String(captured["id"])}]`);
  });

  test.skipIf(process.platform === "win32")("an anchor that a link leads out of the workspace is refused", async () => {
    const workspace = join(scratch.path, "workspace");
    mkdirSync(join(workspace, "src"), { recursive: true });
    symlinkSync("/etc", join(workspace, "link"));
    const inside = ["--workspace", workspace, "--data", data];
    const out = await heirloom(["capture", "--type", "note", "--anchor", "link/passwd", "An account.", ...inside]);
    expect(out).toMatchObject({ code: 1, stdout: "" });
    expect(out.stderr).toContain("[FORBIDDEN_PATH]");
    const lines = ["link/passwd", "link", "src/new.ts"].map((path) =>
      JSON.stringify({ content: `About ${path}`, eventType: "note", anchors: [{ path }] }),
    );
    const imported = await heirloom(["import", "-", "--json", ...inside], { input: lines.join("\n") });
    expect(json(imported)).toMatchObject({ read: 3, created: 1, problems: [{ line: 1 }, { line: 2 }] });
  });

  test("a text from stdin is captured as it is, without the last line break", async () => {
    await heirloom(["capture", "--type", "note", "-", ...at], { input: "first line\n\nthird line\n" });
    expect((await list())[0]?.["content"]).toBe("first line\n\nthird line");
  });

  test("a long text is put together again by any page of it, and says what is left", async () => {
    const content = Array.from({ length: 90 }, (_, n) => `Paragraph ${n} says that step ${n} comes next.`).join("\n\n");
    const { id } = json(await run("capture", "--json", "--type", "note", content));
    const whole = await run("document", String(id));
    expect(whole.stdout).toContain("Paragraph 89");
    expect(whole.stderr).toMatch(/parts of .*, complete/u);
    const page = json(await run("document", "--json", "--from", "1", "--limit", "1", String(id)));
    expect(page).toMatchObject({ parentId: id, complete: true, nextFrom: 2, parts: [{ id, index: 1 }] });
    expect(await run("document", "document:none.md")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("NOT_FOUND") as string,
    });
  });

  test("pages of a listing join to the whole, newest first", async () => {
    const lines = Array.from({ length: 25 }, (_, n) => JSON.stringify({ content: `thing ${n}`, eventType: "note" }));
    await heirloom(["import", "-", "--dedupe", "none", ...at], { input: lines.join("\n") });
    const contents: unknown[] = [];
    for (let cursor: unknown = undefined, page = 0; page < 3; page++) {
      const answer = json(await run("list", "--json", ...(typeof cursor === "string" ? ["--cursor", cursor] : [])));
      contents.push(...(answer["memories"] as readonly Record<string, unknown>[]).map((memory) => memory["content"]));
      cursor = answer["nextCursor"];
    }
    expect(contents).toEqual(Array.from({ length: 25 }, (_, n) => `thing ${24 - n}`));
  });
});

describe("settings", () => {
  test("settings.json in the data folder switches secrets from redacting to refusing", async () => {
    const secret = `token ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8".slice(0, 36)} for the bot`;
    expect(json(await run("capture", "--type", "note", "--json", secret))).toMatchObject({ redactions: 1 });
    writeFileSync(join(data, "settings.json"), '{"secrets":"refuse"}');
    const refused = await run("capture", "--type", "note", secret);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("INVALID_INPUT");
    expect(refused.stderr).not.toContain("ghp_");
    expect(everythingOnDisk()).not.toContain("ghp_");
  });

  test.each([
    ["an empty file", ""],
    ["a byte order mark in front", '\ufeff{"secrets":"redact"}'],
  ])("%s is no mistake", async (_, text) => {
    mkdirSync(data);
    writeFileSync(join(data, "settings.json"), text);
    expect(await run("list")).toMatchObject({ code: 0 });
  });

  test("a setting that does not exist is named, and nothing is opened", async () => {
    mkdirSync(data);
    writeFileSync(join(data, "settings.json"), '{"secretz":"refuse"}');
    const answer = await run("list");
    expect(answer.code).toBe(1);
    expect(answer.stderr).toContain("settings.json");
    expect(answer.stderr).toContain("secretz");
    expect(readdirSync(data)).toEqual(["settings.json"]);
  });
});

describe("import and export", () => {
  test("a bad line is reported with its number and the good ones are kept", async () => {
    const input = [
      '{"content":"good one","eventType":"note"}',
      "{broken",
      '{"content":"no type"}',
      "",
      '{"content":"good two","eventType":"note"}',
    ];
    const answer = await heirloom(["import", "-", "--json", ...at], { input: input.join("\n") });
    expect(answer.code).toBe(0);
    expect(answer.stderr).toMatch(/line 2: /u);
    expect(answer.stderr).toMatch(/line 3: .*eventType/u);
    expect(json(answer)).toMatchObject({ read: 4, created: 2, problems: [{ line: 2 }, { line: 3 }] });
    expect((await list()).map((memory) => memory["content"])).toEqual(["good two", "good one"]);
  });

  test.each([
    ["a file that is not there", "nowhere.jsonl", "existing file"],
    ["a folder", ".", "is a folder"],
  ])("%s cannot be imported, and the message says what can", async (_, path, said) => {
    const answer = await run("import", path);
    expect(answer).toMatchObject({ code: 1, stdout: "" });
    expect(answer.stderr).toContain(said);
    expect(answer.stderr).toContain("[INVALID_INPUT]");
  });

  test("an id that two lines share is given to the first, and the second is reported, not lost", async () => {
    const line = (content: string): string => JSON.stringify({ id: "same", eventType: "note", content });
    const input = [line("Zebras have stripes."), line("The pool holds ten connections."), line("Zebras have stripes.")];
    const answer = await heirloom(["import", "-", "--json", ...at], { input: input.join("\n") });
    expect(answer.code).toBe(0);
    expect(json(answer)).toMatchObject({ read: 3, created: 1, duplicates: 1, problems: [{ line: 2 }] });
    expect(await list()).toMatchObject([{ id: "same", content: "Zebras have stripes." }]);
  });

  test("a file of another kind is refused in a few clean lines", async () => {
    const file = join(scratch.path, "binary");
    writeFileSync(file, Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at % 8 === 0 ? 10 : (at * 37) % 256))));
    const answer = await run("import", file);
    expect(answer.code).toBe(1);
    expect(answer.stderr.split("\n").length).toBeLessThan(30);
    expect(answer.stderr).not.toMatch(/[\u0000-\u0008\u000e-\u001f]/u);
  });

  test("an export that is imported elsewhere and exported again is the same to the byte", async () => {
    await run(
      "capture",
      "--type",
      "decision",
      "--title",
      "Tabs",
      "--tag",
      "style",
      "--anchor",
      "src/a.ts:1-2",
      "We indent with tabs, always.",
    );
    await run("capture", "--type", "rule", "--scope", "user", "Never push on a Friday.");
    await run("capture", "--type", "decision", "We indent with tabs, always.");
    const first = await run("export");
    expect(first.stdout.trim().split("\n")).toHaveLength(2);
    expect(first.stdout).toContain('"mergedFrom":[{');
    const elsewhere = ["--workspace", scratch.path, "--data", join(scratch.path, "elsewhere")];
    await heirloom(["import", "-", "--dedupe", "none", ...elsewhere], { input: first.stdout });
    const second = await heirloom(["export", ...elsewhere]);
    expect(second.stdout).toBe(first.stdout);
  });

  test("importing one's own export again changes nothing", async () => {
    await run("capture", "--type", "note", "Only once.");
    const exported = await run("export");
    const again = json(await heirloom(["import", "-", "--json", ...at], { input: exported.stdout }));
    expect(again).toMatchObject({ read: 1, created: 0, duplicates: 1 });
    expect((await run("export")).stdout).toBe(exported.stdout);
  });

  test("an export to a file is whole or not there", async () => {
    await run("capture", "--type", "note", "Kept in a file.");
    const file = join(scratch.path, "out.jsonl");
    expect(await run("export", file)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ content: "Kept in a file." });
    await run("capture", "--type", "note", "Came later.");
    const refused = await run("export", file);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("out.jsonl is there already: name another file, or give --force to replace it.");
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(1);
    expect(await run("export", file, "--force")).toMatchObject({ code: 0, stderr: `2 memories exported to ${file}\n` });
    const nowhere = await run("export", join(scratch.path, "no", "such", "folder.jsonl"));
    expect(nowhere.code).toBe(1);
    expect(readdirSync(scratch.path).sort()).toEqual(["data", "out.jsonl"]);
  });

  test.each([
    ["a folder that does not exist", "none/such.jsonl", "make the folder first"],
    ["a folder", ".", "it is a folder"],
    ["a name that is too long", "x".repeat(300), "too long"],
  ])("an export to %s says what to do", async (_, name, said) => {
    const path = join(scratch.path, name);
    const answer = await run("export", path);
    expect(answer).toMatchObject({ code: 1, stdout: "" });
    expect(answer.stderr).toContain(`heirloom: ${path}: `);
    expect(answer.stderr).toContain(said);
    expect(answer.stderr).toContain("[INVALID_INPUT]");
    expect(readdirSync(scratch.path)).toEqual(["data"]);
  });

  test("the memory of @modelcontextprotocol/server-memory is read", async () => {
    const input = [
      '{"type":"entity","name":"Parser","entityType":"component","observations":["It is recursive descent","It keeps comments"]}',
      '{"type":"relation","from":"Parser","to":"Lexer","relationType":"reads from"}',
    ].join("\n");
    await heirloom(["import", "-", ...at], { input });
    const contents = (await list()).map((memory) => String(memory["content"]));
    expect(contents.some((content) => content.includes("recursive descent"))).toBe(true);
    expect(contents.some((content) => content.includes("reads from"))).toBe(true);
  });
});

test("a pinned memory is first in lists until its pin is taken away", async () => {
  const { id } = json(await run("capture", "--type", "note", "--json", "Ravens keep what they find."));
  const pinned = async () => (await list("--filter", '{"pinned":true}')).map((memory) => memory["id"]);
  expect((await run("pin", String(id))).stdout).toBe(`${String(id)} is pinned\n`);
  expect(await pinned()).toEqual([id]);
  expect(json(await run("pin", String(id), "--undo", "--json"))).toMatchObject({ id, pinned: false });
  expect(await pinned()).toEqual([]);
  expect((await run("pin", "nothing")).stderr).toContain("[NOT_FOUND]");
});

describe("forgetting", () => {
  test("a dry run only counts, forgetting hides, and undo brings back", async () => {
    for (const name of ["one", "two"])
      await run("capture", "--type", "note", "--tag", "draft", `Draft ${name} of the plan`);
    await run("capture", "--type", "note", "Something else entirely");
    const filter = ["--filter", '{"tags":"draft"}'];
    expect(json(await run("forget", ...filter, "--dry-run", "--json"))["forgotten"]).toBe(2);
    expect(await list()).toHaveLength(3);
    const { forgotten, undoToken } = json(await run("forget", ...filter, "--json"));
    expect(forgotten).toBe(2);
    expect(await list()).toHaveLength(1);
    expect(json(await run("forget", "--undo", String(undoToken), "--json"))["restored"]).toBe(2);
    expect(await list()).toHaveLength(3);
  });

  test("what was forgotten is listed with the way back, and comes back by its id", async () => {
    const { id } = json(await run("capture", "--type", "note", "--json", "Draft one of the plan"));
    await run("forget", String(id));
    const { stdout } = await run("list", "--forgotten");
    expect(stdout).toContain("Draft one of the plan");
    expect(stdout).toContain(`heirloom forget --undo ${String(id)}`);
    expect(json(await run("list", "--forgotten", "--json"))["memories"]).toMatchObject([{ id, kind: "note" }]);
    expect(json(await run("forget", "--undo", String(id), "--json"))["restored"]).toBe(1);
    expect((await list()).map((memory) => memory["id"])).toEqual([id]);
    expect(await run("list", "--forgotten")).toMatchObject({ code: 0, stdout: "" });
    expect(await run("list", "--forgotten", "--filter", "{}")).toMatchObject({ code: 2 });
  });

  test("--now leaves no byte of the text on the disk, and what else was remembered stays", async () => {
    const { id } = json(
      await run("capture", "--type", "note", "--title", "zweckentfremdet", "--json", "The word is Donaudampfschiff."),
    );
    await run("capture", "--type", "note", "Unrelated and kept.");
    await run("search", "Donaudampfschiff");
    expect(everythingOnDisk()).toContain("Donaudampfschiff");
    expect(await run("forget", String(id), "--now")).toMatchObject({ code: 0 });
    expect(everythingOnDisk()).not.toMatch(/Donaudampfschiff|zweckentfremdet/iu);
    expect((await list()).map((memory) => memory["content"])).toEqual(["Unrelated and kept."]);
  });

  test("--now also takes what was forgotten before, with its text, and there is no way back any more", async () => {
    const text = "The word is Donaudampfschiff.";
    const { id } = json(await run("capture", "--type", "note", "--json", text));
    const { undoToken } = json(await run("forget", String(id), "--json"));
    expect(everythingOnDisk()).toContain("Donaudampfschiff");
    expect(json(await run("forget", String(id), "--now", "--json"))).toMatchObject({ forgotten: 1, ids: [id] });
    expect(everythingOnDisk()).not.toContain("Donaudampfschiff");
    expect((await run("forget", "--undo", String(undoToken))).stderr).toContain("[NOT_FOUND]");
    expect((await run("forget", String(id), "--now")).stderr).toContain("[NOT_FOUND]");
  });

  test("a filter with a key that would be dropped is refused, and nothing is forgotten", async () => {
    await run("capture", "--type", "rule", "Tabs, always.");
    const answer = await run("forget", "--filter", '{"kind":"rule","__proto__":{"tags":"old"}}');
    expect(answer.code).toBe(2);
    expect(answer.stderr).toContain("filters.__proto__");
    expect(await list()).toHaveLength(1);
    const line = '{"content":"x","eventType":"note","metadata":{"a":{"__proto__":1}}}';
    const imported = await heirloom(["import", "-", ...at], { input: line });
    expect(imported.stderr).toContain("line 1: metadata.a.__proto__");
  });

  test("an empty filter is refused", async () => {
    const answer = await run("forget", "--filter", "{}");
    expect(answer.code).toBe(1);
    expect(answer.stderr).toContain("INVALID_INPUT");
  });
});

describe("a disk that does not do what it should", () => {
  const NOBODY = 65_534;
  const asNobody = process.getuid?.() === 0 ? test : test.skip;

  asNobody("a data folder that may not be written is said so, and nothing is acknowledged", async () => {
    chmodSync(scratch.path, 0o755);
    const answer = await heirloom(["capture", "--type", "note", "x", ...at], { uid: NOBODY, cwd: "/" });
    expect(answer.code).toBe(1);
    expect(answer.stdout).toBe("");
    expect(answer.stderr).toMatch(/\[FORBIDDEN_PATH\]/u);
    expect(answer.stderr).toContain(data);
  });

  test("a journal cut off in the middle of a frame opens, loses only that frame, and doctor tells of it", async () => {
    await run("capture", "--type", "note", "The first one stays.");
    await run("capture", "--type", "note", "The second one is torn.");
    const journal = segments().at(-1) ?? "";
    writeFileSync(journal, readFileSync(journal).subarray(0, -7));
    expect((await list()).map((memory) => memory["content"])).toEqual(["The first one stays."]);
    const doctor = await run("doctor");
    expect(doctor.stdout).toMatch(/incomplete frame|put aside|quarantine/iu);
  });

  test("a flipped bit in the journal costs that frame only, and is reported", async () => {
    for (const name of ["first", "second", "third"]) await run("capture", "--type", "note", `The ${name} one.`);
    const [damaged = ""] = segments().filter((file) => readFileSync(file, "latin1").includes("The second one."));
    const bytes = readFileSync(damaged);
    const place = bytes.indexOf("The second one.");
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(damaged, bytes);
    expect((await list()).map((memory) => memory["content"])).toEqual(["The third one.", "The first one."]);
    const doctor = await run("doctor", "--json");
    expect(doctor.stdout).toMatch(/in segment-\S+ at byte \d+/u);
  });

  test("doctor --rebuild makes the projection anew from the journal", async () => {
    await run("capture", "--type", "note", "Rebuilt from the journal.");
    const answer = await run("doctor", "--rebuild");
    expect(answer).toMatchObject({ code: 0 });
    expect((await list()).map((memory) => memory["content"])).toEqual(["Rebuilt from the journal."]);
  });

  function segments(): readonly string[] {
    return readdirSync(data, { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile() && entry.name.startsWith("segment-"))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  }
});
