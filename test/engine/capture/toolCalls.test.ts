import { describe, expect, test } from "vitest";
import { commandOutcome, errorLines } from "../../../src/engine/capture/commandOutcome.ts";
import { namesPath } from "../../../src/engine/capture/namesPath.ts";
import { promptQuestions } from "../../../src/engine/capture/promptQuestions.ts";
import { readToolCall } from "../../../src/engine/capture/toolCall.ts";
import { memoryOf } from "../retrieve/support/memory.ts";

describe("a tool's call", () => {
  test.each([
    ["Edit", { file_path: "/w/a.ts" }, "edit", ["/w/a.ts"]],
    ["MultiEdit", { file_path: "/w/a.ts", edits: [{ old_string: "a", new_string: "b" }] }, "edit", ["/w/a.ts"]],
    ["NotebookEdit", { notebook_path: "/w/a.ipynb" }, "edit", ["/w/a.ipynb"]],
    ["Read", { file_path: "/w/a.ts" }, "read", ["/w/a.ts"]],
    ["create_file", { filePath: "/w/a.ts", content: "x" }, "edit", ["/w/a.ts"]],
    [
      "multi_replace_string_in_file",
      { replacements: [{ filePath: "/w/a" }, { filePath: "/w/b" }] },
      "edit",
      ["/w/a", "/w/b"],
    ],
    ["editFiles", { files: ["src/main.ts"] }, "edit", ["src/main.ts"]],
    [
      "apply_patch",
      { input: "*** Begin Patch\n*** Update File: src/a.ts\n@@\n*** Add File: b.ts\n" },
      "edit",
      ["src/a.ts", "b.ts"],
    ],
    ["copilot_readFile", { filePath: "/w/a.ts" }, "read", ["/w/a.ts"]],
    ["Grep", { path: "/w", pattern: "x" }, "other", []],
    ["mcp__heirloom__capture-memory", { path: "/w" }, "other", []],
  ] as const)("%s", (tool_name, tool_input, kind, paths) => {
    expect(readToolCall({ tool_name, tool_input })).toEqual({ kind, paths });
  });

  test("of a shell gives its command", () => {
    expect(readToolCall({ tool_name: "Bash", tool_input: { command: "npm test" } }).command).toBe("npm test");
    expect(readToolCall({ tool_name: "run_in_terminal", tool_input: { command: "make" } }).command).toBe("make");
    expect(readToolCall({ tool_name: "shell", tool_input: { command: ["npm", "test"] } }).command).toBe("npm test");
    expect(readToolCall({ tool_name: "Bash" })).toEqual({ kind: "command", paths: [] });
  });
});

describe("how a command ended", () => {
  const failed = (tool_response: unknown) => commandOutcome({ tool_response }, false)?.failed;
  test("is told by an exit code, in a field or in words", () => {
    expect(failed({ stdout: "", stderr: "boom", exitCode: 2 })).toBe(true);
    expect(failed("output\nCommand exited with code 1\n")).toBe(true);
    expect(failed("Exit code: 127")).toBe(true);
    expect(failed({ content: [{ type: "text", text: "exit code 3" }] })).toBe(true);
    expect(failed({ stdout: "All good", stderr: "" })).toBe(false);
    expect(failed("Exit code 0\nfine")).toBe(false);
    expect(failed("we print exit codes like exit code 5 in the middle of a sentence")).toBe(false);
  });

  test("is told by the event, and not known when a person broke it off or nothing was said", () => {
    expect(commandOutcome({ error: "Exit code 1\nFAIL a" }, true)).toEqual({
      failed: true,
      output: "Exit code 1\nFAIL a",
    });
    expect(commandOutcome({ error: "x", is_interrupt: true }, true)).toBeUndefined();
    expect(commandOutcome({ tool_response: { stdout: "", interrupted: true } }, false)).toBeUndefined();
    expect(commandOutcome({}, false)).toBeUndefined();
  });

  test("keeps whole lines of a long output, and of those the ones that say what is wrong", () => {
    const long = `${"fine ".repeat(20)}\n`.repeat(5_000);
    const output = commandOutcome({ tool_response: `${long}Error: at last\nExit code 1` }, false)?.output ?? "";
    expect(output.length).toBeLessThan(40_000);
    expect(new Set(output.split("\n").map((line) => line.trim())).size).toBeLessThanOrEqual(4);
    expect(errorLines(output)).toBe("Error: at last");
    expect(errorLines("Exit code 1\n\u001b[31mred\u001b[0m\nplain")).toBe("red\nplain");
  });
});

describe("a memory speaks of a file", () => {
  const why = (memory: object, path = "src/billing/charge.ts") => namesPath(memoryOf({ id: "m", ...memory }), path);
  test("by an anchor in it or in its folder, by its path, or by a name that is its own", () => {
    expect(why({ anchors: [{ path: "src/billing/charge.ts", symbol: "charge" }] })).toBe(
      "anchored in src/billing/charge.ts",
    );
    expect(why({ anchors: [{ path: "src/billing" }] })).toBe("anchored in the folder src/billing");
    expect(why({ content: "see src/billing/charge.ts." })).toBe("names src/billing/charge.ts");
    expect(why({ content: "in `charge.ts` we" })).toBe("names charge.ts");
  });
  test("not by the name of another file, a common name, or an anchor elsewhere", () => {
    expect(why({ content: "recharge.ts, charge.tsx and charge.ts.bak" })).toBeUndefined();
    expect(why({ content: "every index.ts exports" }, "src/a/index.ts")).toBeUndefined();
    expect(why({ anchors: [{ path: "." }, { path: "src/bill" }] })).toBeUndefined();
  });
});

describe("what a prompt asks", () => {
  test("is nothing where it only holds the talk together", () => {
    for (const prompt of ["yes", "ok, go on", "Thanks, that looks good!", "run the tests again", "/compact", "", "…"])
      expect(promptQuestions(prompt)).toEqual([]);
  });
  test("is asked sentence by sentence, short ones with the next, without code", () => {
    expect(
      promptQuestions(
        "Hi. The refund queue loses jobs at midnight. Please fix. Retry the provider's webhooks?\n```\nconst secret = 1;\n```",
      ),
    ).toEqual(["refund queue loses jobs midnight.", "fix. Retry provider's webhooks?"]);
    expect(promptQuestions("Why midnight?")).toEqual(["midnight?"]);
  });
  test("is asked without the words that hold a talk together", () => {
    expect(promptQuestions("I think we should look at how \u201cinvoices\u201d are rounded, please")).toEqual([
      "\u201cinvoices\u201d rounded,",
    ]);
  });
});
