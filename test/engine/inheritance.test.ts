import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Host, openHost } from "../../src/serve/openHost.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;
let host: Host;

beforeEach(async () => {
  ({ folder, remove } = temporaryFolder("inheritance"));
  repository = TestRepository.init(join(folder, "repo"));
  repository.commit("README.md", lines("readme", 5));
  host = await open();
});
afterEach(async () => {
  await host.close();
  remove();
});

const open = (): Promise<Host> =>
  openHost({
    workspace: repository.root,
    dataFolder: join(folder, "data"),
    profiles: ["core"],
    rateLimited: false,
    longLived: true,
  });
const reopen = async (): Promise<void> => {
  await host.close();
  host = await open();
};
const learn = async (name: string): Promise<void> => {
  await host.engine.capture({ eventType: "note", content: `${name} is learned here`, dedupe: "none" }, {});
};
const seen = async (): Promise<string> => {
  const { memories } = await host.engine.retrieve({ query: "", limit: 100 }, {});
  return memories
    .map(({ content }) => content.split(" ")[0] ?? "")
    .sort()
    .join(" ");
};
/** On a busy machine a request may be answered before all rewrites are found; a later one is right. */
const eventually = (names: string) => expect.poll(seen, { timeout: 20_000 }).toBe(names);
const git = (...args: readonly string[]): string => repository.git(...args);
const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `export const ${name}${at} = "value of ${name} ${at}";\n`).join("");

/** A branch of two commits, with a memory on each, and main one commit further. */
async function branchBesideMain(): Promise<void> {
  git("switch", "-qc", "topic");
  repository.commit("one.ts", lines("one", 20));
  await learn("first");
  repository.commit("two.ts", lines("two", 20));
  await learn("second");
  git("switch", "-q", "main");
  repository.commit("main.ts", lines("main", 20));
  await eventually("");
  git("switch", "-q", "topic");
}

function rebase(todo: (lines: readonly string[]) => readonly string[], onto = "main"): void {
  const script = join(folder, "todo.mjs");
  writeFileSync(
    script,
    `import { readFileSync, writeFileSync } from "node:fs";
     const [file] = process.argv.slice(-1);
     const picks = readFileSync(file, "utf8").split("\\n").filter((line) => line.startsWith("pick"));
     const edit = ${todo.toString()};
     writeFileSync(file, edit(picks).join("\\n") + "\\n");`,
  );
  git("-c", `sequence.editor="${process.execPath}" "${script}"`, "rebase", "-q", "-i", onto);
}

describe("a rebase keeps what was learned on the commits that it made again", () => {
  test("in another order", async () => {
    await branchBesideMain();
    rebase((picks) => [...picks].reverse());
    await eventually("first second");
  });

  test("with one melted into the other", async () => {
    await branchBesideMain();
    rebase(([one = "", two = ""]) => [one, two.replace("pick", "fixup")]);
    expect(git("rev-list", "--count", "main..HEAD")).toBe("1");
    await eventually("first second");
  });

  test("but not on one that it dropped", async () => {
    await branchBesideMain();
    rebase(([one = ""]) => [one]);
    await eventually("first");
  });

  test("of a branch that was not checked out, and under another one", async () => {
    await branchBesideMain();
    git("switch", "-q", "main");
    git("rebase", "-q", "main", "topic");
    await eventually("first second");
    git("switch", "-q", "main");
    await eventually("");
  });

  test("where a conflict had to be resolved, and the log is all that tells", async () => {
    git("switch", "-qc", "topic");
    repository.commit("shared.ts", `${lines("shared", 2)}topic\n`);
    await learn("conflicting");
    git("switch", "-q", "main");
    repository.commit("shared.ts", `${lines("shared", 2)}main\n`);
    git("switch", "-q", "topic");
    expect(() => git("rebase", "-q", "main")).toThrow(/conflict/iu);
    repository.write("shared.ts", "neither of both\n");
    git("add", "-A");
    git("rebase", "--continue");
    await eventually("conflicting");
  });

  test("that was made while nobody looked", async () => {
    await branchBesideMain();
    await host.close();
    git("rebase", "-q", "main");
    repository.commit("three.ts");
    git("rebase", "-q", "--onto", "main~1", "main");
    host = await open();
    await eventually("first second");
  });
});

describe("an amended commit keeps what was learned on it", () => {
  test("twice, whatever it says now", async () => {
    repository.commit("code.ts", "first try\n");
    await learn("amended");
    for (const text of ["second try\n", "third try\n"]) {
      repository.write("code.ts", text);
      git("add", "-A");
      git("commit", "-q", "--amend", "-m", text.trim());
    }
    await eventually("amended");
    repository.write("code.ts", "fourth try\n");
    git("add", "-A");
    git("commit", "-q", "--amend", "--no-edit");
    await eventually("amended");
    git("switch", "-q", "--detach", "HEAD~1");
    await eventually("");
  });

  test("also a merge", async () => {
    await branchBesideMain();
    git("switch", "-q", "main");
    git("merge", "-q", "--no-ff", "-m", "merge", "topic");
    await learn("merge");
    git("commit", "-q", "--amend", "-m", "merged");
    await eventually("first merge second");
  });
});

describe("what was learned on a branch is there once a squash brought it", () => {
  const squash = (): void => {
    git("switch", "-q", "main");
    git("merge", "-q", "--squash", "topic");
    git("commit", "-q", "-m", "squashed");
  };

  test("with commits that nobody looked at", async () => {
    await branchBesideMain();
    repository.commit("three.ts", lines("three", 20));
    squash();
    await eventually("first second");
  });

  test("after the branch is gone with all its objects", async () => {
    await branchBesideMain();
    repository.commit("three.ts", lines("three", 20));
    await eventually("first second");
    const patch = git("diff", "--binary", "main...topic");
    git("switch", "-q", "main");
    await host.close();
    git("branch", "-qD", "topic");
    git("reflog", "expire", "--expire=now", "--all");
    git("gc", "-q", "--prune=now");
    host = await open();
    await eventually("");
    repository.gitWith(`${patch}\n`, "apply", "--index", "-");
    git("commit", "-q", "-m", "squashed elsewhere");
    await eventually("first second");
  });

  test("with a conflict: by the lines that it adds", async () => {
    git("switch", "-qc", "topic");
    repository.commit("big.ts", lines("big", 40));
    await learn("big");
    git("switch", "-q", "main");
    repository.commit("big.ts", `${lines("big", 39)}export const other = "theirs, not mine";\n`);
    git("reset", "-q", "--hard", "HEAD~1");
    repository.write("big.ts", `${lines("big", 38)}export const resolved = "otherwise";\n`);
    git("add", "-A");
    git("commit", "-q", "-m", "squashed and changed");
    await eventually("big");
  });
});

describe("what was learned on a squash is there where the commits are that it was made of", () => {
  const squashOnMain = async (): Promise<void> => {
    git("switch", "-qc", "topic");
    repository.commit("one.ts", lines("one", 20));
    repository.commit("two.ts", lines("two", 20));
    git("switch", "-qc", "squashed", "main");
    git("merge", "-q", "--squash", "topic");
    git("commit", "-q", "-m", "squashed");
    await learn("squash");
  };

  test("also when a rebase on them leaves it out", async () => {
    await squashOnMain();
    git("rebase", "-q", "topic");
    expect(repository.head()).toBe(git("rev-parse", "topic"));
    await eventually("squash");
  });

  test("and not where only the last of them is", async () => {
    await squashOnMain();
    git("switch", "-q", "topic");
    await learn("second");
    await eventually("second squash");
    git("switch", "-q", "main");
    git("cherry-pick", "topic");
    await eventually("second");
    git("cherry-pick", "topic~1");
    await eventually("second squash");
  });
});

test("a cherry-pick that had to be changed much is offered, and not applied", async () => {
  git("switch", "-qc", "topic");
  repository.commit("big.ts", lines("big", 40));
  await learn("big");
  git("switch", "-q", "main");
  repository.commit("big.ts", `${lines("big", 28)}${lines("different", 12)}`);
  await eventually("");
});

test("lines that every file has do not make one commit another", async () => {
  git("switch", "-qc", "topic");
  repository.commit("a.ts", `${lines("license", 3)}export const a = "something of its own";\n`);
  await learn("own");
  git("switch", "-q", "main");
  repository.commit("b.ts", `${lines("license", 3)}export const b = "something else entirely";\n`);
  await eventually("");
});

test("the map of git filter-repo is followed", async () => {
  const old = repository.commit("secret.ts", lines("secret", 20));
  await learn("kept");
  // What filter-repo does: the same commit without the file, and a line in its map.
  git("checkout", "-q", "--orphan", "rewritten");
  git("rm", "-q", "--cached", "secret.ts");
  repository.write("public.ts", "all that is left\n");
  git("add", "public.ts");
  git("commit", "-q", "-m", "rewritten");
  const map = join(repository.root, ".git", "filter-repo");
  mkdirSync(map, { recursive: true });
  appendFileSync(
    join(map, "commit-map"),
    `old                                      new\n${old} ${repository.head()}\n`,
  );
  await reopen();
  await eventually("kept");
});

test("a branch that was left stays hidden, also when HEAD goes back to where it began", async () => {
  await branchBesideMain();
  git("switch", "-q", "--detach", "main~1");
  await eventually("");
  git("switch", "-q", "main");
  git("branch", "-qD", "topic");
  await eventually("");
});
