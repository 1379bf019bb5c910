import { REDACTION_MARKERS, type SecretFinding } from "./secretFinding.ts";

interface OwnRule {
  readonly name: string;
  readonly pattern: RegExp;
  /** The part of a match that is the secret; undefined when it is none. Default: all of it. */
  readonly secret?: (match: RegExpMatchArray) => { readonly start: number; readonly end: number } | undefined;
}

/**
 * Credentials that secretlint's preset does not know, in formats that nothing else has. Sources: the providers' own documentation and GitHub's list
 * (https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns).
 */
const OWN_RULES: readonly OwnRule[] = [
  { name: "google-api-key", pattern: /\bAIza[\w-]{35}(?![\w-])/gu },
  { name: "google-oauth", pattern: /\bGOCSPX-[\w-]{28}(?![\w-])|\bya29\.[\w-]{20,}/gu },
  { name: "stripe", pattern: /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,247}|\bwhsec_[A-Za-z0-9+/=]{32,}/gu },
  { name: "jwt", pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}/gu },
  { name: "slack", pattern: /\bxox[se](?:\.xox[bp])?-[A-Za-z0-9-]{20,}/gu },
  { name: "pypi", pattern: /\bpypi-AgE[\w-]{50,}/gu },
  { name: "age", pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}/gu },
  { name: "digitalocean", pattern: /\bdo[opr]_v1_[a-f0-9]{64}/gu },
  { name: "openai", pattern: /\bsk-(?:proj|svcacct|admin)-[\w-]{40,}|\bsk-[A-Za-z0-9]{48}(?![\w-])/gu },
  { name: "anthropic", pattern: /\bsk-ant-[a-z]+\d*-[\w-]{40,}/gu },
  {
    // Also encrypted keys, keys with headers, keys that were indented or escaped, and one whose end is cut off.
    name: "privatekey",
    pattern:
      /-----BEGIN (?:[A-Z0-9]{2,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?:(?!-----)[\w+/=\s\\:,.()"'>|-]){64,20000})(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/gu,
    secret: (match) =>
      /[A-Za-z0-9+/=]{40}/u.test(match[0])
        ? { start: match.index ?? 0, end: (match.index ?? 0) + match[0].length }
        : undefined,
  },
  {
    name: "privatekey",
    pattern: /-----END (?:[A-Z0-9]{2,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/gu,
    secret: keyWithoutBeginning,
  },
  {
    name: "url-credentials",
    pattern: /\b[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/([^\s:/@"'`<>]{0,100}):([^\s/"'`<>]{4,200})@(?=[A-Za-z0-9[])/gu,
    secret: (match) => {
      const [whole, , password = ""] = match;
      if (isPlaceholder(password)) return undefined;
      const start = (match.index ?? 0) + whole.indexOf("://") + 3;
      return { start, end: (match.index ?? 0) + whole.length - 1 };
    },
  },
];

/** What each rule above starts with: a text without any of it is not looked at again. */
const anyRule =
  /AIza|GOCSPX-|ya29\.|[sr]k_(?:live|test)_|whsec_|eyJ|xox[se]|pypi-AgE|AGE-SECRET-KEY-1|do[opr]_v1_|sk-(?:proj|svcacct|admin|ant)-|sk-[A-Za-z0-9]{48}|-----(?:BEGIN|END) |:\/\/[^\s:/@"'`<>]{0,100}:[^\s/"'`<>]{4,200}@/u;

export function findOwnSecrets(content: string): readonly SecretFinding[] {
  if (!anyRule.test(content)) return [];
  const findings: SecretFinding[] = [];
  for (const { name, pattern, secret } of OWN_RULES) {
    for (const match of content.matchAll(pattern)) {
      const range = secret === undefined ? { start: match.index, end: match.index + match[0].length } : secret(match);
      if (range !== undefined) findings.push({ ...range, rule: name });
    }
  }
  return findings;
}

/** What documentation writes where a password goes: `password`, `<token>`, `${VAR}`, `%s`, `***`, `xxxx`. */
function isPlaceholder(password: string): boolean {
  return (
    /^[a-z]*(?:pass|passwd|pwd|password|secret|token|key|user|username|example|changeme|postgres|root|admin|test|guest|git|port|foo|bar)[a-z]*\d{0,4}$/iu.test(
      password,
    ) ||
    /[$%{}<>*\\()]|\.\.\.|…/u.test(password) ||
    /^(.)\1+$/u.test(password) ||
    password.search(REDACTION_MARKERS) !== -1
  );
}

/** Every name that a marker of this file can carry, for the test that finds an example for each. */
export const ownRuleNames: readonly string[] = OWN_RULES.map((rule) => rule.name);

/** Lines of a key above its end, where its beginning is cut off: an output is looked at in part. */
function keyWithoutBeginning(match: RegExpMatchArray): { readonly start: number; readonly end: number } | undefined {
  const [whole] = match;
  const { input = "", index = 0 } = match;
  let start = index;
  let isKey = false;
  while (start > 0 && index - start < LONGEST_KEY) {
    const above = input.lastIndexOf("\n", start - 2) + 1;
    const line = input.slice(Math.max(above, start - LONGEST_KEY), start);
    if (line.includes("-----BEGIN ")) return undefined;
    if (!/^[\w+/=\s]+$/u.test(line) || line.trim().includes(" ")) break;
    isKey ||= line.trim().length >= 40;
    start = above;
  }
  return isKey ? { start, end: index + whole.length } : undefined;
}
const LONGEST_KEY = 20_000;
