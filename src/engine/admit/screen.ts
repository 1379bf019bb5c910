import type { EnvSecret } from "./envValues.ts";
import { findRandomTokens } from "./entropy.ts";
import { findOwnSecrets } from "./ownRules.ts";
import { REDACTION_MARKERS, redactionMarker, type SecretFinding } from "./secretFinding.ts";
import { findPresetSecrets } from "./secretPreset.ts";

/** One text after screening. `rules` names what was taken out, one entry each. */
export interface Screened {
  readonly text: string;
  readonly rules: readonly string[];
  /** Something in it looks random, although nothing names it a secret. */
  readonly highEntropy: boolean;
}

/** Takes secrets out of a text. What is left holds none that these rules know: screening it again changes nothing. */
export function screen(text: string, envSecrets: readonly EnvSecret[]): Screened {
  let current = text;
  let rules: readonly string[] = [];
  // Taking one secret out can uncover another beside it; a round that finds one leaves fewer, so this ends.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const random = findRandomTokens(current);
    const found = [
      ...findEnvSecrets(current, envSecrets),
      ...findPresetSecrets(current),
      ...findOwnSecrets(current),
      ...random.named,
    ];
    const findings = found.length === 0 ? found : disjoint(found, current);
    if (findings.length === 0) return { text: current, rules, highEntropy: random.tokens.length > 0 };
    current = redact(current, findings);
    rules = [...rules, ...findings.map((finding) => finding.rule)];
  }
  return { text: current, rules, highEntropy: false };
}

const MOST_ROUNDS = 16;

function findEnvSecrets(text: string, envSecrets: readonly EnvSecret[]): readonly SecretFinding[] {
  const findings: SecretFinding[] = [];
  for (const { name, value } of envSecrets) {
    for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
      findings.push({ start: at, end: at + value.length, rule: `env:${name}` });
    }
  }
  return findings;
}

/** In order; those that overlap become one, named by the first. What lies in a marker, or is nothing but markers, has been dealt with. */
function disjoint(findings: readonly SecretFinding[], text: string): readonly SecretFinding[] {
  const markers = [...text.matchAll(REDACTION_MARKERS)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  const joined: SecretFinding[] = [];
  for (const finding of [...findings].sort((a, b) => a.start - b.start)) {
    if (finding.end <= finding.start) continue;
    if (markers.some((marker) => marker.start <= finding.start && finding.end <= marker.end)) continue;
    if (/^[\s:@]*$/u.test(text.slice(finding.start, finding.end).replace(REDACTION_MARKERS, ""))) continue;
    const last = joined.at(-1);
    if (last === undefined || finding.start >= last.end) joined.push(finding);
    else if (finding.end > last.end) joined[joined.length - 1] = { ...last, end: finding.end };
  }
  return joined;
}

function redact(text: string, findings: readonly SecretFinding[]): string {
  let redacted = "";
  let from = 0;
  for (const { start, end, rule } of findings) {
    redacted += text.slice(from, start) + redactionMarker(rule);
    from = end;
  }
  return redacted + text.slice(from);
}
