import { realpathSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { heirloom, scratchFolder, serve } from "../support/heirloom.ts";
import { TestRepository } from "../support/repository.ts";

let scratch: ReturnType<typeof scratchFolder>;
let repository: TestRepository;
let data: string;
let ends: (() => unknown)[];
beforeEach(() => {
  scratch = scratchFolder();
  ends = [];
  repository = TestRepository.init(join(realpathSync(scratch.path), "shop"));
  data = join(realpathSync(scratch.path), "data");
});
afterEach(async () => {
  for (const end of ends) await end();
  scratch[Symbol.dispose]();
});

const at = (): readonly string[] => ["--workspace", repository.root, "--data", data];
const hook = async (event: string, input: object): Promise<string> => {
  const sent = { session_id: "session-of-a-test", cwd: repository.root, ...input };
  const answer = await heirloom(["hook", event, "--data", data], { cwd: repository.root, input: JSON.stringify(sent) });
  expect(answer).toMatchObject({ code: 0, stderr: "" });
  if (answer.stdout === "") return "";
  const { hookSpecificOutput } = JSON.parse(answer.stdout) as {
    readonly hookSpecificOutput: { readonly additionalContext: string };
  };
  // It adds to what the agent knows, and decides nothing about the tool.
  expect(Object.keys(hookSpecificOutput).sort()).toEqual(["additionalContext", "hookEventName"]);
  return hookSpecificOutput.additionalContext;
};

test("a revert of this repository is told before the edit, and with the file", async () => {
  repository.commit("src/retry.ts", "export const retries = 3;\n");
  const tried = repository.commit("src/retry.ts", "export const retries = 30;\n", "Retry more often");
  repository.git("revert", "--no-edit", tried);
  expect((await heirloom(["start", "--once", ...at()])).code).toBe(0);
  const server = await serve(at());
  ends.push(() => server.stop());
  const tool_input = { filePath: join(repository.root, "src/retry.ts"), oldString: "= 3;", newString: "= 9;" };
  const told = await hook("PreToolUse", { tool_name: "replace_string_in_file", tool_input });
  expect(told).toContain(`commit ${repository.head().slice(0, 12)}: `);
  expect(told).toContain("Retry more often");
  const located = await heirloom(["locate", ...at(), "how often are retries made"]);
  expect(located.stdout).toContain(`went wrong before (${repository.head().slice(0, 12)}): `);
});
