import { isDeepStrictEqual } from "node:util";
import { RecentValues } from "../../contract/recentValues.ts";
import type { Settings } from "../../contract/settings.ts";
import type { Admission, AdmissionPlace, Admitted, TokenCounter } from "../seams.ts";
import type { AnchorGuard } from "./anchorGuard.ts";
import { leavesWorkspace } from "./anchorPath.ts";
import { chunk } from "./chunk.ts";
import { type EnvFiles, type EnvSecret, createEnvSecrets } from "./envValues.ts";
import { type FieldError, invalidInput } from "./fieldErrors.ts";
import { mapStrings } from "./metadata.ts";
import { normaliseContent, normaliseLine } from "./normalise.ts";
import { screen } from "./screen.ts";
import { signature } from "./signature.ts";
import { type ValidCandidate, checkContentSize, validate } from "./validate.ts";

export interface AdmissionDependencies extends EnvFiles {
  readonly tokens: TokenCounter;
  readonly anchorGuard: AnchorGuard;
  /** Says what a sentence means, so that long texts are cut where that turns; absent where there is no model. */
  readonly embed?: ((text: string) => Float32Array) | undefined;
}

/** The one way in: validate, normalise, screen for secrets, cut into passages, measure. */
export function createAdmission(settings: Settings, dependencies: AdmissionDependencies): Admission {
  const { tokens, anchorGuard, embed } = dependencies;
  const envSecretsOf = createEnvSecrets(dependencies);
  const redactOne = rememberingScreen();
  const prepare = async (place: AdmissionPlace): Promise<readonly EnvSecret[]> => {
    const [envSecrets] = await Promise.all([envSecretsOf(place.workspace), tokens.load()]);
    return envSecrets;
  };
  const outsideOf = (place: AdmissionPlace, valid: readonly (ValidCandidate | Error)[]) => {
    const paths = valid.flatMap((one) => (one instanceof Error ? [] : one.anchors.map(({ path }) => path)));
    return anchorGuard(place.workspace, paths);
  };
  const admitValid = (
    valid: ValidCandidate,
    outside: ReadonlySet<string>,
    envSecrets: readonly EnvSecret[],
  ): Admitted => {
    if (valid.anchors.some(({ path }) => outside.has(path))) throw leavesWorkspace();
    const screened = screenAll(valid, envSecrets, settings.secrets);
    checkContentSize(screened.candidate.content);
    return measure(screened, tokens, embed);
  };
  return {
    async admit(candidate, place) {
      const envSecrets = await prepare(place);
      const valid = validate(candidate, place);
      return admitValid(valid, await outsideOf(place, [valid]), envSecrets);
    },
    async admitMany(candidates, place) {
      const envSecrets = await prepare(place);
      const valid = candidates.map((candidate) => orError(() => validate(candidate, place)));
      const outside = await outsideOf(place, valid);
      const admitted: (Admitted | Error)[] = [];
      let [taken, characters] = [0, 0];
      for (const one of valid) {
        if (taken >= SLICE || characters >= SLICE_CHARACTERS) {
          await new Promise((resolve) => setImmediate(resolve));
          [taken, characters] = [0, 0];
        }
        taken++;
        characters += one instanceof Error ? 0 : one.content.length;
        admitted.push(one instanceof Error ? one : orError(() => admitValid(one, outside, envSecrets)));
      }
      return admitted;
    },
    async redact(texts, place) {
      const envSecrets = await envSecretsOf(place.workspace);
      return texts.map((text) => redactOne(text, envSecrets));
    },
  };
}

/** Candidates that are admitted without a pause, in which others have their turn: about 10 ms. */
const SLICE = 64;
const SLICE_CHARACTERS = 65_536;

/** UTF-16 units of texts that are remembered as they were shown. */
const SCREENED_UNITS = 2_000_000;

/** What is shown again is not screened again, as long as the secrets are the same. */
function rememberingScreen(): (text: string, envSecrets: readonly EnvSecret[]) => string {
  let known = new RecentValues<string, string>(SCREENED_UNITS);
  let secrets: readonly EnvSecret[] = [];
  return (text, envSecrets) => {
    if (envSecrets !== secrets && !isDeepStrictEqual(envSecrets, secrets)) known = new RecentValues(SCREENED_UNITS);
    secrets = envSecrets;
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const { text: safe } = screen(text, envSecrets);
    known.keep(text, safe, text.length);
    return safe;
  };
}

function orError<Value>(work: () => Value): Value | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

interface ScreenedCandidate {
  readonly candidate: ValidCandidate;
  readonly redactions: number;
  readonly highEntropy: boolean;
}

/** INVALID_INPUT naming the rules and places when secrets are refused; the values are in no message. */
function screenAll(
  valid: ValidCandidate,
  envSecrets: readonly EnvSecret[],
  secrets: Settings["secrets"],
): ScreenedCandidate {
  const refused: FieldError[] = [];
  let redactions = 0;
  let highEntropy = false;
  const screenField = (text: string, field: string): string => {
    const screened = screen(text, envSecrets);
    redactions += screened.rules.length;
    highEntropy ||= screened.highEntropy;
    for (const rule of new Set(screened.rules)) refused.push({ field, message: `holds a secret (rule ${rule})` });
    return screened.text;
  };
  // Cut to the contract's length: a marker may be longer than what it replaces.
  const screenLine = (text: string, field: string, longest: number): string =>
    normaliseLine(screenField(text, field).slice(0, longest));

  const content = normaliseContent(screenField(valid.content, "content"));
  const title = valid.title === undefined ? undefined : screenLine(valid.title, "title", 300);
  const tags = valid.tags.map((tag, index) => screenLine(tag, `tags[${index}]`, 100));
  const eventType = screenLine(valid.eventType, "eventType", 128);
  const metadata = mapStrings(valid.metadata, screenField);
  if (refused.length > 0 && secrets === "refuse") throw invalidInput(refused);
  const candidate = {
    ...valid,
    content,
    eventType,
    tags: [...new Set(tags)],
    metadata,
    ...(title === undefined ? {} : { title }),
  };
  return { candidate, redactions, highEntropy };
}

function measure(
  { candidate, redactions, highEntropy }: ScreenedCandidate,
  tokens: TokenCounter,
  embed: AdmissionDependencies["embed"],
): Admitted {
  const { content } = candidate;
  const flags: Admitted["flags"][number][] = [];
  if (highEntropy) flags.push("high-entropy");
  if (redactions > 0) flags.push("redacted");
  const admitted: Omit<Admitted, symbol> = {
    ...candidate,
    tokens: tokens.count(content),
    parts: chunk(content, (text) => tokens.count(text), embed),
    flags,
    signature: signature(content),
    redactions,
  };
  // The only place that makes one: the brand exists for the compiler alone.
  return admitted as Admitted;
}
