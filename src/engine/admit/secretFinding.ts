/** Where a text holds something that must not be stored. Offsets are UTF-16 units, end exclusive. The value itself is never carried along. */
export interface SecretFinding {
  readonly start: number;
  readonly end: number;
  /** Names the marker that takes its place: `[redacted:rule]`. */
  readonly rule: string;
}

/** What stands where a secret was: the name of a rule, or `env:` and the name of a variable. Screening leaves it alone. */
export const redactionMarker = (rule: string): string => `[redacted:${rule}]`;
export const REDACTION_MARKERS = /\[redacted:(?:[a-z0-9-]{2,40}|env:[A-Za-z_][\w.-]{0,63})\]/gu;
