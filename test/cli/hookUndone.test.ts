import { realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { heirloom, scratchFolder, serve } from "../support/heirloom.ts";
import { TestRepository } from "../support/repository.ts";

test("an edit that a person undoes is told to the next agent, by way of the hook command", async () => {
  using scratch = scratchFolder();
  const repository = TestRepository.init(join(realpathSync(scratch.path), "shop"));
  const data = join(realpathSync(scratch.path), "data");
  repository.commit("src/retry.ts", "export const retries = 3;\n");
  const server = await serve(["--workspace", repository.root, "--data", data]);
  try {
    const hook = async (event: string, input: object, session_id: string): Promise<string> => {
      const sent = JSON.stringify({ session_id, cwd: repository.root, ...input });
      const answer = await heirloom(["hook", event, "--data", data], { cwd: repository.root, input: sent });
      expect(answer).toMatchObject({ code: 0, stderr: "" });
      return answer.stdout;
    };
    const file_path = join(repository.root, "src/retry.ts");
    repository.write("src/retry.ts", "export const retries = 30;\n");
    // Written whole: what changed stands in the answer of the tool alone.
    const structuredPatch = [{ oldStart: 1, lines: ["-export const retries = 3;", "+export const retries = 30;"] }];
    const written = { tool_name: "Write", tool_input: { file_path, content: "export const retries = 30;\n" } };
    await hook("PostToolUse", { ...written, tool_response: { type: "update", structuredPatch } }, "first-session");
    repository.git("restore", ".");
    await hook("Stop", {}, "first-session");
    const told = await hook("PreToolUse", written, "second-session");
    expect(told).toContain("a person put back what was there");
    expect(told).toContain("export const retries = 30;");
  } finally {
    await server.stop();
  }
});
