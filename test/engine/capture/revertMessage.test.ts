import { describe, expect, test } from "vitest";
import { readCommitMessage } from "../../../src/engine/capture/commitMessage.ts";
import { readRevertMessage } from "../../../src/engine/capture/revertMessage.ts";
import { findReverts, type HistoryCommit } from "../../../src/engine/capture/reverts.ts";

const read = (message: string) => readRevertMessage(readCommitMessage(message));
const ID = "9fd8228f519a9e0b35c29ca1899043ced1ba8eba";

describe("what a message says that it takes back", () => {
  test.each([
    [
      "git",
      `Revert "Add b"\n\nThis reverts commit ${ID}.\n\nIt broke a.`,
      { subject: "Add b", ids: [ID], why: "It broke a." },
    ],
    [
      "git, of a merge",
      `Revert "Merge x"\n\nThis reverts commit ${ID}, reversing\nchanges made to 1234567890.`,
      { ids: [ID], why: "" },
    ],
    ["GitHub", 'Revert "Add b (#1)" (#2)\n\nReverts ada/shop#1', { subject: "Add b (#1)", ids: [], why: "" }],
    ["GitLab", `Revert "Add b"\n\nThis reverts merge commit ${ID}`, { ids: [ID] }],
    [
      "conventional commits",
      `revert: feat(api): add b\n\nThis reverts commit ${ID}.`,
      { subject: "feat(api): add b", ids: [ID] },
    ],
    ["a part named before it", 'fix(ui): Revert "Add b"', { subject: "Add b", what: "revert" }],
    [
      "its body alone",
      `Repair the build\n\nThis reverts commits 1234567 and 89abcde.`,
      { ids: ["1234567", "89abcde"] },
    ],
    ["git, of a revert", `Reapply "Add b"\n\nThis reverts commit ${ID}.`, { what: "again", ids: [ID] }],
  ])("as %s writes it", (_who, message, expected) => {
    expect(read(message)).toMatchObject(expected);
  });

  test.each([
    "Revert to the old parser",
    "Revert renaming of config option",
    "Reverting is possible now",
    "Document how to revert",
    `Squash of many (#7)\n\n* Add b\n\n* Revert "Add b"\n\nThis reverts commit ${ID}.`,
  ])("is nothing in: %s", (message) => {
    expect(read(message)).toBeUndefined();
  });
});

describe("what a history took back", () => {
  const DAY = 86_400_000;
  const commit = (id: string, day: number, message: string): HistoryCommit => {
    const revert = read(message);
    const full = id.repeat(40).slice(0, 40);
    const subject = readCommitMessage(message).subject;
    return {
      id: full,
      timestamp: day * DAY,
      author: "Ada <a@b>",
      subject,
      ...(revert === undefined ? {} : { revert }),
    };
  };
  const pairs = (...of: readonly (readonly [string, string, string])[]) =>
    new Map(of.map(([commitId, id, reverse]) => [commitId.repeat(40).slice(0, 40), { id, reverse }]));

  test("the exact inverse counts within two months, and never a patch that is its own inverse", () => {
    const within = [commit("a", 1, "Add b"), commit("b", 59, "Mend")];
    const patches = pairs(["a", "+", "-"], ["b", "-", "+"]);
    expect(findReverts(within, patches)).toMatchObject([{ how: "inverse", of: { subject: "Add b" } }]);
    expect(findReverts([commit("a", 1, "Add b"), commit("b", 63, "Mend")], patches)).toEqual([]);
    expect(findReverts(within, pairs(["a", "=", "="], ["b", "=", "="]))).toEqual([]);
  });

  test("of two commits with one subject the newest before the revert is meant", () => {
    const [found] = findReverts(
      [commit("a", 1, "Update"), commit("b", 2, "Update"), commit("c", 3, 'Revert "Update"'), commit("d", 4, "Update")],
      new Map(),
    );
    expect(found?.of.commit).toBe("b".repeat(40));
  });

  test("a revert of a revert of a revert takes back the change that came back", () => {
    const reverts = findReverts(
      [
        commit("a", 1, "Add b"),
        commit("b", 2, `Revert "Add b"\n\nThis reverts commit ${"a".repeat(40)}.`),
        commit("c", 3, `Revert "Revert "Add b""\n\nThis reverts commit ${"b".repeat(40)}.`),
        commit("d", 4, `Revert "Revert "Revert "Add b"""\n\nThis reverts commit ${"c".repeat(40)}.`),
      ],
      new Map(),
    );
    expect(reverts).toMatchObject([
      { by: { id: "b".repeat(40) }, backAt: ["c".repeat(40)] },
      { by: { id: "d".repeat(40) }, of: { subject: "Add b" }, backAt: [] },
    ]);
  });
});
