import fc from "fast-check";
import { expect, test } from "vitest";
import { linesBetween, linesOf } from "../../../src/engine/code/lines.ts";

test("lines that are cut out of a text are those that chunks count, whatever ends them", () => {
  const part = fc.constantFrom("a", "bc", "", "\n", "\r\n", "\r");
  fc.assert(
    fc.property(fc.array(part), fc.integer({ min: 1, max: 8 }), fc.nat(8), (parts, startLine, more) => {
      const text = parts.join("");
      const endLine = startLine + more;
      expect(linesBetween(text, startLine, endLine)).toBe(
        linesOf(text)
          .slice(startLine - 1, endLine)
          .join("\n"),
      );
    }),
  );
});
