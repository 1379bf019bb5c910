import { expect, test } from "vitest";
import { type FileRole, roleOf, shareOfRole } from "../../../src/engine/code/fileRole.ts";

test.each<[string, FileRole]>([
  ["src/router.ts", "source"],
  ["src/contest.ts", "source"],
  ["src/latest/version.py", "source"],
  ["test/router.test.ts", "test"],
  ["packages/core/__tests__/watch.spec.ts", "test"],
  ["tests/test_basic.py", "test"],
  ["src/conftest.py", "test"],
  ["server_test.go", "test"],
  ["src/RouterTest.java", "test"],
  ["examples/hello.py", "example"],
  ["docs/guide.md", "document"],
  ["README.md", "document"],
  ["package.json", "settings"],
  [".github/workflows/ci.yml", "settings"],
  ["vite.config.ts", "settings"],
  ["types/index.d.ts", "declaration"],
])("%s is %s", (path, role) => {
  expect(roleOf(path)).toBe(role);
});

test("what is no source comes down unless the question is about its like", () => {
  expect(shareOfRole("test", "why are redirects lost")).toBeLessThan(0.5);
  expect(shareOfRole("test", "the test of redirects is flaky")).toBe(1);
  expect(shareOfRole("document", "fix a typo in the guide")).toBe(1);
  expect(shareOfRole("source", "anything")).toBe(1);
});
