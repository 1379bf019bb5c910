import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findRandomTokens } from "../../../src/engine/admit/entropy.ts";

describe("random-looking runs", () => {
  it("are found in at least 95 of 100 generated keys", () => {
    let found = 0;
    for (let round = 0; round < 200; round++) {
      const key = randomBytes(24).toString(round % 2 === 0 ? "base64" : "base64url");
      if (findRandomTokens(`the value ${key} was printed`).tokens.length > 0) found++;
    }
    expect(found).toBeGreaterThanOrEqual(190);
  });

  it.each([
    "fixed in 4f8b57c02f2011fe9ae353d5e74e8745f0988af8",
    "https://github.com/o/r/commit/4f8b57c02f2011fe9ae353d5e74e8745f0988af8",
    "id 123e4567-e89b-12d3-a456-426614174000",
    "integrity sha512-9u1mOQe7TcpHjgz33M2DcBnOQuXaMhk3vV1StGXR8Z5jdHi6BmyTq==",
    "sha256:9u1mOQe7TcpHjgz33M2DcBnOQuXaMhk3vV1StGXR8Z5jdHi6BmyT",
    "![x](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk)",
    "src/engine/admit/createAdmissionFromSettings2.ts",
    "the_very_long_snake_case_name_of_a_test_function",
    "--------------------------------------------",
    "https://docs.google.com/document/d/1U1RGAehQwRypUTovF1KRlpiOFze0b-2gc6fAH0KY0k/edit",
    "0x1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e",
  ])("are not seen in %s", (text) => {
    expect(findRandomTokens(text)).toEqual({ named: [], tokens: [] });
  });

  it.each(["api_key = ", '"clientSecret": "', "Authorization: Bearer ", "the token is ", "DB_PASSWORD="])(
    "are secrets after %s",
    (before) => {
      expect(findRandomTokens(`${before}9u1mOQe7TcpHjgz33M2DcBnOQuXa`).named).toHaveLength(1);
    },
  );
});
