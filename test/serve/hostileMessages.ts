import { seededRandom } from "../support/seededRandom.ts";

/** Choices that are the same for the same seed. */
export class Choices {
  /** In [0, 1). */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  /** An integer from 0 up to, and without, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("There is nothing to pick from");
    return item;
  }
}

/** One HTTP request as a hostile or broken client may send it. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Target {
  readonly token: string;
  readonly host: string;
  /** A session that lives. */
  readonly session: () => string;
}

const METHODS = [
  "initialize",
  "ping",
  "tools/list",
  "tools/call",
  "resources/list",
  "resources/read",
  "resources/templates/list",
  "resources/subscribe",
  "prompts/list",
  "prompts/get",
  "completion/complete",
  "logging/setLevel",
  "server/discover",
  "subscriptions/listen",
  "tasks/get",
  "notifications/initialized",
  "notifications/cancelled",
  "notifications/progress",
  "no/such",
  "__proto__",
  "constructor",
  "",
];
const TOOLS = [
  "capture-memory",
  "retrieve-memories",
  "build-context",
  "revise-memory",
  "health-check",
  "forget-memory",
  "x",
  "__proto__",
];
const KEYS = [
  "query",
  "content",
  "eventType",
  "id",
  "filters",
  "metadata",
  "anchors",
  "limit",
  "tags",
  "name",
  "uri",
  "arguments",
  "_meta",
];
const HOSTILE_KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "\u0000",
  "then",
  "toJSON",
  "",
];
const STRINGS = [
  "",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "‮reversed",
  "../../etc/passwd",
  "${7*7}",
  "memory://m1",
  "%00",
  "\r\nX-Injected: 1",
  "2025-11-25",
];
const VERSIONS = ["2025-11-25", "2025-06-18", "2026-07-28", "1999-01-01", "9999-99-99", "", "null"];

/** A message that is wrong in one of many ways, or right, so that the wrong ones meet a server that works. */
export function hostileRequest(random: Choices, target: Target): HostileRequest {
  const headers: Record<string, string> = {
    host: target.host,
    authorization: `Bearer ${target.token}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  if (random.next() < 0.4)
    headers["mcp-session-id"] = random.next() < 0.95 ? target.session() : random.pick(["none", "0".repeat(4000)]);
  if (random.next() < 0.12) headers["mcp-protocol-version"] = random.pick(VERSIONS);
  if (random.next() < 0.03) headers["mcp-method"] = random.pick(METHODS.filter(Boolean));
  if (random.next() < 0.03) headers["mcp-name"] = random.pick(["=?base64?!!?=", "capture-memory", "\u00e9"]);
  if (random.next() < 0.1) Object.assign(headers, wrongHeader(random));
  return {
    method: random.next() < 0.9 ? "POST" : random.pick(["GET", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE"]),
    path:
      random.next() < 0.9
        ? "/mcp"
        : random.pick(["/", "/peer", "/mcp/../x", "/mcp?profile=all", "/mcp?profile=%00", "//mcp", "/mcp?%"]),
    headers,
    body: hostileBody(random),
  };
}

function wrongHeader(random: Choices): Record<string, string> {
  return random.pick([
    { authorization: "Bearer wrong" },
    { authorization: `Bearer ${"x".repeat(5000)}` },
    { authorization: "" },
    { host: "evil.example" },
    { origin: "http://evil.example" },
    { origin: "null" },
    { "content-type": "text/plain" },
    { "content-type": "application/json; charset=\u00ff" },
    { accept: "text/html" },
    { accept: "text/event-stream" },
    { "last-event-id": "__proto__" },
    { expect: "100-continue" },
  ]);
}

function hostileBody(random: Choices): string {
  const text = serialize(message(random));
  const kind = random.next();
  if (kind < 0.7) return text;
  if (kind < 0.8) return text.slice(0, random.below(text.length + 1));
  if (kind < 0.85) return mangle(random, text);
  if (kind < 0.9) return `[${Array.from({ length: random.below(40) }, () => serialize(message(random))).join(",")}]`;
  if (kind < 0.95) return random.pick(["", "null", "[]", "{}", "0", '"x"', "NaN", "\ufeff{}", "{}{}", "[[]]"]);
  return random.pick(["[", '{"a":', '{"params":[']).repeat(random.below(5_000));
}

function mangle(random: Choices, text: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(["\u0000", "\\", '"', "{", "\ud800", "}"]) + text.slice(at + 1);
}

function message(random: Choices): Record<string, unknown> {
  const built: Record<string, unknown> = { jsonrpc: random.next() < 0.95 ? "2.0" : value(random, 1) };
  if (random.next() < 0.9)
    built["id"] = random.pick([
      0,
      1,
      1,
      "a",
      "x".repeat(2_000),
      -1,
      1.5,
      1e308,
      9_007_199_254_740_993,
      null,
      true,
      {},
      [],
    ]);
  if (random.next() < 0.97) built["method"] = random.next() < 0.95 ? random.pick(METHODS) : value(random, 1);
  const kind = random.next();
  if (built["method"] === "tools/call" && kind < 0.8) {
    built["params"] = {
      name: random.pick(TOOLS),
      arguments: random.next() < 0.3 ? plausibleArguments(random) : mostlyRecord(random),
    };
  } else if (built["method"] === "initialize" && kind < 0.5) {
    built["params"] = {
      protocolVersion: random.pick(VERSIONS),
      capabilities: {},
      clientInfo: { name: "fuzz", version: "1" },
    };
  } else if (kind < 0.95) {
    built["params"] = mostlyRecord(random);
  }
  if (random.next() < 0.1) built[random.pick([...HOSTILE_KEYS, "result", "error"])] = value(random, 2);
  if (random.next() < 0.1 && built["params"] instanceof Pairs) built["params"].pairs.push(["_meta", envelope(random)]);
  return built;
}

function mostlyRecord(random: Choices): unknown {
  return random.next() < 0.85 ? record(random, 4) : value(random, 4);
}

/** Right for some tool, so that hostile calls meet memories that are there. */
function plausibleArguments(random: Choices): unknown {
  return random.pick([
    { eventType: "note", content: random.pick(STRINGS) + "text" },
    { query: random.pick(STRINGS), limit: 3 },
    { id: "m1" },
    {},
  ]);
}

function envelope(random: Choices): Record<string, unknown> {
  return {
    "io.modelcontextprotocol/protocolVersion": random.next() < 0.8 ? "2026-07-28" : value(random, 1),
    "io.modelcontextprotocol/clientCapabilities": random.next() < 0.8 ? {} : value(random, 1),
    "io.modelcontextprotocol/clientInfo": random.next() < 0.5 ? { name: "fuzz", version: "1" } : value(random, 1),
    progressToken: value(random, 1),
  };
}

function value(random: Choices, depth: number): unknown {
  const kind = random.below(depth > 0 ? 9 : 6);
  switch (kind) {
    case 0:
      return random.pick(STRINGS);
    case 1:
      return random.pick([0, -1, 1.5, 1e308, 101, 2 ** 53]);
    case 2:
      return random.pick([true, false, null]);
    case 3:
      return "long ".repeat(random.below(300));
    case 4:
      return random.pick(KEYS);
    case 5:
      return [];
    case 6:
      return Array.from({ length: random.below(5) }, () => value(random, depth - 1));
    default:
      return record(random, depth - 1);
  }
}

function record(random: Choices, depth: number): Pairs {
  return new Pairs(
    Array.from({ length: random.below(6) }, () => [
      random.next() < 0.85 ? random.pick(KEYS) : random.pick(HOSTILE_KEYS),
      value(random, depth),
    ]),
  );
}

/** An object as JSON writes it, keys in order and any of them, __proto__ and duplicates included. */
class Pairs {
  readonly pairs: [string, unknown][];
  constructor(pairs: [string, unknown][]) {
    this.pairs = pairs;
  }
}

function serialize(written: unknown): string {
  if (written instanceof Pairs) {
    return `{${written.pairs.map(([key, inner]) => `${JSON.stringify(key)}:${serialize(inner)}`).join(",")}}`;
  }
  if (Array.isArray(written)) return `[${written.map(serialize).join(",")}]`;
  if (typeof written !== "object" || written === null) return JSON.stringify(written);
  return serialize(new Pairs(Object.entries(written)));
}

/** Bytes that are no proper HTTP at all, or stop in the middle. */
export function hostileBytes(random: Choices, target: Target): string {
  const { method, path, headers, body } = hostileRequest(random, target);
  const lines = Object.entries(headers).map(([name, text]) => `${name}: ${text}`);
  const whole = [`${method} ${path} HTTP/1.1`, ...lines, `content-length: ${Buffer.byteLength(body)}`, "", body].join(
    "\r\n",
  );
  return random.pick([
    () => whole.slice(0, random.below(whole.length)),
    () => mangle(random, whole),
    () =>
      whole.replace(
        /content-length: \d+/u,
        `content-length: ${random.pick(["-1", "99999999999999999999", "abc", "0", "3"])}`,
      ),
    () => whole.replace("HTTP/1.1", random.pick(["HTTP/9.9", "HTTP/1.0", "", "http/1.1"])),
    () => whole.replace("\r\n", `\r\n${"x-padding: ".padEnd(20_000, "y")}\r\n`),
    () => whole.replace("\r\n", "\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n"),
    () => whole.replace(/host: .*\r\n/u, random.pick(["", "host: a\r\nhost: b\r\n"])),
    () => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    () => "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
    () => "\u0000".repeat(random.below(5000)),
  ])();
}
