import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "./heirloom.ts";

/** What hooks answer on a busy machine, which may need longer than an agent waits: then they are asked again, with the time's number. */
export async function unhurried(
  dataFolder: string,
  ask: (time: number) => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  let answers: readonly Answer[] = [];
  for (
    let time = 0;
    time === 0 || (time < 20 && answers.some(({ stderr }) => stderr.includes("took longer")));
    time++
  ) {
    rmSync(join(dataFolder, "hooks"), { recursive: true, force: true });
    answers = await ask(time);
  }
  return answers;
}
