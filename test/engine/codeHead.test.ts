import { expect, test } from "vitest";
import { codeHead } from "../../src/engine/codeHead.ts";

test.each([
  [
    'def is_palindrome(s):\n    """Return True if s reads the same backwards."""\n    return s',
    "is_palindrome Return True if s reads the same backwards.",
  ],
  ["@cache\nasync def load(path):\n    return path", "load"],
  [
    "// Clears what is stale.\nexport async function invalidate(key: string): void {",
    "invalidate Clears what is stale.",
  ],
  ["/**\n * Reads lines.\n * @param text\n */\nexport class LineReader {", "LineReader Reads lines."],
  ["func (s *Server) Serve(l net.Listener) error {", "Serve"],
  ["/// Adds two numbers.\npub fn add(a: i32, b: i32) -> i32 {", "add Adds two numbers."],
])("the head of code is its name and what is said of it: %j", (code, head) => {
  expect(codeHead(code)).toBe(head);
});

test.each([
  "We parse by hand, as the generated parser lost comments.",
  "The class Parser is slow.\nclass Parser { }",
  "First some prose.\n\nfunction later() {}",
  "",
  "type of error: fatal",
])("prose has none: %j", (text) => {
  expect(codeHead(text)).toBeUndefined();
});

test("long text that resembles comments takes no long time", () => {
  expect(codeHead(`${"# ".repeat(5_000)}\n${"\n @x".repeat(5_000)}`)).toBeUndefined();
});
