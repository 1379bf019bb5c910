import { expect, test } from "vitest";
import { definitionLine } from "../../../src/host/editor/definitionLine.ts";

test.each([
  [
    "a function",
    "retry",
    "import { retry } from './retry';\nretry(1);\nexport async function retry(times: number): void {",
    2,
  ],
  ["a class", "Retry", "class Other extends Retry {\nclass Retry {", 1],
  ["a constant", "Retry", "const other: Retry = make();\nconst Retry = 3;", 1],
  ["a method", "retry", "  return retry(1);\n  if (retry()) {\n  async retry(times) {", 2],
  ["a Python function", "retry", "x = retry(2)\ndef retry(times):", 1],
  ["a Python value", "RETRY", "print(RETRY)\nRETRY = 3", 1],
  ["a Go method", "Retry", "\tc.Retry(2)\nfunc (c *Client) Retry(times int) error {", 1],
  ["a Rust function", "retry", "    let x = retry(2);\npub(crate) fn retry(times: u8) -> bool {", 1],
  ["a C++ method", "retry", "  client.retry(2);\nvoid Client::retry(int times) {", 1],
  ["a heading", "Retry", "See Retry below.\n\n## Retry", 2],
  ["a key", "retry", '{\n  "retry": 3', 1],
])("finds %s, and not where it is used before", (_, name, text, line) => {
  expect(definitionLine(text.split("\n"), name)).toBe(line);
});

test("finds a member by the last part of its name", () => {
  expect(definitionLine(["client.retry();", "  retry() {"], "Client.retry")).toBe(1);
  expect(definitionLine(["client.retry();", "  retry() {"], "Client::retry")).toBe(1);
});

test("takes no use, no parameter and no other name for the definition", () => {
  const text = ["retry();", "function other(retry) {", "function retryLater() {", "const later = retry;", "// retry"];
  expect(definitionLine(text, "retry")).toBeUndefined();
});

test("is quick on a file that is all on one line", () => {
  expect(definitionLine(["function retry(".repeat(100_000)], "retry")).toBeUndefined();
});
