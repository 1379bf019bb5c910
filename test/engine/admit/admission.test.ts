import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HeirloomError } from "../../../src/contract/errors.ts";
import { MAX_CONTENT_BYTES } from "../../../src/contract/memory.ts";
import { defaultSettings } from "../../../src/contract/settings.ts";
import { createAdmission } from "../../../src/engine/admit/admission.ts";
import { createTokenCounter } from "../../../src/engine/admit/tokens.ts";
import type { Candidate } from "../../../src/contract/peer.ts";
import type { Admission, AdmissionPlace } from "../../../src/engine/seams.ts";

let place: AdmissionPlace = { workspace: "" };
beforeAll(async () => {
  const workspace = await mkdtemp(join(tmpdir(), "heirloom-admit-"));
  await writeFile(join(workspace, ".env"), "API_KEY=k9Xq2mPz7w\nMODE=development\n");
  place = { workspace };
});
afterAll(() => rm(place.workspace, { recursive: true }));

const tokens = createTokenCounter();
const open = (secrets: "redact" | "refuse" = "redact", embed?: (text: string) => Float32Array): Admission =>
  createAdmission(
    { ...defaultSettings, secrets },
    {
      tokens,
      readWorkspaceFile: (path) => readFile(path, "utf8").catch(() => undefined),
      listWorkspaceFolder: (path) => readdir(path),
      monotonic: () => performance.now(),
      anchorGuard: () => Promise.resolve(new Set()),
      embed,
    },
  );
const candidate = (over: Partial<Record<keyof Candidate, unknown>> = {}): Candidate =>
  ({ content: "Use tabs.", eventType: "note", ...over }) as Candidate;
async function refusal(over: Partial<Record<keyof Candidate, unknown>>, admission = open()): Promise<HeirloomError> {
  const thrown: unknown = await admission.admit(candidate(over), place).catch((error: unknown) => error);
  if (!(thrown instanceof HeirloomError)) throw new Error("It was admitted, or failed otherwise.");
  return thrown;
}
const fieldsOf = (error: HeirloomError): readonly string[] =>
  (error.details?.["fields"] as readonly { readonly field: string }[]).map(({ field }) => field);

const github = `ghp_${"a1B2".repeat(9)}`;

describe("admission", () => {
  it("fills in what a candidate leaves out", async () => {
    expect(await open().admit(candidate(), place)).toEqual({
      content: "Use tabs.",
      eventType: "note",
      kind: "note",
      scope: "lineage",
      tags: [],
      metadata: {},
      anchors: [],
      tokens: 3,
      parts: [],
      flags: [],
      signature: expect.stringMatching(/^m1:[\w+/]{54}==$/u) as unknown,
      redactions: 0,
    });
  });

  it.each([
    [{ kind: "Decision" }, "decision", undefined],
    [{ kind: "TODO" }, "task", "TODO"],
    [{ eventType: "incident" }, "gotcha", undefined],
    [{ eventType: "whatever happened" }, "note", undefined],
  ])("resolves the kind of %j", async (over, kind, originalKind) => {
    const admitted = await open().admit(candidate(over), place);
    expect(admitted.kind).toBe(kind);
    expect(admitted.metadata["originalKind"]).toBe(originalKind);
  });

  it("names every field that is wrong", async () => {
    const error = await refusal({
      content: " \u200b ",
      eventType: "",
      kind: "zzz",
      scope: "world",
      title: "\u202e",
      tags: ["ok", ""],
      metadata: { a: [1, Number.NaN] },
      anchors: [{ path: "a", endLine: 3 }],
      ttlSeconds: 0,
    });
    expect(error.code).toBe("INVALID_INPUT");
    expect([...fieldsOf(error)].sort()).toEqual(
      [
        "anchors[0].endLine",
        "content",
        "eventType",
        "kind",
        "metadata.a[1]",
        "scope",
        "tags[1]",
        "title",
        "ttlSeconds",
      ].sort(),
    );
    expect(error.message).toContain("decision, rule, gotcha");
  });

  it("takes content of exactly 1 MB, and no byte more, counted in UTF-8", async () => {
    const admitted = await open().admit(
      candidate({ content: "é ".repeat(MAX_CONTENT_BYTES / 3).padEnd(MAX_CONTENT_BYTES / 2, "x") }),
      place,
    );
    expect(admitted.parts.length).toBeGreaterThan(100);
    expect((await refusal({ content: "x".repeat(MAX_CONTENT_BYTES + 1) })).code).toBe("PAYLOAD_TOO_LARGE");
    expect((await refusal({ content: "é".repeat(MAX_CONTENT_BYTES / 2 + 1) })).code).toBe("PAYLOAD_TOO_LARGE");
  });

  it("limits metadata in size and depth", async () => {
    const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
    await open().admit(candidate({ metadata: nested(16) }), place);
    expect(fieldsOf(await refusal({ metadata: nested(17) }))).toEqual(["metadata"]);
    expect(fieldsOf(await refusal({ metadata: nested(5_000) }))).toEqual(["metadata"]);
    expect(fieldsOf(await refusal({ metadata: { a: "x".repeat(65_536) } }))).toEqual(["metadata"]);
    expect(fieldsOf(await refusal({ metadata: { when: new Date(0) } }))).toEqual(["metadata.when"]);
    expect(fieldsOf(await refusal({ metadata: [] }))).toEqual(["metadata"]);
  });

  it("keeps anchors inside the workspace", async () => {
    const anchors = [
      { path: join(place.workspace, "src/a.ts"), symbol: "f", startLine: 1, endLine: 2 },
      { path: "src\\b.ts" },
    ];
    const admitted = await open().admit(candidate({ anchors }), place);
    expect(admitted.anchors).toEqual([
      { path: "src/a.ts", symbol: "f", startLine: 1, endLine: 2 },
      { path: "src/b.ts" },
    ]);
    expect((await refusal({ anchors: [{ path: "../secrets.txt" }] })).code).toBe("FORBIDDEN_PATH");
  });

  it("takes secrets out of content, title, tags and metadata, and counts them", async () => {
    const admitted = await open().admit(
      candidate({
        content: `It is ${github} and k9Xq2mPz7w in development`,
        title: `t ${github}`,
        tags: [github],
        metadata: { a: { b: [github] } },
      }),
      place,
    );
    expect(admitted.content).toBe("It is [redacted:github] and [redacted:env:API_KEY] in development");
    expect(admitted.redactions).toBe(5);
    expect(admitted.flags).toEqual(["redacted"]);
    expect(JSON.stringify(admitted)).not.toMatch(/ghp_|k9Xq2mPz7w/u);
  });

  it("refuses secrets when it is set to, naming rule and place and never the value", async () => {
    const error = await refusal({ content: `It is ${github}`, metadata: { a: "k9Xq2mPz7w" } }, open("refuse"));
    expect(error.code).toBe("INVALID_INPUT");
    expect(fieldsOf(error)).toEqual(["content", "metadata.a"]);
    expect(error.message).toContain("rule github");
    expect(JSON.stringify(error) + String(error.stack)).not.toMatch(/ghp_|k9Xq2mPz7w/u);
  });

  it("flags what only looks random", async () => {
    const admitted = await open().admit(
      candidate({ content: "printed 9u1mOQe7TcpHjgz33M2DcBnOQuXa to the log" }),
      place,
    );
    expect(admitted).toMatchObject({ flags: ["high-entropy"], redactions: 0 });
  });

  it("gives errors in the places of the bad ones when there are many", async () => {
    const many = await open().admitMany(
      [candidate(), candidate({ content: "" }), candidate({ anchors: [{ path: "/etc/passwd" }] })],
      place,
    );
    expect(many.map((one) => (one instanceof HeirloomError ? one.code : "admitted"))).toEqual([
      "admitted",
      "INVALID_INPUT",
      "FORBIDDEN_PATH",
    ]);
  });

  it("changes nothing in what it has admitted, whatever that was, and never fails but by its own codes", async () => {
    const admission = open();
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom(
        "\u202e",
        "\ud800",
        "\r\n",
        "```\n",
        "# H\n",
        " \t ",
        "[redacted:",
        "]",
        "://a:",
        "@",
        "-----BEGIN PRIVATE KEY-----",
        "<|endoftext|>",
        "k9Xq2mPz7w",
        github,
        "Bearer ",
        "eyJhbGciOi.eyJzdWIi.",
        "9u1mOQe7TcpHjgz33M2DcBnOQuXa",
        "_authToken=",
        "postgres://a:bcdef@h/",
        "字".repeat(50),
      ),
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
    await fc.assert(
      fc.asyncProperty(text, text, async (content, other) => {
        const [first] = await admission.admitMany(
          [
            candidate({
              content,
              title: other.slice(0, 200) || "t",
              tags: [other.slice(0, 50) || "t"],
              metadata: { other },
            }),
          ],
          place,
        );
        if (first instanceof Error) {
          expect(first).toBeInstanceOf(HeirloomError);
          return;
        }
        const { content: stored, eventType, title, tags, metadata } = first ?? candidate();
        const again = await admission.admit(candidate({ content: stored, eventType, title, tags, metadata }), place);
        expect({ ...again, redactions: 0, flags: [] }).toEqual({ ...first, redactions: 0, flags: [] });
        expect(again.redactions).toBe(0);
      }),
      { numRuns: 600 },
    );
  });
});

it("a long text is cut where its embedding says, by structure where that fails, and a short one is not embedded", async () => {
  const content = Array.from({ length: 80 }, (_, at) => `Sentence ${at} is about topic ${at < 33 ? "a" : "b"}.`).join(
    " ",
  );
  let calls = 0;
  const embed = (text: string): Float32Array => {
    calls++;
    return Float32Array.of(text.includes("topic a") ? 1 : 0, text.includes("topic b") ? 1 : 0);
  };
  const partsWith = async (embedder?: typeof embed) =>
    (await open("redact", embedder).admit(candidate({ content }), place)).parts;
  const turning = await partsWith(embed);
  expect(turning.some(({ start }) => content.startsWith("Sentence 33 ", start))).toBe(true);
  const structural = await partsWith();
  expect(structural).not.toEqual(turning);
  const failing = (): never => {
    throw new HeirloomError("EMBEDDING_FAILED", "no model");
  };
  expect(await partsWith(failing)).toEqual(structural);
  calls = 0;
  await open("redact", embed).admit(candidate(), place);
  expect(calls).toBe(0);
});
