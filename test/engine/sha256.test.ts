import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { sha256 } from "../../src/engine/sha256.ts";

test("a digest is the one that node:crypto gives, at every length around a block's end and for every letter", () => {
  for (let length = 0; length < 200; length++) {
    const text = Array.from({ length }, (_, at) => String.fromCodePoint((length * 977 + at * 131) % 0xd7ff)).join("");
    for (const each of [text, "a".repeat(length)])
      expect(sha256(each)).toBe(createHash("sha256").update(each).digest("hex"));
  }
});
