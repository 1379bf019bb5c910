import { describe, expect, test } from "vitest";
import { HeirloomError } from "../../../src/contract/errors.ts";
import { provenanceOfLine, timeOfLine } from "../../../src/engine/lifecycle/importedMemory.ts";
import { MAX_LINE_LENGTH, parseImportLine } from "../../../src/engine/lifecycle/parseImportLine.ts";

function refusal(line: string): HeirloomError {
  try {
    parseImportLine(line);
  } catch (error) {
    if (error instanceof HeirloomError) return error;
    throw error;
  }
  throw new Error(`${line} was taken`);
}

test("takes the shortest line and leaves the rest open", () => {
  expect(parseImportLine('{"content":"x","eventType":"note"}')).toEqual({ content: "x", eventType: "note" });
});

test("a blank line is nothing, not an error", () => {
  expect(parseImportLine("")).toBeUndefined();
  expect(parseImportLine("  \t")).toBeUndefined();
});

describe("names what is wrong, and where", () => {
  test.each([
    ['{"eventType":"note"}', /^content: /u],
    ['{"content":"  ","eventType":"note"}', /^content: must not be blank$/u],
    ['{"content":"x","eventType":"note","gitCommit":"abc"}', /^gitCommit: must be a full commit id$/u],
    ['{"content":"x","eventType":"note","timestamp":"yesterday"}', /^timestamp: .*ISO/u],
    ['{"content":"x","eventType":"note","tags":["a",7]}', /^tags\[1\]: /u],
    [
      '{"content":"x","eventType":"note","anchors":[{"path":"a"},{"path":"b","endLine":3}]}',
      /^anchors\[1\]\.endLine: /u,
    ],
    ['{"content":5,"eventType":""}', /^content: .*; eventType: /u],
  ])("%s", (line, message) => {
    const error = refusal(line);
    expect(error.code).toBe("INVALID_INPUT");
    expect(error.message).toMatch(message);
    expect(error.details?.["fields"]).toBeInstanceOf(Array);
  });

  test.each(["{broken", "[1,2]", '"text"', "null", `{"content": ${"x".repeat(5000)}`])(
    "no JSON object: %.20s",
    (line) => {
      const error = refusal(line);
      expect(error.code).toBe("INVALID_INPUT");
      expect(error.message).toContain("each line must be one JSON object");
      expect(error.message.length).toBeLessThan(300);
    },
  );

  test("a line over the limit", () => {
    expect(refusal(`{"content":"${"x".repeat(MAX_LINE_LENGTH)}"}`).code).toBe("PAYLOAD_TOO_LARGE");
  });
});

test("a time without an offset is UTC, on every machine", () => {
  const at = (timestamp: string) => timeOfLine({ content: "x", eventType: "y", timestamp });
  expect(at("2026-01-02T03:04:05")).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  expect(at("2026-01-02T03:04:05+02:00")).toBe(Date.UTC(2026, 0, 2, 1, 4, 5));
  expect(at("2026-01-02T03:04:05.678Z")).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
});

test("a line that names a commit belongs to it, and waits for no other", () => {
  const here = {
    at: 5,
    dirty: true,
    pending: true,
    worktree: "/w",
    branch: "main",
    commit: "a".repeat(40),
    agent: "cli",
  };
  const line = { content: "x", eventType: "y" };
  expect(provenanceOfLine(line, here)).toEqual(here);
  expect(provenanceOfLine({ ...line, gitCommit: "b".repeat(40) }, here)).toEqual({
    at: 5,
    dirty: false,
    pending: false,
    branch: "main",
    commit: "b".repeat(40),
    agent: "cli",
  });
  expect(provenanceOfLine({ ...line, gitBranch: "topic", sessionId: "s" }, here)).toEqual({
    ...here,
    branch: "topic",
    sessionId: "s",
  });
});

describe("lines of server-memory", () => {
  test("an entity is one memory with its observations as lines, its names kept", () => {
    const line = {
      type: "entity",
      name: "Ada Lovelace",
      entityType: "person",
      observations: ["Wrote notes", "Likes tea"],
    };
    expect(parseImportLine(JSON.stringify(line))).toEqual({
      content: "Ada Lovelace (person)\n- Wrote notes\n- Likes tea",
      eventType: "entity",
      kind: "fact",
      title: "Ada Lovelace",
      metadata: { serverMemory: { type: "entity", name: "Ada Lovelace", entityType: "person" } },
    });
  });

  test("a type that we know as a kind becomes it", () => {
    const line = { type: "entity", name: "Use WAL", entityType: "Decision", observations: [] };
    expect(parseImportLine(JSON.stringify(line))).toMatchObject({ kind: "Decision", content: "Use WAL (Decision)" });
  });

  test("a relation is one fact", () => {
    expect(parseImportLine('{"type":"relation","from":"api","to":"db","relationType":"reads from"}')).toMatchObject({
      content: "api reads from db",
      kind: "fact",
      metadata: { serverMemory: { type: "relation", from: "api", to: "db", relationType: "reads from" } },
    });
  });

  test("an ill-formed one is refused with its field", () => {
    expect(refusal('{"type":"entity","name":"x","entityType":"y"}').message).toMatch(/server-memory.*observations: /u);
    expect(refusal('{"type":"relation","from":"","to":"y","relationType":"z"}').message).toMatch(
      /server-memory.*from: /u,
    );
  });

  test("names of any length are taken", () => {
    const line = { type: "entity", name: "🙂".repeat(400), entityType: "x".repeat(500), observations: ["o"] };
    expect(parseImportLine(JSON.stringify(line))?.title).toBe("🙂".repeat(150));
  });
});
