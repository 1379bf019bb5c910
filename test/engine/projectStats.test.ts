import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectStatsText } from "../../src/serve/codeTexts.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("stats");
  const { repository } = here;
  repository.commit("package.json", '{"name":"zoo","main":"src/index.ts"}\n', "package");
  repository.commit("src/feed.ts", "export function feed(animal: string): string {\n  return animal;\n}\n", "feeding");
  repository.commit("src/index.ts", 'import { feed } from "./feed.ts";\nfeed("a");\nfeed("b");\n', "index");
  repository.commit("src/index.ts", 'import { feed } from "./feed.ts";\nfeed("a");\nfeed("b");\nfeed("c");\n', "more");
  repository.commit("test/feed.test.ts", 'import { feed } from "../src/feed.ts";\nfeed("x");\n', "tests");
  repository.commit("cmd/main.go", "package main\n\nfunc main() {}\n", "command");
  repository.write("logo.png", "\u0000");
});
afterEach(() => here.close());

describe("get_project_stats", () => {
  test("counts languages, roles, symbols and what is used most", async () => {
    const stats = await here.engine.projectStats({}, {});
    expect(stats.total).toEqual({ files: 6, lines: 14, bytes: expect.any(Number) as number });
    expect(stats.languages[0]).toMatchObject({ language: "typescript", files: 3, lines: 9 });
    expect(stats.roles["test"]).toMatchObject({ files: 1, lines: 2 });
    expect(stats.testShare).toBeCloseTo(2 / 12);
    expect(stats.symbols).toMatchObject({ function: 2 });
    expect(stats.mostChanged[0]).toMatchObject({ path: "src/index.ts", commits: 2 });
    expect(stats.mostImported).toEqual([{ path: "src/feed.ts", importers: 2 }]);
    expect(stats.mostCalled).toEqual([{ symbol: "feed", path: "src/feed.ts", calls: 4 }]);
    expect(stats.largest[0]).toEqual({ path: "src/index.ts", lines: 4, bytes: 67 });
    expect(stats.manifests).toEqual([{ path: "package.json", kind: "npm", name: "zoo", dependencies: 0 }]);
    expect(stats.entryPoints).toEqual([
      { path: "src/index.ts", why: "main of package.json" },
      { path: "cmd/main.go", why: "defines main" },
    ]);
    expect(stats.index).toMatchObject({ state: "ready", leftOut: { binary: 1 } });
    expect(projectStatsText(stats)).toContain('"typescript": 3 files, 9 lines');
  });

  test("counts the memories about code that this commit inherits", async () => {
    await here.remember("Animals are fed once.", { kind: "rule", anchors: [{ path: "src/feed.ts" }] });
    await here.remember("The zoo opens at nine.", { kind: "fact" });
    here.repository.git("add", "-A");
    here.repository.git("commit", "-qm", "logo");
    expect((await here.engine.projectStats({}, {})).memories).toEqual({ anchored: 1, byKind: { rule: 1 } });
    here.repository.git("stash", "-u", "-q");
    here.repository.git("checkout", "-q", "--detach", "HEAD~3");
    expect((await here.engine.projectStats({}, {})).memories.anchored).toBe(0);
  });

  test("tells no more of each than is asked for", async () => {
    const { largest, mostChanged } = await here.engine.projectStats({ limit: 2 }, {});
    expect(largest.map(({ path }) => path)).toEqual(["src/index.ts", "cmd/main.go"]);
    expect(mostChanged).toHaveLength(2);
  });
});
