import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AskedTogether } from "../../../src/engine/anchors/askedTogether.ts";
import {
  filesNaming,
  movedInHistory,
  movedInTree,
  movedOn,
  NOTHING_MOVED,
} from "../../../src/engine/anchors/lostFiles.ts";
import { createNodeGit } from "../../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../../support/repository.ts";

const { folder, remove } = temporaryFolder("lost-files");
const git = createNodeGit();
let repository: TestRepository;
beforeEach(() => {
  repository = TestRepository.init(folder);
});
afterEach(remove);

const text = (word: string): string => Array.from({ length: 20 }, (_, at) => `${word} number ${at}\n`).join("");

function move(from: string, to: string): void {
  mkdirSync(join(folder, to, ".."), { recursive: true });
  renameSync(join(folder, from), join(folder, to));
}

test("files are followed from each of several commits to HEAD, and on to what is not committed", async () => {
  const first = repository.commit("a.txt", text("alpha"));
  move("a.txt", "lib/größe b.txt");
  repository.git("add", "-A");
  const second = repository.commit("c.txt", text("gamma"));
  repository.commit("d.txt", text("delta"));
  const history = await movedInHistory(git, folder, [first, second, "0".repeat(40)]);
  expect([...history.keys()]).toEqual([first, second]);
  expect([...(history.get(first)?.renamed ?? [])]).toEqual([["a.txt", "lib/größe b.txt"]]);
  expect(history.get(first)?.added.toSorted()).toEqual(["c.txt", "d.txt", "lib/größe b.txt"]);
  expect(history.get(second)).toEqual({ renamed: new Map(), added: ["d.txt"] });

  move("lib/größe b.txt", "lib/e.txt");
  move("d.txt", "f.txt");
  repository.git("add", "-A");
  const tree = await movedInTree(git, folder);
  expect([...movedOn(history.get(first) ?? NOTHING_MOVED, tree).renamed]).toEqual(
    expect.arrayContaining([
      ["a.txt", "lib/e.txt"],
      ["d.txt", "f.txt"],
    ]),
  );
});

test("files that name words are told by word, untracked ones too, those of other kinds not", async () => {
  repository.commit("a.ts", "function $load() {}\nfunction reload() {}\n");
  repository.write("lib/b.ts", "$load();\nsave();\n");
  repository.write("c.py", "save()\n");
  const named = await filesNaming(git, folder, ["$load", "save", "none"], ".ts");
  expect([...named].map(([word, paths]) => [word, paths.toSorted()])).toEqual([
    ["$load", ["a.ts", "lib/b.ts"]],
    ["save", ["lib/b.ts"]],
    ["none", []],
  ]);
});

test("a word that is everywhere does not hide where another one is", async () => {
  repository.commit("a.ts", "get\n".repeat(500_000));
  repository.commit("z.ts", "get(moved)\n");
  const named = await filesNaming(git, folder, ["get", "moved"], ".ts");
  expect(Object.fromEntries(named)).toEqual({ get: ["a.ts", "z.ts"], moved: ["z.ts"] });
});

test("what is asked again after its time is asked together with all that was asked lately", async () => {
  const asked: string[][] = [];
  let now = 0;
  const together = new AskedTogether<string>({
    ask: (questions) => {
      asked.push([...questions]);
      return Promise.resolve(new Map(questions.map((one) => [one, one.toUpperCase()])));
    },
    now: () => now,
    keptMs: 10,
    most: 100,
  });
  expect(await Promise.all([together.get("a"), together.get("b"), together.get("a")])).toEqual(["A", "B", "A"]);
  expect(asked).toEqual([["a"], ["b"]]);
  now = 11;
  expect(await together.get("b")).toBe("B");
  expect(await together.get("b")).toBe("B");
  expect(asked.slice(2)).toEqual([["a", "b"]]);
  together.forget();
  expect(await together.get("c")).toBe("C");
  expect(asked.at(-1)).toEqual(["a", "b", "c"]);
});
