import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  PRESET_PREFILTERS,
  PRESET_SKIPPED,
  findPresetSecrets,
  findWithPresetRule,
  presetRuleIds,
  presetRuleName,
} from "../../../src/engine/admit/secretPreset.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const of = (alphabet: string, min: number, max = min): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: min, maxLength: max });
const alnum = (min: number, max = min): fc.Arbitrary<string> => of(LETTERS + DIGITS, min, max);
const join = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc.tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part))).map((all) => all.join(""));
const one = (...choices: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc.oneof(...choices.map((choice) => (typeof choice === "string" ? fc.constant(choice) : choice)));

const base64 = LETTERS + DIGITS + "+/";
/** Its JSON has one byte more than a multiple of three, so that the base64 ends in fQ==. */
const opsToken = alnum(120, 160).map((text) => {
  const body = (email: string): string => JSON.stringify({ email });
  const email = text.slice(0, text.length - ((body(text).length + 2) % 3));
  return `ops_${Buffer.from(body(email)).toString("base64")}`;
});
const credentials = (...schemes: readonly string[]): fc.Arbitrary<string> =>
  join(
    one(...schemes),
    "://",
    alnum(2, 12).map((name) => `u${name}`),
    ":",
    alnum(8, 24).map((rest) => `zQ9${rest}`),
    "@db.corp.net/main",
  );

/** Texts that each rule of the preset finds, over every alternative of its patterns. */
const EXAMPLES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  aws: one(
    join(
      one("AWS_", "aws_", "Aws", ""),
      one("SECRET", "secret", "Secret"),
      one("_", ""),
      one("ACCESS", "access", "Access"),
      one("_", ""),
      one("KEY", "key", "Key"),
      one(" = ", ": ", "=>", '": "'),
      alnum(40),
    ),
    join(
      one("AKIA", "AGPA", "AIDA", "AROA", "AIPA", "ANPA", "ANVA", "ASIA", "A3TX"),
      of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
    ),
  ),
  privatekey: join(
    "-----BEGIN ",
    one("RSA ", "EC ", "OPENSSH ", ""),
    "PRIVATE KEY-----\nMI",
    of(base64, 200, 400),
    "\n-----END RSA PRIVATE KEY-----",
  ),
  npm: one(
    join("npm_", alnum(36)),
    join("//registry.npmjs.org/:_authToken=", alnum(36)),
    join("git+https://", alnum(40), ":x-oauth-basic@github.com/o/r"),
  ),
  basicauth: credentials("http", "https", "ftp"),
  slack: one(
    join(one("xoxb", "xoxp", "xapp", "xoxa", "xoxo", "xoxr"), "-", of(DIGITS, 12), "-", alnum(24)),
    join(
      one("https://hooks.slack.com/services/T", "https://HOOKS.slack.COM/services/T"),
      alnum(9),
      "/B",
      alnum(9),
      "/",
      alnum(24),
    ),
  ),
  sendgrid: join("SG.", alnum(22), ".", alnum(43)),
  shopify: join(one("shppa_", "shpca_", "shpat_", "shpss_"), alnum(32, 64)),
  github: one(join(one("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), alnum(36)), join("github_pat_", alnum(82))),
  gitlab: join("glpat-", alnum(20, 40)),
  grafana: one(join("glc_eyJ", alnum(40, 80)), join("glsa_", alnum(32), "_", of("0123456789abcdef", 8))),
  openai: one(
    join("sk-", alnum(20), "T3BlbkFJ", alnum(20)),
    join("sk-", one("proj", "svcacct", "admin"), "-", alnum(74), "T3BlbkFJ", alnum(74)),
  ),
  anthropic: join("sk-ant-api0", one("3", "4"), "-", alnum(93), "AA"),
  groq: join("gsk_", alnum(52)),
  huggingface: join("hf_", of(LETTERS, 34)),
  linear: join("lin_api_", alnum(32, 48)),
  notion: join("ntn_", of(DIGITS, 11), alnum(35)),
  "1password": opsToken,
  "database-connection-string": credentials(
    "mongodb",
    "mongodb+srv",
    "mysql",
    "mysqlx",
    "jdbc:mysql",
    "postgres",
    "postgresql",
    "POSTGRES",
  ),
  "hashicorp-vault": one(join("hvs.", alnum(90, 120)), join("hvb.", alnum(138, 300)), join("hvr.", alnum(90, 120))),
  vercel: join(one("vcp_", "vci_", "vca_", "vcr_", "vck_"), alnum(24)),
  databricks: join("dapi", of("0123456789abcdefABCDEF", 32), one("", "-2")),
  docker: join("dckr_pat_", alnum(27)),
  figma: join("figd_", alnum(40)),
};

describe("the prefilter of secretlint's preset", () => {
  it("knows every rule of the preset: a new one must be given a prefilter and examples", () => {
    const names = presetRuleIds.map(presetRuleName).sort();
    expect([...Object.keys(PRESET_PREFILTERS), ...Object.keys(PRESET_SKIPPED)].sort()).toEqual(names);
    expect(Object.keys(EXAMPLES).sort()).toEqual(Object.keys(PRESET_PREFILTERS).sort());
  });

  it("was checked against this version of the preset: after an update read its rules again", () => {
    const file = createRequire(import.meta.url).resolve("@secretlint/secretlint-rule-preset-recommend/package.json");
    expect((JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version).toBe("12.0.0");
  });

  it.each(Object.keys(EXAMPLES))("lets through everything that %s finds", (name) => {
    const example = EXAMPLES[name] ?? fc.constant("");
    let found = 0;
    fc.assert(
      fc.property(example, one("", "see ", "key=", '"'), one("", " and more", '"', "\n"), (secret, before, after) => {
        const text = before + secret + after;
        const alone = findWithPresetRule(name, text);
        if (alone.length > 0) found++;
        const screened = findPresetSecrets(text);
        for (const finding of alone) expect(screened).toContainEqual(finding);
      }),
      { numRuns: 100 },
    );
    expect(found).toBeGreaterThan(60);
  });
});

describe("the preset's rules in running text", () => {
  it("leave the host of an address readable", () => {
    const text = "clone https://bob:s3cretpw@git.corp.net/x.git";
    const [finding] = findPresetSecrets(text);
    expect(text.slice(finding?.start, finding?.end)).toBe("bob:s3cretpw");
  });

  it("take an npm token, and no prose after its name", () => {
    const text = "set _authToken=0123456789abcdef0123456789abcdef in .npmrc";
    const [finding] = findPresetSecrets(text);
    expect(text.slice(finding?.start, finding?.end)).toBe("0123456789abcdef0123456789abcdef");
    expect(findPresetSecrets("the line `_authToken=` was wrong, use _authToken=${NPM_TOKEN}")).toEqual([]);
  });

  it("do not take account numbers", () => {
    expect(findPresetSecrets("account: 123456789012")).toEqual([]);
  });

  it("cannot be switched off by the text", () => {
    const text = `<!-- secretlint-disable -->\nghp_${"a1B2".repeat(9)}`;
    expect(findPresetSecrets(text)).toHaveLength(1);
  });
});
