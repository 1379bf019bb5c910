import { describe, expect, it } from "vitest";
import { statusText } from "../../src/host/statusText.ts";

const running = { state: "running", url: "http://127.0.0.1:1/mcp", token: "t" } as const;
const open = { path: "/pay", name: "pay", state: "open" } as const;

describe("the status bar", () => {
  it("names the branch and what it inherits", () => {
    expect(statusText(running, open, { branch: "main", head: "abc", visible: 1234 })).toMatchObject({
      text: "$(git-branch) main $(bookmark) 1,234",
      tone: "calm",
    });
    expect(statusText(running, open, { branch: "main", visible: 1 })?.tooltip[0]).toBe("main inherits 1 memory.");
  });
  it("names the commit of a detached HEAD, and the folder without git", () => {
    expect(statusText(running, open, { head: "0123456789abcdef", visible: 2 })?.text).toBe(
      "$(git-commit) 01234567 $(bookmark) 2",
    );
    expect(statusText(running, open, { visible: 2 })?.text).toBe("$(folder) pay $(bookmark) 2");
  });
  it("counts memories whose code has changed where there are any", () => {
    expect(statusText(running, open, { branch: "main", visible: 9, drifted: 2 })?.text).toContain("$(diff) 2");
  });
  it("shows how far learning is", () => {
    expect(statusText(running, open, { branch: "main", learning: { commitsRead: 1500 } })?.text).toBe(
      "$(sync~spin) Learning 1,500",
    );
  });
  it("does not take a branch's name for an icon", () => {
    expect(statusText(running, open, { branch: "$(flame)", visible: 0 })?.text).toContain("$ (flame)");
  });
  it("says what is wrong, and what to do about it", () => {
    const failed = { ...open, state: "failed", problem: { code: "STORE_CORRUPT", message: "Run doctor." } } as const;
    expect(statusText(running, failed, {})).toMatchObject({
      tone: "warning",
      tooltip: [expect.any(String), "Run doctor."],
    });
    expect(statusText({ state: "waiting", problem: "gone", retryInMs: 500 }, open, {})?.tone).toBe("error");
    expect(statusText({ state: "off", why: "restricted" }, undefined, {})?.tooltip[0]).toContain("trust");
    expect(statusText({ state: "off", why: "no-folder" }, undefined, {})).toBeUndefined();
    expect(statusText({ state: "starting" }, open, {})?.text).toContain("loading");
  });
});
