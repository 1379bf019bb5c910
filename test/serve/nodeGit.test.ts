import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listCode } from "../../src/engine/code/walk/listCode.ts";
import { createGitLineage } from "../../src/engine/git/lineage.ts";
import { GitFailure } from "../../src/engine/ports.ts";
import { createNodeGit } from "../../src/serve/nodeGit.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

let folder: string;
let remove: () => void;
let repository: TestRepository;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("git"));
  repository = TestRepository.init(join(folder, "repo"));
});
afterEach(() => remove());

/** A program that leaves a mark named `name` in the folder `marks`, and then does as `cat` does. */
function canary(name: string): string {
  const marks = join(folder, "marks");
  mkdirSync(marks, { recursive: true });
  const program = join(folder, `canary-${name}`);
  writeFileSync(program, `#!/bin/sh\ntouch '${join(marks, name)}'\ncat\n`);
  chmodSync(program, 0o755);
  return program;
}

function marks(): readonly string[] {
  return existsSync(join(folder, "marks")) ? readdirSync(join(folder, "marks")) : [];
}

/** Everything that the engine asks of git, in one place. */
async function askEverything(root: string): Promise<void> {
  const lineage = createGitLineage(createNodeGit());
  const place = await lineage.place(root);
  const head = place.repository?.head ?? "";
  const missing = "0123456789012345678901234567890123456789";
  for (let round = 0; round < 3; round++) await lineage.dirty(place);
  await lineage.visibleCommits(place, [head, missing]);
  await lineage.facts(place, head);
  await lineage.facts(place, missing);
  await lineage.state(root);
  await lineage.author(place);
  const pending = { row: 1, at: 0, worktree: place.repository?.gitDir ?? "" };
  await lineage.bindings(place, [
    { ...pending, id: "a", commit: missing, branch: "main" },
    { ...pending, id: "b", branch: "main" },
  ]);
  lineage.close();
  await listCode(root, { git: createNodeGit(), ignored: true });
}

describe("a hostile repository", () => {
  test("has none of the programs run that its configuration, attributes and hooks name", async () => {
    repository.write("filtered.txt", "one\n");
    repository.write("driven.txt", "one\n");
    repository.commit(
      ".gitattributes",
      "filtered.txt filter=evil\nother.txt filter=a=b.c\ndriven.txt diff=evil\n*.bin diff=evil\n",
    );
    repository.write("driven.txt", "changed\n");
    repository.commit("other.txt", "one\n");
    const settings: Readonly<Record<string, string>> = {
      "core.fsmonitor": canary("fsmonitor"),
      "core.pager": canary("pager"),
      "pager.status": canary("pager-status"),
      "core.editor": canary("editor"),
      "core.sshCommand": canary("ssh"),
      "core.askPass": canary("askpass"),
      "core.gitProxy": canary("proxy"),
      "core.alternateRefsCommand": canary("alternates"),
      "diff.external": canary("diff-external"),
      "diff.evil.command": canary("diff-command"),
      "diff.evil.textconv": canary("textconv"),
      "filter.evil.clean": canary("clean"),
      "filter.evil.smudge": canary("smudge"),
      "filter.evil.required": "true",
      "filter.a=b.c.clean": canary("clean-equals"),
      "filter.a=b.c.process": canary("process-equals"),
      "gpg.program": canary("gpg"),
      "log.showSignature": "true",
      "alias.status": `!${canary("alias")}`,
      "alias.rev-list": `!${canary("alias")}`,
      "credential.helper": canary("credential"),
      "interactive.diffFilter": canary("diff-filter"),
      "trailer.x.command": canary("trailer"),
      "core.hooksPath": join(repository.root, "hooks"),
      "status.submoduleSummary": "true",
      "diff.submodule": "log",
      "core.repositoryFormatVersion": "1",
      "extensions.partialClone": "origin",
      "remote.origin.url": `ext::${canary("transport")} %S`,
      "remote.origin.promisor": "true",
      "remote.origin.uploadpack": canary("uploadpack"),
      "protocol.ext.allow": "always",
      "protocol.allow": "always",
    };
    for (const [key, value] of Object.entries(settings)) repository.git("config", key, value);
    mkdirSync(join(repository.root, "hooks"));
    for (const hook of ["post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman"]) {
      writeFileSync(join(repository.root, "hooks", hook), `#!/bin/sh\n${canary(`hook-${hook}`)} </dev/null\n`, {
        mode: 0o755,
      });
    }
    // Other content of the same length, so that git has to read the files, and run them through their filters, to compare them.
    repository.write("filtered.txt", "two\n");
    repository.write("other.txt", "two\n");
    repository.write("driven.txt", "two\n");
    await askEverything(repository.root);
    expect(marks()).toEqual([]);
    // The traps are real: git as a person runs it falls into one.
    repository.git("-c", "core.fsmonitor=false", "status");
    expect(marks()).toContain("clean");
  });

  test("has no program run by way of a submodule or an included file", async () => {
    const library = TestRepository.init(join(folder, "library"));
    library.write("a", "one\n");
    library.commit(".gitattributes", "a filter=evil\n");
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", library.root, "lib");
    repository.write("a", "one\n");
    repository.commit(".gitattributes", "a filter=evil\n");
    const submodule = repository.at(join(repository.root, "lib"));
    submodule.git("config", "filter.evil.clean", canary("submodule-clean"));
    submodule.git("config", "core.fsmonitor", canary("submodule-fsmonitor"));
    writeFileSync(join(folder, "included"), `[filter "evil"]\n\tclean = ${canary("included-clean")}\n`);
    repository.git("config", "include.path", join(folder, "included"));
    submodule.write("a", "two\n");
    repository.write("a", "two\n");
    await askEverything(repository.root);
    expect(marks()).toEqual([]);
  });

  test("cannot make git look at another work tree", async () => {
    repository.commit("a");
    const other = TestRepository.init(join(folder, "other"));
    other.write("x", "");
    repository.git("config", "core.worktree", other.root);
    const lineage = createGitLineage(createNodeGit());
    expect(await lineage.dirty(await lineage.place(repository.root))).toBe(false);
    repository.write("b", "");
    expect(await lineage.dirty(await lineage.place(repository.root))).toBe(true);
    lineage.close();
  });
});

describe("git as it is run", () => {
  test("the filters of the person's own configuration count, so that what they store is not taken for changed", async () => {
    const global = join(folder, "gitconfig");
    writeFileSync(global, `[filter "upper"]\n\tclean = tr a-z A-Z\n`);
    const git = createNodeGit({ environment: { ...process.env, GIT_CONFIG_GLOBAL: global } });
    repository.git("config", "filter.upper.clean", "tr a-z A-Z");
    repository.write("a.txt", "text\n");
    repository.commit(".gitattributes", "*.txt filter=upper\n");
    // The same content with another time: git has to compare it.
    repository.write("a.txt", "TEXT\n");
    const status = () => git.run(["status", "--porcelain"], { cwd: repository.root });
    expect(await status()).toBe("");
    repository.git("config", "filter.upper.clean", canary("clean"));
    expect(await status()).toBe("");
    expect(marks()).toEqual([]);
  });

  test("is not steered by the environment of a hook that this process runs in", async () => {
    const head = repository.commit("a");
    const environment = {
      ...process.env,
      GIT_DIR: join(folder, "nowhere"),
      GIT_WORK_TREE: folder,
      GIT_INDEX_FILE: join(folder, "index"),
      GIT_OBJECT_DIRECTORY: folder,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.bare",
      GIT_CONFIG_VALUE_0: "true",
      GIT_CONFIG_PARAMETERS: "'core.bare=true'",
      GIT_EXTERNAL_DIFF: "false",
      GIT_TRACE: "1",
      PAGER: "false",
      EDITOR: "false",
    };
    const git = createNodeGit({ environment });
    expect(await git.run(["rev-parse", "HEAD"], { cwd: repository.root })).toBe(`${head}\n`);
    expect(await git.run(["status", "--porcelain"], { cwd: repository.root })).toBe("");
  });

  test("a failure carries the exit code and what git said", async () => {
    const git = createNodeGit();
    const failure = await git
      .run(["rev-parse", "--verify", "nothing"], { cwd: repository.root })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GitFailure);
    expect(failure).toMatchObject({ exitCode: 128, stderr: expect.stringContaining("single revision") as string });
    await expect(git.run(["rev-parse", "-q", "--verify", "x"], { cwd: repository.root })).rejects.toMatchObject({
      exitCode: 1,
    });
    await expect(git.run(["rev-parse"], { cwd: join(folder, "none") })).rejects.toMatchObject({
      name: "GitFailure",
      exitCode: undefined,
    });
    const absent = createNodeGit({ binary: join(folder, "no-git") });
    await expect(absent.run(["version"], { cwd: folder })).rejects.toMatchObject({
      name: "GitFailure",
      exitCode: undefined,
    });
  });

  test("a run that takes too long, prints too much or is cancelled is stopped", async () => {
    const binary = join(folder, "slow-git");
    writeFileSync(binary, "#!/bin/sh\necho started\nexec sleep 20\n", { mode: 0o755 });
    const slow = createNodeGit({ binary, timeoutMs: 100 });
    await expect(slow.run(["rev-list"], { cwd: folder })).rejects.toThrow(
      "git rev-list took longer than 100 ms and was stopped",
    );
    const patient = createNodeGit({ binary });
    expect(await patient.run(["rev-list"], { cwd: folder, enough: 3 })).toBe("started\n");
    const failing = join(folder, "failing-git");
    writeFileSync(failing, "#!/bin/sh\necho wrong >&2\nexit 3\n", { mode: 0o755 });
    const refusing = createNodeGit({ binary: failing }).run(["rev-list"], { cwd: folder, enough: 1 });
    await expect(refusing).rejects.toMatchObject({ exitCode: 3, stderr: "wrong\n" });
    const cancelled = patient.run(["rev-list"], { cwd: folder, signal: AbortSignal.timeout(50) });
    await expect(cancelled).rejects.toThrow("git rev-list was cancelled");
    const terse = createNodeGit({ maxOutputBytes: 10 });
    repository.commit("a");
    await expect(terse.run(["rev-parse", "HEAD"], { cwd: repository.root })).rejects.toThrow(
      "printed more than 10 bytes",
    );
  });

  test("bytes of any encoding pass unchanged, and text is UTF-8", async () => {
    const git = createNodeGit();
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
    const id = (
      await git.run(["hash-object", "-w", "--stdin"], { cwd: repository.root, stdin: bytes, bytes: true })
    ).trim();
    expect(await git.run(["cat-file", "blob", id], { cwd: repository.root, bytes: true })).toBe(bytes);
    const text = (
      await git.run(["hash-object", "-w", "--stdin"], { cwd: repository.root, stdin: "größe 分支" })
    ).trim();
    expect(await git.run(["cat-file", "blob", text], { cwd: repository.root })).toBe("größe 分支");
  });

  test("history is read as it was committed: replace refs and grafts do not count", async () => {
    const commits = [repository.commit("a"), repository.commit("b"), repository.commit("c")];
    repository.git("replace", "--graft", commits[2] ?? "");
    writeFileSync(join(repository.root, ".git/info/grafts"), `${commits[1] ?? ""}\n`);
    const lineage = createGitLineage(createNodeGit());
    expect([...(await lineage.visibleCommits(await lineage.place(repository.root), commits))]).toEqual(commits);
    lineage.close();
  });

  test("a repository of another owner is refused with what to do", async () => {
    repository.commit("a");
    const environment = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" };
    const binary = join(folder, "cautious-git");
    writeFileSync(binary, `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git "$@"\n`, { mode: 0o755 });
    const lineage = createGitLineage(createNodeGit({ binary, environment }));
    const refused = lineage.dirty(await lineage.place(repository.root));
    await expect(refused).rejects.toMatchObject({
      code: "UNTRUSTED_WORKSPACE",
      message: expect.stringContaining("safe.directory") as string,
    });
    lineage.close();
  });
});
