import { countTokens } from "gpt-tokenizer";
import { describe, expect, test } from "vitest";
import { PROFILES, TOOLS } from "../../src/contract/tools.ts";
import { listTools, parseProfiles } from "../../src/serve/toolSchemas.ts";

describe("the core profile", () => {
  const tools = listTools(["core"]);
  test("has at most 8 tools and under 2,500 tokens of schemas", () => {
    expect(tools.length).toBeLessThanOrEqual(8);
    const tokens = countTokens(JSON.stringify({ tools }));
    console.log(JSON.stringify({ profile: "core", tools: tools.length, tokens }));
    expect(tokens).toBeLessThan(2500);
  });

  test("keeps what an agent needs to call a tool right", () => {
    const capture = tools.find(({ name }) => name === "capture-memory");
    expect(capture?.inputSchema).toMatchObject({
      type: "object",
      required: ["eventType", "content"],
      properties: {
        scope: { enum: ["user", "repo", "lineage", "session"] },
        metadata: { type: "object" },
        anchors: { type: "array", items: { type: "object", required: ["path"] } },
      },
      additionalProperties: false,
    });
  });

  test("refers to nothing that was left out", () => {
    expect(JSON.stringify(listTools(PROFILES))).not.toMatch(/\$ref|\$defs/u);
  });
});

test("every tool of the contract is in the list of all profiles", () => {
  expect(listTools(PROFILES).map(({ name }) => name)).toEqual(Object.keys(TOOLS));
});

test("schemas are derived once a process, not once a server", () => {
  expect(listTools(["core"])[0]).toBe(listTools(PROFILES)[0]);
});

test("profiles are read from a list, and an unknown one is noticed", () => {
  expect(parseProfiles("")).toEqual(["core"]);
  expect(parseProfiles(" code, core ")).toEqual(["core", "code"]);
  expect(parseProfiles("all")).toEqual(PROFILES);
  expect(parseProfiles("core,none")).toBeUndefined();
});
