import { describe, expect, test } from "vitest";
import type { SessionEvent } from "../../../src/contract/hooks.ts";
import { sessionCandidates } from "../../../src/engine/capture/sessionCandidates.ts";

const edit = (path: string): SessionEvent => ({ type: "edit", at: 1, path });
const failed = (command: string, error = "TypeError: x is undefined"): SessionEvent => ({
  type: "command",
  at: 1,
  command,
  error,
});
const passed = (command: string): SessionEvent => ({ type: "command", at: 1, command });
const fixes = (...events: readonly SessionEvent[]) =>
  sessionCandidates("s", events).filter(({ input }) => input.eventType === "fix");

describe("a fix", () => {
  test("is a command that failed, edits, and the same command that succeeds", () => {
    const [fix, ...more] = fixes(failed("npm test"), edit("src/a.ts"), passed("npm test"));
    expect(more).toEqual([]);
    expect(fix?.input).toMatchObject({
      kind: "insight",
      title: "Fixed: TypeError: x is undefined",
      anchors: [{ path: "src/a.ts" }],
    });
    expect(fix?.input.content).toBe(
      "`npm test` failed with:\n\nTypeError: x is undefined\n\nIt succeeded after changes to src/a.ts.",
    );
  });

  test("is found wherever the command's output went", () => {
    expect(fixes(failed("cd app && npm test 2>&1 | tail -20"), edit("a"), passed("npm  test"))).toHaveLength(1);
  });

  test("takes the edits of an attempt that left the error as it was", () => {
    const [fix] = fixes(failed("t"), edit("a"), failed("t"), edit("b"), passed("t"));
    expect(fix?.input.anchors).toEqual([{ path: "a" }, { path: "b" }]);
  });

  test("mends the last error, when an attempt changed it", () => {
    const [fix] = fixes(failed("t", "one"), edit("a"), failed("t", "two"), edit("b"), passed("t"));
    expect(fix?.input.content).toContain("two");
    expect(fix?.input.anchors).toEqual([{ path: "b" }]);
  });

  test("is the one command that mended it, where nothing was edited", () => {
    const [fix, ...more] = fixes(
      failed("npm test", "Error: Cannot find module 'zod'"),
      passed("ls node_modules"),
      passed("npm ci"),
      passed("npm test 2>&1 | tail"),
    );
    expect(more).toEqual([]);
    expect(fix?.input.content).toBe(
      "`npm test` failed with:\n\nError: Cannot find module 'zod'\n\nIt succeeded after `npm ci`.",
    );
    expect(fix?.input.anchors).toBeUndefined();
    const [edited] = fixes(failed("t"), passed("npm ci"), edit("a"), passed("t"));
    expect(edited?.input.content).toContain("after changes to a.");
  });

  test.each([
    ["two commands may have mended it", [failed("t"), passed("npm ci"), passed("make tables"), passed("t")]],
    ["the command left it failing", [failed("t"), passed("npm ci"), failed("t"), passed("t")]],
    ["the command failed too", [failed("t"), failed("npm ci"), passed("t")]],
    [
      "others only looked and tested",
      [failed("t"), passed("git status; cat a | head"), passed("npx vitest run"), passed("t")],
    ],
    ["the command came before", [passed("npm ci"), failed("t"), passed("t")]],
    ["nothing was edited in between", [failed("t"), passed("t")]],
    ["another command succeeded", [failed("t"), edit("a"), passed("u")]],
    ["it never succeeded", [failed("t"), edit("a"), failed("t")]],
    ["it said nothing", [failed("t", ""), edit("a"), passed("t")]],
    ["the edits were before", [edit("a"), failed("t"), passed("t")]],
  ] as const)("is none when %s", (_why, events) => {
    expect(fixes(...events)).toEqual([]);
  });
});

test("the same events give the same keys, another session others", () => {
  const events = [
    { type: "prompt", at: 1, text: "Always write a test first." } as const,
    failed("t"),
    edit("a"),
    passed("t"),
  ];
  const keys = (session: string) => sessionCandidates(session, events).map(({ key }) => key);
  expect(keys("s")).toEqual(keys("s"));
  expect(new Set([...keys("s"), ...keys("other")]).size).toBe(6);
});

test("one memory names the files touched, and nothing that was asked; nothing happened, nothing is made", () => {
  const prompt = { type: "prompt", at: 1, text: "Make it faster.\nPlease." } as const;
  const [touched] = sessionCandidates("s", [
    prompt,
    edit("src/a.ts"),
    edit("src/b.ts"),
    edit("src/a.ts"),
    edit("c.ts"),
  ]);
  expect(touched).toMatchObject({
    how: "revised",
    input: {
      kind: "event",
      title: "Changed a.ts, b.ts and 1 more",
      content: "An agent's session changed src/a.ts, src/b.ts, c.ts.",
      metadata: { files: 3 },
      anchors: [{ path: "src/a.ts" }, { path: "src/b.ts" }, { path: "c.ts" }],
      dedupe: "none",
    },
  });
  expect(sessionCandidates("s", [prompt])).toEqual([]);
  const many = Array.from({ length: 100 }, (_, index) => edit(`src/${index}.ts`));
  expect(sessionCandidates("s", many)[0]?.input.anchors).toHaveLength(64);
});
