import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FileMatches, grepFiles, type GrepSearch } from "../../../../src/engine/code/grep/grepFiles.ts";
import { compileFinder } from "../../../../src/engine/store/pattern.ts";
import type { Clock, TextScan } from "../../../../src/engine/ports.ts";
import { createRipgrep } from "../../../../src/serve/ripgrep.ts";
import { systemClock } from "../../../../src/serve/openNodeEngine.ts";
import { temporaryFolder } from "../../../support/repository.ts";
import { vscodeRipgrep } from "../../../support/vscodeRipgrep.ts";

const FILES: Record<string, string | Buffer> = {
  "src/session.ts": "export class Session {\n  followRedirect() {}\n}\n\nsession.follow_redirect\n",
  "src/-e.ts": "const dash = --count;\n",
  "src/crlf.ts": "import one\r\nexport two\r\n  import three\r\n",
  "src/lone.txt": "first\rsecond import\rthird",
  "src/umlaut.md": "Größe über alles\nSESSION états\n",
  "src/latin1.txt": Buffer.from("Gr\xf6\xdfe: a session\nx\xe9y\n", "latin1"),
  "src/utf16.cs": Buffer.from("\ufeffclass Session {}\r\n", "utf16le"),
  "src/empty.ts": "",
  "docs/[odd] name.md": "session token: $HOME/.config {a} (b)\n",
};
/** Enough that a program is asked which of them are worth a look. */
for (let at = 0; at < 400; at++) FILES[`many/file${at}.ts`] = `const value${at} = ${at};\n`;

const PATTERNS: readonly (readonly [string, Partial<GrepSearch> & { readonly word?: boolean }])[] = [
  ["session", {}],
  ["session", { ignoreCase: true }],
  ["session", { word: true }],
  ["^import", {}],
  ["two$", {}],
  ["import$|three$", {}],
  ["\\bfollow", {}],
  ["x.y", {}],
  ["Gr..e", {}],
  ["^.{5} ", {}],
  ["größe", { ignoreCase: true }],
  ["[^\\x00-\\x7f]", {}],
  ["\\Wber", {}],
  ["Session|token", {}],
  ["(?i)SESSION", {}],
  ["[[:upper:]]ession", {}],
  ["value\\d+7 = \\d*7;", {}],
  ["$HOME/.config {a} (b)", { literal: true }],
  ["--count", { literal: true }],
  ["--count", {}],
  ["(a*)*$", {}],
  ["nowhere to be found", {}],
  ["^$", {}],
];

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder("grep"));
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});
afterEach(() => remove());

async function grep(
  pattern: string,
  { word = false, ...given }: Partial<GrepSearch> & { readonly word?: boolean } = {},
  scan?: TextScan,
  clock: Clock = systemClock,
): Promise<{ readonly found: readonly FileMatches[]; readonly truncated?: string }> {
  const found: FileMatches[] = [];
  const { literal = false, ignoreCase = false, mode = "lines", limit = 1_000 } = given;
  const find = compileFinder(pattern, { ignoreCase, word, literal });
  const { truncated } = await grepFiles(
    folder,
    Object.keys(FILES),
    { pattern, literal, ignoreCase, find, mode, limit },
    { clock, ...(scan === undefined ? {} : { scan }) },
    (one) => found.push(one),
  );
  return { found, ...(truncated === undefined ? {} : { truncated }) };
}
const places = ({ found }: { readonly found: readonly FileMatches[] }): readonly string[] =>
  found.flatMap(({ path, found: lines }) => lines.map(({ at, column }) => `${path}:${at + 1}:${column + 1}`));

describe("a pattern", () => {
  test("is matched line by line, whatever ends the lines and whatever the file is encoded in", async () => {
    expect(places(await grep("session"))).toEqual([
      "src/session.ts:5:1",
      "src/latin1.txt:1:10",
      "docs/[odd] name.md:1:1",
    ]);
    expect(places(await grep("^import"))).toEqual(["src/crlf.ts:1:1"]);
    expect(places(await grep("two$"))).toEqual(["src/crlf.ts:2:8"]);
    expect(places(await grep("import$"))).toEqual(["src/lone.txt:2:8"]);
    expect(places(await grep("^class"))).toEqual(["src/utf16.cs:1:1"]);
    expect(places(await grep("Gr..e"))).toEqual(["src/umlaut.md:1:1", "src/latin1.txt:1:1"]);
    expect(places(await grep("^$"))).toEqual(["src/session.ts:4:1"]);
  });

  test("as a whole word has no character of a word beside it", async () => {
    expect(places(await grep("follow", { word: true }))).toEqual([]);
    expect(places(await grep("value7", { word: true }))).toEqual(["many/file7.ts:1:7"]);
    expect(places(await grep("--count", { word: true }))).toEqual(["src/-e.ts:1:14"]);
  });

  test("that no expression may be is refused, and so is one that only brackets around it would mend", () => {
    const options = { ignoreCase: false, word: true, literal: false };
    for (const pattern of ["a(", "a)(b", "(?=x)", "\\1", "x".repeat(1_001)])
      expect(() => compileFinder(pattern, options)).toThrow(
        expect.objectContaining({ code: "INVALID_INPUT" }) as Error,
      );
    expect(() => compileFinder("a(".repeat(300), { ...options, literal: true })).not.toThrow();
  });

  test("ends at the limit and says so, and not where there is exactly as much", async () => {
    expect(await grep("value", { limit: 3 })).toMatchObject({ truncated: "limit", found: { length: 3 } });
    expect((await grep("import", { limit: 2 })).truncated).toBe("limit");
    expect((await grep("class", { limit: 2 })).truncated).toBe("limit");
    expect((await grep("followRedirect", { limit: 1, mode: "files" })).found).toHaveLength(1);
  });

  test("that takes too long ends with what was found until then, and says so", async () => {
    let now = 0;
    const clock = { now: () => now, monotonic: () => (now += 100) };
    const outcome = await grep("session", { ignoreCase: true }, undefined, clock);
    expect(outcome.truncated).toBe("time");
    expect(outcome.found.length).toBeGreaterThan(0);
    expect((await grep("[ab]*x", {}, undefined, clock)).truncated).toBe("time");
  });

  test("is looked for in as much of a line as the worst of patterns can be given time for", async () => {
    writeFileSync(join(folder, "src/session.ts"), `${" ".repeat(9_990)}needle\n${" ".repeat(10_000)}needle\n`);
    expect(places(await grep("needle"))).toEqual(["src/session.ts:1:9991"]);
  });

  test("ends when its request is given up", async () => {
    const find = compileFinder("value", { ignoreCase: false, word: false, literal: false });
    const slow = (line: string): number => {
      const until = systemClock.monotonic() + 3;
      while (systemClock.monotonic() < until);
      return find(line);
    };
    const search = {
      pattern: "value",
      literal: false,
      ignoreCase: false,
      find: slow,
      mode: "lines",
      limit: 1_000,
    } as const;
    const signal = AbortSignal.timeout(30);
    const parts = { clock: systemClock, signal };
    const ended = await grepFiles(folder, Object.keys(FILES), search, parts, () => undefined).catch(
      (error: unknown) => error,
    );
    expect(ended).toBe(signal.reason);
  });
});

test("a folder that has become a link out of the root, and a file that has become a link, are not read", async () => {
  const outside = temporaryFolder("outside");
  writeFileSync(join(outside.folder, "crlf.ts"), "session secret\n");
  renameSync(join(folder, "docs"), join(outside.folder, "docs"));
  symlinkSync(join(outside.folder, "docs"), join(folder, "docs"));
  rmSync(join(folder, "src/crlf.ts"));
  symlinkSync(join(outside.folder, "crlf.ts"), join(folder, "src/crlf.ts"));
  expect(places(await grep("session"))).toEqual(["src/session.ts:5:1", "src/latin1.txt:1:10"]);
  outside.remove();
});

const ripgrep = vscodeRipgrep();
describe.skipIf(ripgrep === undefined)("with VS Code's ripgrep", () => {
  const scan = createRipgrep(ripgrep ?? "");

  test.each(PATTERNS)("%s %o finds what is found without it", async (pattern, options) => {
    expect(places(await grep(pattern, options, scan))).toEqual(places(await grep(pattern, options)));
  });

  test("only what may match is read", async () => {
    const paths = Object.keys(FILES);
    const asked = { root: folder, paths, ignoreCase: false };
    expect([...((await scan.filesWith("dash", asked)) ?? [])]).toEqual(["src/-e.ts"]);
    expect((await scan.filesWith("value1\\d\\d\\b", asked))?.size).toBe(100);
  });

  test("where it cannot be started, or refuses the pattern, all may match", async () => {
    const asked = { root: folder, paths: Object.keys(FILES), ignoreCase: false };
    expect(await createRipgrep(join(folder, "gone")).filesWith("x", asked)).toBeUndefined();
    expect(await scan.filesWith("(", asked)).toBeUndefined();
    expect(places(await grep("followR", {}, createRipgrep(join(folder, "gone"))))).toEqual(["src/session.ts:2:3"]);
  });

  test("a settings file of its own changes nothing, and no file is searched that was not named", () => {
    writeFileSync(join(folder, "ripgreprc"), "--invert-match\n");
    const program = `import { createRipgrep } from ${JSON.stringify(join(import.meta.dirname, "../../../../src/serve/ripgrep.ts"))};
      const found = await createRipgrep(${JSON.stringify(ripgrep)}).filesWith("session", { root: ${JSON.stringify(folder)}, paths: ["src/session.ts", "src/crlf.ts"], ignoreCase: false });
      process.stdout.write(JSON.stringify([...found]));`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, RIPGREP_CONFIG_PATH: join(folder, "ripgreprc") },
      encoding: "utf8",
    });
    expect(JSON.parse(printed)).toEqual(["src/session.ts"]);
  });
});
