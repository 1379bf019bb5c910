import { expect, test } from "vitest";
import { ForgottenMemories } from "../../src/host/forgottenMemories.ts";

test("each forgetting has its own way back, the last one first, and one that was used is no more", () => {
  const told: boolean[] = [];
  const forgotten = new ForgottenMemories((any) => told.push(any));
  forgotten.remember("a", "/one");
  forgotten.remember("b", "/two");
  expect(forgotten.last).toEqual({ undoToken: "b", folder: "/two" });
  expect(forgotten.folderOf("a")).toBe("/one");
  forgotten.broughtBack("b");
  expect(forgotten.last).toEqual({ undoToken: "a", folder: "/one" });
  forgotten.broughtBack("a");
  expect(forgotten.last).toBeUndefined();
  expect(forgotten.folderOf("a")).toBeUndefined();
  expect(told).toEqual([true, true, true, false]);
});
