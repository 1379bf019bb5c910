import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { initialize, post, type Served, serveTwin, toolCall } from "../support/served.ts";

let server: Served;
afterEach(async () => {
  await server.close();
});

describe("a session of 2025-11-25", () => {
  test("initializes, calls a tool with structured content and text, and ends with DELETE", async () => {
    server = await serveTwin();
    const { answer, headers } = await initialize(server);
    expect(answer.body.result).toMatchObject({ protocolVersion: "2025-11-25", serverInfo: { name: "heirloom" } });
    const captured = await post(
      server,
      toolCall("capture-memory", { event_type: "note", content: "remember me" }),
      headers,
    );
    expect(captured.body.result?.structuredContent).toMatchObject({ id: "m1", outcome: "created" });
    expect(server.engine.contexts.at(-1)).toMatchObject({ sessionId: headers["mcp-session-id"], agent: "test-client" });
    const found = await post(server, toolCall("retrieve-memories", { query: "remember" }, "two"), headers);
    expect(found.body.id).toBe("two");
    expect(found.body.result?.structuredContent).toMatchObject({ memories: [{ content: "remember me" }] });
    expect(found.body.result?.content?.[0]?.text).toContain("remember me");
    const ended = await fetch(server.url, {
      method: "DELETE",
      headers: { ...headers, authorization: `Bearer ${server.token}` },
    });
    expect(ended.status).toBe(200);
    expect((await post(server, toolCall("health-check", {}), headers)).status).toBe(404);
  });
});
