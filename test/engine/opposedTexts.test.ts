import { describe, expect, test } from "vitest";
import { opposed } from "../../src/engine/opposedTexts.ts";

describe("two sentences are opposed", () => {
  test.each([
    ["Pages are cached by inode.", "Pages must not be cached by inode.", "one says not"],
    [
      "The body of a response isn\u2019t downloaded at once.",
      "The body of a response is downloaded at once.",
      "one says not",
    ],
    ["Avoid globals in the parser.", "Globals in the parser.", "one says not"],
    ["Never force-push the release branch.", "Always force-push the release branch.", "one says not"],
    ["Uploads of guests are allowed.", "Uploads of guests are forbidden.", '"allow" against "forbidden"'],
    ["Drafts have `draft` set to `true`.", "Drafts have `draft` set to `false`.", '"true" against "fals"'],
    ["The level can only be set in the file.", "The level can also be set in the file.", '"onli" against "also"'],
    ["It returns the first value of a header.", "It returns the last value of a header.", '"first" against "last"'],
    ["Requests time out after 30 seconds.", "Requests time out after 60 seconds.", "30 against 60"],
    ["It needs node v12 for async functions.", "It needs node v18.2 for async functions.", "12 against 18.2"],
    [
      "If the query string cannot be parsed, the service rejects the request with 400 Bad Request.",
      "If the query string cannot be parsed, the service rejects the request with 422 Unprocessable Entity.",
      "400 against 422",
    ],
    [
      "If the status has been set, the server sends 204.",
      "If the status has not been set, the server sends 204.",
      "one says not",
    ],
  ])("%s %s", (a, b, why) => {
    expect(opposed(a, b)).toMatchObject({ why });
    expect(opposed(b, a)?.sureness).toBe(opposed(a, b)?.sureness);
  });
});

describe("two sentences both hold", () => {
  test.each([
    [
      "where conditions differ",
      "If a name is given, the template is used.",
      "If no name is given, the default template is used.",
    ],
    [
      "where one says more",
      "Convert the handler into a service.",
      "Convert the handler into a service that keeps no state.",
    ],
    ["where one says how", "Ship the packages to the mirror.", "Ship the packages to the mirror without the sources."],
    [
      "where each speaks of something else",
      "The `projects` endpoint has a trailing slash.",
      "The `about` endpoint has no trailing slash.",
    ],
    [
      "where a name looks like a negation",
      "The service answers every request with 404 Not Found.",
      "The service answers every request with 404 Found.",
    ],
    [
      "where code looks like one",
      "The tag goes to the end of the order.",
      "If `None`, the tag goes to the end of the order.",
    ],
    [
      "where two things are turned around",
      "To enable splitting on semicolons set `split` to `true`.",
      "To disable splitting on semicolons set `split` to `false`.",
    ],
    [
      "where things are set apart",
      "Merge the declaration of this interface, not of the alias.",
      "Merge the declaration of this interface, of the alias.",
    ],
    [
      "where a version is written longer",
      "It needs node v18 for async functions.",
      "It needs node v18.0.0 for async functions.",
    ],
    [
      "where two numbers differ",
      "Indent clauses by 2 with the option set to 1.",
      "Indent clauses by 4 with the option set to 2.",
    ],
    [
      "where numbers are parts of links",
      "See https://docs.example.com/0.7/state for the state.",
      "See https://docs.example.com/0.8/state for the state.",
    ],
    [
      "where they are counterparts",
      "The hook is called when a spider was opened.",
      "The hook is called when a spider was closed.",
    ],
    [
      "where an aside says not",
      "The build relies on native support.",
      "The build relies on native support (Firefox: no support).",
    ],
  ])("%s", (_, a, b) => {
    expect(opposed(a, b)).toBeUndefined();
    expect(opposed(b, a)).toBeUndefined();
  });
});
