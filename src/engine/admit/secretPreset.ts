import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretFinding } from "./secretFinding.ts";

/**
 * The rules of secretlint's recommended preset, run one by one on the texts that can match them. @secretlint/core is not used: it keeps a performance
 * mark of every rule and file for ever, builds messages that quote the secret, and lets the text itself switch rules off by a comment.
 */
export interface PresetRule {
  /** Name in the marker: the rule's id without its package prefix. */
  readonly name: string;
  /** Matches every text in which the rule can find something (test/engine/admit/secretPreset.test.ts holds it to that). */
  readonly prefilter: RegExp;
}

const USER_AND_PASSWORD = String.raw`:\/\/[^:\/\s]{1,256}:[^@\/\s]{1,256}@`;

/** By rule id, what a text must hold for the rule to find anything. Rules without an entry fail the test, and are always run. */
export const PRESET_PREFILTERS: Readonly<Record<string, string>> = {
  aws: String.raw`(?:SECRET|[Ss]ecret)_?(?:ACCESS|[Aa]ccess)_?(?:KEY|[Kk]ey)|A3T[A-Z0-9]{17}|A(?:KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA)[A-Z0-9]{16}`,
  privatekey: "-----BEGIN",
  npm: "npm_|_authToken=|:x-oauth-basic@",
  basicauth: USER_AND_PASSWORD,
  slack: String.raw`xox[abopr]-|xapp-|[sS][lL][aA][cC][kK]\.[cC][oO][mM]\/`,
  sendgrid: String.raw`SG\.`,
  shopify: "shp(?:pa|ca|at|ss)_",
  github: "gh[pousr]_|github_pat_",
  gitlab: "glpat-",
  grafana: "glc_|glsa_",
  openai: "T3BlbkFJ",
  anthropic: "sk-ant-api0",
  groq: "gsk_",
  huggingface: "hf_[a-zA-Z]{34}",
  linear: "lin_api_",
  notion: "ntn_",
  "1password": "ops_ey",
  "database-connection-string": USER_AND_PASSWORD,
  "hashicorp-vault": String.raw`hv[sbr]\.`,
  vercel: "vc[piark]_",
  databricks: "dapi[A-Fa-f0-9]",
  docker: "dckr_pat_",
  figma: "figd_",
};

/** Rules that are not run, and why. */
export const PRESET_SKIPPED: Readonly<Record<string, string>> = {
  gcp: "looks at .json and .p12 files, which it reads itself; the private key in such a JSON is found by privatekey",
  "filter-comments": "lets a comment in the text switch the other rules off",
};

type Creator = (typeof rules)[number];
type RuleContext = Parameters<Creator["create"]>[0];
type RuleSource = Parameters<NonNullable<ReturnType<Creator["create"]>["file"]>>[0];
type ReportDescriptor = Parameters<RuleContext["report"]>[0];

interface ReadyRule extends PresetRule {
  readonly find: (content: string) => readonly SecretFinding[];
}

/** The part of a rule's id that names it: "@secretlint/secretlint-rule-aws" is "aws". */
export const presetRuleName = (id: string): string => id.replace(/^.*secretlint-rule-/u, "");

export const presetRuleIds: readonly string[] = rules.map((rule) => rule.meta.id);

const readyRules: readonly ReadyRule[] = rules.flatMap((creator) => {
  const name = presetRuleName(creator.meta.id);
  if (Object.hasOwn(PRESET_SKIPPED, name)) return [];
  return [{ name, prefilter: new RegExp(PRESET_PREFILTERS[name] ?? "", "u"), find: findWith(creator, name) }];
});

/** One scan tells whether any rule of the preset can find anything. */
const anyRule = new RegExp([...new Set(readyRules.map((rule) => rule.prefilter.source))].join("|"), "u");

/** What the preset finds in a text. */
export function findPresetSecrets(content: string): readonly SecretFinding[] {
  if (!anyRule.test(content)) return [];
  return readyRules.flatMap((rule) => (rule.prefilter.test(content) ? rule.find(content) : []));
}

/** What one rule finds, prefilter or not. For the test that holds the prefilters to the rules. */
export function findWithPresetRule(name: string, content: string): readonly SecretFinding[] {
  return readyRules.find((rule) => rule.name === name)?.find(content) ?? [];
}

function findWith(creator: Creator, name: string): (content: string) => readonly SecretFinding[] {
  let findings: SecretFinding[] = [];
  let content = "";
  const context: RuleContext = {
    sharedOptions: {},
    // A message is its id alone: the text that the rule would build quotes the secret.
    createTranslator: (() => (messageId: string) => ({
      message: messageId,
      messageId,
      data: {},
    })) as unknown as RuleContext["createTranslator"],
    ignore: () => undefined,
    report: ({ range, message }: ReportDescriptor) => {
      const finding = narrow({ start: range[0], end: range[1], rule: name }, message.messageId, content);
      if (finding !== undefined) findings.push(finding);
    },
  };
  // Access key ids are reported only with the scan for ids switched on.
  const rule = creator.create(context, { enableIDScanRule: true });
  const fileNames = name === "npm" ? [undefined, ".npmrc"] : [undefined];
  return (text) => {
    findings = [];
    content = text;
    for (const filePath of fileNames) void rule.file?.(sourceOf(text, filePath));
    content = "";
    return findings;
  };
}

const sourceOf = (content: string, filePath: string | undefined): RuleSource =>
  ({ hasBOM: false, content, contentType: "text", filePath, ext: "" }) as unknown as RuleSource;

/**
 * For these messages the rule gives the length of the secret, but the place where its name begins: taken as it is, the end of the secret would stay.
 * The pattern is what stands before the secret.
 */
const BEFORE_SECRET: Readonly<Record<string, RegExp>> = {
  AWSSecretAccessKey:
    /^["']?(?:AWS|[Aa]ws)?_?(?:SECRET|[Ss]ecret)_?(?:ACCESS|[Aa]ccess)_?(?:KEY|[Kk]ey)["']?\s*(?:=>|[:=])\s*["']?/u,
  Npmrc_authToken: /^_authToken=/u,
  PackageJSON_xOauthToken: /^https?:\/\//u,
};

/** The secret itself, where a rule reports more or less than that; undefined for what is no secret in running text. */
function narrow(finding: SecretFinding, messageId: string, content: string): SecretFinding | undefined {
  // An account number is public, and "account: 123456789012" is any number.
  if (messageId === "AWSAccountID") return undefined;
  const before = BEFORE_SECRET[messageId]?.exec(content.slice(finding.start, finding.end + 512))?.[0].length ?? 0;
  const start = finding.start + before;
  const end = finding.end + before;
  if (messageId === "Npmrc_authToken") {
    // The rule takes the rest of the line; in prose the token ends at white space, and a placeholder is none.
    const token = /^[\w+/=.-]{16,}/u.exec(content.slice(start, end))?.[0];
    return token === undefined ? undefined : { ...finding, start, end: start + token.length };
  }
  if (finding.rule === "basicauth" || finding.rule === "database-connection-string")
    return credentialsIn(finding, content);
  return { ...finding, start, end };
}

/** The `user:password` of an address: the host, which is no secret, stays readable. */
function credentialsIn(finding: SecretFinding, content: string): SecretFinding {
  const address = content.slice(finding.start, finding.end);
  const authority = address.indexOf("://") + 3;
  const authorityEnd = authority + address.slice(authority).search(/[/?\s]|$/u);
  const at = address.lastIndexOf("@", authorityEnd);
  return at < authority ? finding : { ...finding, start: finding.start + authority, end: finding.start + at };
}
