import { describe, expect, it } from "vitest";
import { normaliseAnchorPath } from "../../../src/engine/admit/anchorPath.ts";

describe("an anchor's path", () => {
  it.each([
    ["src/a.ts", "/w", "src/a.ts"],
    ["./src//b/../a.ts", "/w", "src/a.ts"],
    ["src\\deep\\a.ts", "/w", "src/deep/a.ts"],
    ["/w/src/a.ts", "/w/", "src/a.ts"],
    ["/w", "/w", "."],
    ["C:\\proj\\src\\a.ts", "c:/Proj", "src/a.ts"],
    ["\\\\?\\C:\\proj\\a.ts", "C:\\proj", "a.ts"],
    ["\\\\server\\share\\x\\a.ts", "\\\\server\\share\\x", "a.ts"],
    ["..foo/...bar", "/w", "..foo/...bar"],
  ])("%s in %s is %s", (path, workspace, stored) => {
    expect(normaliseAnchorPath(path, workspace)).toBe(stored);
  });

  it.each([
    ["../a.ts", "/w"],
    ["src/../../a.ts", "/w"],
    ["..\\..\\a.ts", "/w"],
    ["/etc/passwd", "/w"],
    ["/workspace2/a.ts", "/workspace"],
    ["/w/../etc/passwd", "/w"],
    ["D:\\proj\\a.ts", "C:\\proj"],
    ["C:a.ts", "C:\\proj"],
    ["C:\\proj\\a.ts", "/proj"],
    ["file:///etc/passwd", "/w"],
    ["//server/share", "/server"],
    ["a\u0000.ts", "/w"],
  ])("%s in %s is refused", (path, workspace) => {
    expect(() => normaliseAnchorPath(path, workspace)).toThrow(expect.objectContaining({ code: "FORBIDDEN_PATH" }));
  });
});
