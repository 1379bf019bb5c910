import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchHead } from "../../../src/host/git/headFiles.ts";
import { TestRepository, temporaryFolder } from "../../support/repository.ts";

let root: string;
let remove: () => void;
let repository: TestRepository;
let end: (() => void) | undefined;

beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("head"));
  repository = TestRepository.init(join(root, "main"));
  repository.commit("src/first.ts");
  repository.git("branch", "side");
});
afterEach(() => {
  end?.();
  end = undefined;
  remove();
});

const moves = async (folder: string): Promise<ReturnType<typeof vi.fn>> => {
  const moved = vi.fn();
  end = await watchHead(folder, moved);
  expect(end).toBeDefined();
  return moved;
};
const heard = (moved: ReturnType<typeof vi.fn>) =>
  vi.waitFor(() => expect(moved).toHaveBeenCalled(), { timeout: 15_000 });

it.each([
  ["a checkout", () => repository.git("checkout", "-q", "side")],
  ["a commit", () => repository.commit("src/second.ts")],
  [
    "a commit without a reflog",
    () => repository.git("-c", "core.logAllRefUpdates=false", "commit", "-q", "--allow-empty", "-m", "x"),
  ],
  ["a reset", () => repository.git("reset", "-q", "--soft", "HEAD~")],
])("hears of %s", async (_what, act) => {
  repository.commit("src/more.ts");
  const moved = await moves(repository.root);
  act();
  await heard(moved);
});

it("hears of a linked work tree's own HEAD, and not of the main one's", async () => {
  repository.git("worktree", "add", "-q", join(root, "linked"), "side");
  const linked = repository.at(join(root, "linked"));
  const moved = await moves(linked.root);
  repository.commit("src/main.ts");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(moved).not.toHaveBeenCalled();
  linked.commit("src/side.ts");
  await heard(moved);
});

it("hears of the first commit of all", async () => {
  const fresh = TestRepository.init(join(root, "fresh"));
  const moved = await moves(fresh.root);
  fresh.commit("src/first.ts");
  await heard(moved);
});

it("watches the repository that a folder lies in", async () => {
  const moved = await moves(join(repository.root, "src"));
  repository.git("checkout", "-q", "side");
  await heard(moved);
});

it("is silent about a folder without git, and after it was ended", async () => {
  const plain = join(root, "plain");
  mkdirSync(plain);
  expect(await watchHead(plain, () => undefined)).toBeUndefined();
  const moved = await moves(repository.root);
  end?.();
  repository.git("checkout", "-q", "side");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(moved).not.toHaveBeenCalled();
});
