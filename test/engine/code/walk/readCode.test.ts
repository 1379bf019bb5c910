import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contentAddress } from "../../../../src/engine/code/walk/contentAddress.ts";
import { decodeText } from "../../../../src/engine/code/walk/decodeText.ts";
import { openCodeFolder } from "../../../../src/engine/code/walk/codeFolder.ts";
import { readCode } from "../../../../src/engine/code/walk/readCode.ts";
import { temporaryFolder, TestRepository } from "../../../support/repository.ts";

let folder: string;
let root: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder("read"));
  root = join(folder, "root");
  mkdirSync(root);
});
afterEach(() => remove());

const read = (path: string) => readCode(root, path, { objectFormat: "sha1" });
function write(path: string, content: string | Uint8Array): string {
  writeFileSync(join(root, path), content);
  return path;
}

describe("encodings", () => {
  const text = "größe = “10 €”;\r\nnext\n";
  test.each([
    ["utf-8", Buffer.from(text)],
    ["utf-8", Buffer.from(`\ufeff${text}`)],
    ["utf-16le", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["utf-16be", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["windows-1252", Buffer.from(Array.from(text, (c) => ({ "“": 0x93, "”": 0x94, "€": 0x80 })[c] ?? c.charCodeAt(0)))],
  ])("%s is read, its mark taken off and its line ends kept", async (encoding, bytes) => {
    expect(await read(write("a.ts", bytes))).toMatchObject({ text, encoding, size: bytes.length });
  });

  test("any bytes whatever become some text", () => {
    for (let length = 0; length < 40; length++)
      for (const mark of [[], [0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf]]) {
        const bytes = new Uint8Array([
          ...mark,
          ...Array.from({ length }, (_, index) => (index * 89 + length * 31) % 256),
        ]);
        expect(typeof decodeText(bytes).text).toBe("string");
      }
  });
});

test("an address is git's own for the same bytes, in both formats", () => {
  for (const format of ["sha1", "sha256"] as const) {
    const repository = TestRepository.init(join(folder, format), `--object-format=${format}`);
    for (const text of ["", "hello\n", "ünï\r\n"])
      expect(contentAddress(Buffer.from(text), format)).toBe(repository.gitWith(text, "hash-object", "--stdin"));
  }
});

test("what cannot be read says why, and a pipe does not block", async () => {
  mkdirSync(join(folder, "outside"));
  writeFileSync(join(folder, "outside", "a.ts"), "secret");
  symlinkSync(join(folder, "outside"), join(root, "link"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  write("huge", "");
  truncateSync(join(root, "huge"), 3 * 2 ** 30);
  expect(await read("link/a.ts")).toEqual({ leftOut: "outside" });
  expect(await read("../outside/a.ts")).toEqual({ leftOut: "outside" });
  expect(await read("pipe")).toEqual({ leftOut: "no regular file" });
  expect(await read("missing.ts")).toEqual({ leftOut: "missing" });
  expect(await read("huge")).toEqual({ leftOut: "too large" });
  const unreadable = { ...openCodeFolder(root), read: async () => ({ leftOut: "unreadable" as const }) };
  expect(await readCode(root, "x", { objectFormat: "sha1", folder: unreadable })).toEqual({ leftOut: "unreadable" });
  rmSync(join(root, "link"));
});

test("a binary file is left out with its address, so that it need not be read again", async () => {
  const bytes = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]);
  expect(await read(write("tool", bytes))).toEqual({ leftOut: "binary", blob: contentAddress(bytes, "sha1") });
  expect(await read(write("noise", Buffer.from("\u0001\u0002\u0003ab")))).toMatchObject({ leftOut: "binary" });
  expect(await read(write("late.ts", `${"a\n".repeat(5_000)}\0`))).toMatchObject({ encoding: "utf-8" });
});
