import { afterEach, expect, test } from "vitest";
import { CodeHistory, type HistoryCommit } from "../../../../src/engine/code/history/codeHistory.ts";
import { readHistory } from "../../../../src/engine/code/history/readHistory.ts";
import { createTextIndex } from "../../../../src/engine/indexing/textIndex.ts";
import { createNodeGit } from "../../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../../support/repository.ts";

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

const commit = (subject: string, ...paths: readonly string[]): HistoryCommit => ({
  id: subject,
  at: 0,
  author: "a",
  subject,
  paths,
});
const historyOf = (...commits: readonly HistoryCommit[]): CodeHistory => new CodeHistory(commits, createTextIndex());

test("is read newest first, whatever stands in names and messages, and without what other branches hold", async () => {
  const { folder, remove } = temporaryFolder("history");
  cleanups.push(remove);
  const repository = TestRepository.init(folder);
  repository.commit("a.ts", "1\n", "first\n\nwith a body\n\nb.ts");
  repository.commit("with space\tand tab é.ts", "2\n", "second: ünïcode");
  repository.git("checkout", "-q", "-b", "other");
  repository.commit("other.ts", "3\n", "third");
  repository.git("checkout", "-q", "-");
  const commits = await readHistory(createNodeGit(), folder);
  expect(commits.map(({ subject, paths }) => [subject, paths])).toEqual([
    ["second: ünïcode", ["with space\tand tab é.ts"]],
    ["first", ["a.ts"]],
  ]);
  expect(commits[0]?.at).toBeGreaterThan(0);
});

test("tells which files commits with such words changed; a commit of many files says less of each", () => {
  const many = Array.from({ length: 9 }, (_, at) => `m${at}.ts`);
  const history = historyOf(
    commit("redirects keep cookies", "session.ts"),
    commit("redirects and more", ...many),
    commit("unrelated", "x.ts"),
  );
  const found = history.changedBy("cookies lost in redirects");
  expect(found.get("session.ts")?.commit.subject).toBe("redirects keep cookies");
  expect(found.get("session.ts")?.sum).toBeGreaterThan(found.get("m0.ts")?.sum ?? Infinity);
  expect(found.has("x.ts")).toBe(false);
});

test("tells what changes together, lately and often", () => {
  const sweep = commit("rename everything", ...Array.from({ length: 40 }, (_, at) => `f${at}.ts`));
  const history = historyOf(
    commit("1", "a.ts", "b.ts"),
    commit("2", "a.ts", "b.ts"),
    commit("3", "a.ts", "c.ts"),
    sweep,
  );
  const together = history.changedWith("a.ts");
  expect(together.get("b.ts")).toBeGreaterThan(together.get("c.ts") ?? Infinity);
  expect(history.changedWith("f1.ts").size).toBe(0);
  expect(history.recencyOf("a.ts")).toBe(1);
  expect(history.recencyOf("nowhere.ts")).toBe(0);
  expect(history.frequencyOf("a.ts")).toBeGreaterThan(history.frequencyOf("b.ts"));
});
