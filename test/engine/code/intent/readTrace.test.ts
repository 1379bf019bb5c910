import { describe, expect, test } from "vitest";
import { readTrace, type TraceFrame } from "../../../../src/engine/code/intent/readTrace.ts";
import { TRACES } from "./traces.ts";

const told = ({ file = "", line, column, symbol }: TraceFrame): string =>
  `${file}${line === undefined ? "" : `:${line}`}${column === undefined ? "" : `:${column}`}${symbol === undefined ? "" : ` ${symbol}`}`.trim();

describe("the places that are read of", () => {
  test.each(TRACES)("$name", ({ text, frames, says = "" }) => {
    const trace = readTrace(text);
    expect(trace.frames.map(told)).toEqual(frames);
    expect(trace.rest).toContain(says);
  });
});

test("what a frame says is no word to look for, its message is", () => {
  const { rest } = readTrace("Error: no session\n    at Cart.total (/srv/app/node_modules/left/pad.js:1:2)\n");
  expect(rest).toBe("Error: no session");
});

test("text that is made to be slow to read is read at once", () => {
  const hostile = [
    "at ",
    "at a(",
    "#0 ",
    "  --> ",
    "@",
    ":1:1 ",
    'File "',
    "in a.php",
    " (",
    "/a.ts:",
    "a.b ",
    "`",
    "<",
    "\\",
  ];
  for (const piece of hostile)
    for (const other of ["", "a", " ", "(", ":"]) {
      const text = `${piece}${other}`.repeat(10_000).slice(0, 10_000);
      const lines = text.replace(/.{990}/gsu, "$&\n");
      const begun = performance.now();
      readTrace(text);
      readTrace(lines);
      // A pattern that backtracks without bound takes minutes for this.
      expect(performance.now() - begun).toBeLessThan(2_000);
    }
});
