import { writeHistory } from "../../support/showcase/history.ts";
import { memoryLines, sessionEvents } from "../../support/showcase/memories.ts";
import type { TestRepository } from "../../support/repository.ts";
import { unhurried } from "../../support/unhurried.ts";
import type { Scene } from "./scene.ts";

/** A memory of the showcase that pictures are taken with. */
export const SHOWN = "Uploads arrive twice when an ack is lost";

/** A repository as people have them, for pictures: forty commits of three people on seven branches, and forty memories of four agents. */
export async function showcase(scene: Scene): Promise<TestRepository> {
  const repository = scene.repository("lantern");
  const now = Date.now();
  const commits = writeHistory(repository, now);
  const lines = memoryLines(commits, now).map((line) => JSON.stringify(line));
  const { code, stderr } = await scene.heirloomWith(
    lines.join("\n"),
    repository.root,
    "import",
    "-",
    "--dedupe",
    "none",
  );
  if (code !== 0) throw new Error(stderr);
  return repository;
}

/** An agent works there: its session leaves receipts. A machine that is slower than an agent waits is asked again. */
export async function workAsAgent(scene: Scene, root: string): Promise<void> {
  for (const [event, input] of sessionEvents(root)) {
    const [answer] = await unhurried(scene.data, async () => [
      await scene.heirloomWith(JSON.stringify(input), root, ...["hook", event, "--agent", "claude-code"]),
    ]);
    if (event === "SessionStart" && answer?.stdout === "")
      throw new Error(`The session was told nothing: ${answer.stderr}`);
  }
}
