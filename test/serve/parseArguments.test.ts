import { describe, expect, test } from "vitest";
import { HeirloomError } from "../../src/contract/errors.ts";
import type { ToolName } from "../../src/contract/tools.ts";
import { parseArguments } from "../../src/serve/parseArguments.ts";

function refusal(name: ToolName, given: unknown): HeirloomError {
  try {
    parseArguments(name, given);
  } catch (error) {
    if (error instanceof HeirloomError) return error;
    throw error;
  }
  throw new Error("It was accepted");
}

describe("aliases of other systems", () => {
  test("are understood at the top and in anchors", () => {
    const input = parseArguments("capture-memory", {
      event_type: "note",
      content: "x",
      session_id: "s",
      anchors: [{ path: "a.ts", start_line: 2, end_line: 3 }],
    });
    expect(input).toEqual({
      eventType: "note",
      content: "x",
      sessionId: "s",
      anchors: [{ path: "a.ts", startLine: 2, endLine: 3 }],
    });
    expect(parseArguments("build-context", { query: "q", token_budget: 100, detail_level: "full" })).toEqual({
      query: "q",
      budget: 100,
      detail: "full",
    });
  });

  test("are left alone in metadata and filters, whose keys are the caller's own", () => {
    const metadata = { session_id: "theirs", top_k: 1 };
    expect(parseArguments("capture-memory", { eventType: "n", content: "x", metadata })).toMatchObject({ metadata });
    expect(parseArguments("retrieve-memories", { query: "", filters: { dry_run: 1 } })).toMatchObject({
      filters: { dry_run: 1 },
    });
  });

  test("are refused beside the name that they stand for", () => {
    expect(refusal("retrieve-memories", { query: "", limit: 1, top_k: 2 }).details).toEqual({
      fields: [{ field: "top_k", message: "There is no such argument" }],
    });
  });
});

describe("a key named __proto__, which the schemas would drop without a word", () => {
  const parsed = (text: string): unknown => JSON.parse(text) as unknown;

  test.each([
    ["retrieve-memories", '{"query":"","filters":{"__proto__":{"kind":"rule"}}}', "filters.__proto__"],
    [
      "retrieve-memories",
      '{"query":"","filters":{"$or":[{"kind":"rule"},{"metadata":{"__proto__":1}}]}}',
      "filters.$or[1].metadata.__proto__",
    ],
    ["forget-memory", '{"filters":{"kind":"rule","__proto__":{"tags":"old"}}}', "filters.__proto__"],
    [
      "capture-memory",
      '{"eventType":"n","content":"x","metadata":{"deep":{"\\u005f_proto__":[1]}}}',
      "metadata.deep.__proto__",
    ],
    ["capture-memory", '{"eventType":"n","content":"x","__proto__":{"kind":"rule"}}', "__proto__"],
  ] as const)("is refused by name in %s %s", (name, given, field) => {
    const error = refusal(name, parsed(given));
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.message).toContain("__proto__");
    expect(error.details).toEqual({ fields: [{ field, message: "no key may be named __proto__" }] });
  });

  test("constructor and prototype are keys like any other and are kept", () => {
    const metadata = { constructor: 1, prototype: { constructor: { prototype: 2 } } };
    const taken = parseArguments("capture-memory", { eventType: "n", content: "x", metadata });
    expect(JSON.stringify(taken.metadata)).toBe(JSON.stringify(metadata));
    const filters = { metadata: { constructor: "a", prototype: "b" } };
    expect(JSON.stringify(parseArguments("retrieve-memories", { query: "", filters }).filters)).toBe(
      JSON.stringify(filters),
    );
  });
});

describe("what is wrong", () => {
  test("is named field by field", () => {
    const error = refusal("capture-memory", {
      content: 7,
      kind: "",
      anchors: [{ path: "a", endLine: 0 }],
      nonsense: 1,
    });
    expect(error.code).toBe("INVALID_INPUT");
    const fields = (error.details?.["fields"] as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(["eventType", "content", "kind", "anchors.0.endLine", "nonsense"]));
    expect(error.message).toContain("capture-memory");
  });

  test.each([null, [], "text", 3, true])("arguments that are %j are INVALID_INPUT, or none at all", (given) => {
    if (given === null) expect(parseArguments("health-check", given)).toEqual({});
    else expect(refusal("health-check", given).code).toBe("INVALID_INPUT");
  });

  test("arguments nested deeper than the stack are INVALID_INPUT", () => {
    const metadata = JSON.parse('{"a":'.repeat(100_000) + "1" + "}".repeat(100_000)) as unknown;
    expect(refusal("capture-memory", { eventType: "n", content: "x", metadata }).message).toContain("nested");
  });

  test("keys that would reach a prototype change nothing", () => {
    const given = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {}, "toString": 1}') as unknown;
    expect(refusal("health-check", given).code).toBe("INVALID_INPUT");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
