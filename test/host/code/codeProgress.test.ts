import { expect, test } from "vitest";
import type { IndexResult } from "../../../src/contract/codeTools.ts";
import { CodeProgress } from "../../../src/host/code/codeProgress.ts";

const status = (state: IndexResult["state"], pending: number): IndexResult => ({
  ...{ state, pending, files: 0, chunks: 0, symbols: 0, leftOut: {} },
});

test("many files are counted from the first state of a run to the last", () => {
  const progress = new CodeProgress();
  expect(progress.next(status("indexing", 5_000))).toBe("0 of 5,000 files");
  expect(progress.next(status("indexing", 3_800))).toBe("1,200 of 5,000 files");
  expect(progress.next(status("indexing", 10))).toBe("4,990 of 5,000 files");
  expect(progress.next(status("ready", 0))).toBeUndefined();
});

test("the next run is counted anew", () => {
  const progress = new CodeProgress();
  progress.next(status("indexing", 5_000));
  progress.next(status("ready", 0));
  expect(progress.next(status("indexing", 200))).toBe("0 of 200 files");
});

test("a few files are not worth showing, and a pause ends what is shown", () => {
  const progress = new CodeProgress();
  expect(progress.next(status("indexing", 3))).toBeUndefined();
  expect(progress.next(status("indexing", 300))).toBeDefined();
  expect(progress.next(status("paused", 200))).toBeUndefined();
});
