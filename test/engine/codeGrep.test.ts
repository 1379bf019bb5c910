import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GrepInput } from "../../src/contract/grep.ts";
import { grepText } from "../../src/serve/codeTexts.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

const SESSION = `/** Keeps cookies. */
export class Session {
  follow(url: string): Request {
    return request(url);
  }
}

export const request = (url: string): Request => new Request(url);
`;

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("grep");
  here.repository.commit("src/session.ts", SESSION, "sessions");
  here.repository.commit("src/adapter.py", "def request(url):\n    return Session(url)\n", "adapter");
});
afterEach(() => here.close());

const grep = (given: GrepInput) => here.engine.grep(given, {});
const places = async (given: GrepInput): Promise<readonly string[]> =>
  (await grep(given)).matches.map(({ path, line, column }) => `${path}:${line}:${column}`);

describe("context_grep", () => {
  test("tells each line in order of path, with the symbol around it", async () => {
    const { matches, counts, truncated } = await grep({ pattern: "request\\(" });
    expect(matches).toEqual([
      { path: "src/adapter.py", line: 1, column: 5, text: "def request(url):", symbol: "request" },
      { path: "src/session.ts", line: 4, column: 12, text: "    return request(url);", symbol: "Session.follow" },
      {
        path: "src/session.ts",
        line: 8,
        column: 54,
        text: "export const request = (url: string): Request => new Request(url);",
        symbol: "request",
      },
    ]);
    expect(counts).toEqual({ lines: 3, files: 2, searched: 3 });
    expect(truncated).toBeUndefined();
  });

  test("minds case where the pattern has a capital, or is told to", async () => {
    expect(await places({ pattern: "session" })).toEqual(["src/adapter.py:2:12", "src/session.ts:2:14"]);
    expect(await places({ pattern: "SESSION" })).toEqual([]);
    expect(await places({ pattern: "SESSION", case: "insensitive" })).toHaveLength(2);
    expect(await places({ pattern: "session", case: "sensitive" })).toEqual([]);
    expect(await places({ pattern: "keeps\\W" })).toEqual(["src/session.ts:1:5"]);
  });

  test("takes plain text, whole words, globs and a language", async () => {
    expect(await places({ pattern: "(url)", fixedStrings: true, language: "python" })).toEqual([
      "src/adapter.py:1:12",
      "src/adapter.py:2:19",
    ]);
    expect(await places({ pattern: "cookie", word: true })).toEqual([]);
    expect(await places({ pattern: "cookies", word: true, pathGlob: "*.ts" })).toEqual(["src/session.ts:1:11"]);
    expect(await places({ pattern: "cookies", pathGlob: "test/**" })).toEqual([]);
  });

  test("shows lines around it", async () => {
    const { matches } = await grep({ pattern: "return request", before: 1, after: 20 });
    expect(matches[0]?.before).toEqual(["  follow(url: string): Request {"]);
    expect(matches[0]?.after).toHaveLength(4);
    expect((await grep({ pattern: "Keeps", before: 3 })).matches[0]?.before).toEqual([]);
    expect(grepText(await grep({ pattern: "Keeps", after: 1 }))).toBe(
      '1 line in 1 file.\n\n"src/session.ts"\n```text\n1: /** Keeps cookies. */  [Session]\n2- export class Session {\n```',
    );
  });

  test("tells only which files match, or how many lines in each", async () => {
    expect(await grep({ pattern: "request", mode: "files", limit: 1 })).toMatchObject({
      matches: [],
      files: [{ path: "src/adapter.py" }],
      truncated: "limit",
    });
    const counted = await grep({ pattern: "request", mode: "count" });
    expect(counted.files).toEqual([
      { path: "src/adapter.py", lines: 1 },
      { path: "src/session.ts", lines: 3 },
    ]);
    expect(counted.counts).toEqual({ lines: 4, files: 2, searched: 3 });
  });

  test("shows of a long line what stands around the match", async () => {
    here.repository.write("src/long.md", `${"x".repeat(3_000)}needle${"y".repeat(3_000)}\n`);
    const { text = "", column } = (await grep({ pattern: "needle" })).matches[0] ?? {};
    expect(column).toBe(3_001);
    expect(text).toMatch(/^…x{100}needley{294}…$/u);
  });

  test("finds what is not committed, and nothing that the index leaves out", async () => {
    here.repository.write(".gitignore", "ignored.ts\n");
    here.repository.write("ignored.ts", "const giraffe = 1;\n");
    here.repository.write("src/fresh.ts", "const giraffe = 2;\n");
    here.repository.write("node_modules/zoo/index.js", "const giraffe = 3;\n");
    expect(await places({ pattern: "giraffe" })).toEqual(["src/fresh.ts:1:7"]);
  });

  test("shows no secret, and no line of a private key", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    here.repository.write("src/keys.ts", `const before = 1;\nconst key = \`${privateKey}\`;\nconst afterwards = 2;\n`);
    const body = privateKey.split("\n")[9] ?? "";
    const { matches } = await grep({ pattern: body.slice(0, 20), fixedStrings: true, before: 1, after: 1 });
    expect(matches).toHaveLength(1);
    for (const line of privateKey.split("\n").filter((one) => one !== ""))
      expect(JSON.stringify(matches)).not.toContain(line);
    expect((await grep({ pattern: "afterwards" })).matches[0]).toMatchObject({ text: "const afterwards = 2;" });
    const token = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
    here.repository.write("src/token.ts", `const giraffe = "${token}";\n`);
    expect(JSON.stringify(await grep({ pattern: "giraffe" }))).not.toContain(token);
  });

  test("refuses what is no pattern, and a glob that is none", async () => {
    await expect(grep({ pattern: "(?<=x)y" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(grep({ pattern: "a(" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
