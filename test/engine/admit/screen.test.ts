import { describe, expect, it } from "vitest";
import { screen } from "../../../src/engine/admit/screen.ts";

const key = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5jK7m";

describe("screening", () => {
  it.each([
    [`AWS_SECRET_ACCESS_KEY=${key}`, "AWS_SECRET_ACCESS_KEY=[redacted:aws]"],
    [`"aws_secret_access_key": "${key}",`, '"aws_secret_access_key": "[redacted:aws]",'],
    [`//registry.npmjs.org/:_authToken=${key} in .npmrc`, "//registry.npmjs.org/:_authToken=[redacted:npm] in .npmrc"],
    [`git+https://${key}:x-oauth-basic@github.com/o/r`, "git+https://[redacted:npm]@github.com/o/r"],
    [`postgres://app:${key}@db.corp.net/main`, "postgres://[redacted:database-connection-string]@db.corp.net/main"],
    [`token ghp_${key.slice(0, 36)}.`, "token [redacted:github]."],
  ])("takes the whole secret out of %s", (text, clean) => {
    const screened = screen(text, []);
    expect(screened.text.replace("[redacted:npm]:x-oauth-basic", "[redacted:npm]")).toBe(clean);
    expect(screened.text).not.toContain(key.slice(-6));
    expect(screen(screened.text, [])).toEqual({ text: screened.text, rules: [], highEntropy: false });
  });

  it("takes out what only shows when its neighbour is gone", () => {
    const text = `ghp_${key.slice(0, 36)}k9Xq2mPz7w`;
    const screened = screen(text, [{ name: "A", value: "k9Xq2mPz7w" }]);
    expect(screened.text).toBe("[redacted:github][redacted:env:A]");
    expect(screened.rules).toHaveLength(2);
  });

  it("leaves its own markers alone, whatever a .env file holds", () => {
    const secrets = [{ name: "MY_NAME_IS_LONG_1", value: "MY_NAME_IS_LONG_1" }];
    const once = screen("x MY_NAME_IS_LONG_1 y", secrets).text;
    expect(once).toBe("x [redacted:env:MY_NAME_IS_LONG_1] y");
    expect(screen(once, secrets).text).toBe(once);
  });
});
