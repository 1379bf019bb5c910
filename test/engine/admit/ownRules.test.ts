import { describe, expect, it } from "vitest";
import { findOwnSecrets, ownRuleNames } from "../../../src/engine/admit/ownRules.ts";

const long = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5jK7mN9pQ1";

const BEGIN = "-----" + "BEGIN";

/** One text a rule; put together here so that no scanner takes this file for a leak. */
const EXAMPLES: Readonly<Record<string, string>> = {
  "google-api-key": "AIza" + long.slice(0, 35),
  "google-oauth": "GOCSPX-" + long.slice(0, 28),
  stripe: "sk_" + "live_" + long.slice(0, 24),
  jwt: "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0." + long,
  slack: "xoxe" + ".xoxp-1-" + long,
  pypi: "pypi-" + "AgE" + long + long,
  age: "AGE-SECRET-KEY-1" + "QZ3".repeat(20).slice(0, 58),
  digitalocean: "dop_v1_" + "0a".repeat(32),
  openai: "sk-" + "proj-" + long,
  anthropic: "sk-" + "ant-oat01-" + long,
  privatekey: `${BEGIN} ENCRYPTED PRIVATE KEY-----\n${long}\n${long}\n-----END ENCRYPTED PRIVATE KEY-----`,
  "url-credentials": "redis://:p4ss!w0rd#x@cache.corp.net:6379",
};

describe("own rules", () => {
  it("have an example each", () => {
    expect([...new Set(ownRuleNames)].sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  it.each(Object.entries(EXAMPLES))("find %s", (name, example) => {
    const findings = findOwnSecrets(`before ${example} after`);
    expect(findings.map((finding) => finding.rule)).toContain(name);
  });

  it("take the whole of a private key whose end is cut off", () => {
    const text = `${BEGIN} RSA PRIVATE KEY-----\n${long}\n${long}\n`;
    expect(findOwnSecrets(text)).toMatchObject([{ start: 0 }]);
  });

  it("take the rest of a private key whose beginning is cut off, and no line above it", () => {
    const end = "-----END RSA PRIVATE KEY-----";
    const text = `Made by npm run keys\n${long}\n${long}\nab==\n${end}\n`;
    expect(findOwnSecrets(text)).toMatchObject([{ start: 21, end: text.length - 1 }]);
    expect(findOwnSecrets(`said\n${end}`)).toEqual([]);
    expect(findOwnSecrets(`${`${long}\n`.repeat(20_000)}${`${end}\n`.repeat(2_000)}`).length).toBeGreaterThan(0);
  });

  it.each([
    "postgres://user:password@localhost/db",
    "https://<user>:<token>@host/x",
    "https://${USER}:${PASS}@host/x",
    "amqp://guest:guest@rabbit",
    "http://x:****@host",
    "see https://host:8080/@scope/name",
    "sk-spinner-three-bounce-of-the-loading-indicator",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
  ])("leave %s alone", (text) => {
    expect(findOwnSecrets(text)).toEqual([]);
  });
});
