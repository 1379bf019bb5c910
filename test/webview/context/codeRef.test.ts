import { expect, test } from "vitest";
import { linesOf } from "../../../webview/context/codeRef.ts";

test("lines of a file are told from ids of memories, passages and documents", () => {
  expect(linesOf("src/lamp.ts:3-9")).toEqual({ path: "src/lamp.ts", startLine: 3, endLine: 9 });
  expect(linesOf("odd:name#1.ts:10-10")).toEqual({ path: "odd:name#1.ts", startLine: 10, endLine: 10 });
  for (const ref of ["8k2m4n6p8r0t2v", "8k2m4n6p8r0t2v#2", "document:README.md", "src/lamp.ts:3"])
    expect(linesOf(ref)).toBeUndefined();
});
