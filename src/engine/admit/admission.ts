import type { Settings } from "../../contract/settings.ts";
import type { Candidate } from "../../contract/peer.ts";
import type { Admission, AdmissionPlace, Admitted, TokenCounter } from "../seams.ts";
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
}

/** The one way in: validate, normalise, screen for secrets, cut into passages, measure. */
export function createAdmission(settings: Settings, dependencies: AdmissionDependencies): Admission {
  const { tokens } = dependencies;
  const envSecretsOf = createEnvSecrets(dependencies);
  const prepare = async (place: AdmissionPlace): Promise<readonly EnvSecret[]> => {
    const [envSecrets] = await Promise.all([envSecretsOf(place.workspace), tokens.load()]);
    return envSecrets;
  };
  const admitOne = (candidate: Candidate, place: AdmissionPlace, envSecrets: readonly EnvSecret[]): Admitted => {
    const valid = validate(candidate, place);
    const screened = screenAll(valid, envSecrets, settings.secrets);
    checkContentSize(screened.candidate.content);
    return measure(screened, tokens);
  };
  return {
    admit: async (candidate, place) => admitOne(candidate, place, await prepare(place)),
    async admitMany(candidates, place) {
      const envSecrets = await prepare(place);
      return candidates.map((candidate) => {
        try {
          return admitOne(candidate, place, envSecrets);
        } catch (error) {
          return error instanceof Error ? error : new Error(String(error));
        }
      });
    },
  };
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

function measure({ candidate, redactions, highEntropy }: ScreenedCandidate, tokens: TokenCounter): Admitted {
  const { content } = candidate;
  const flags: Admitted["flags"][number][] = [];
  if (highEntropy) flags.push("high-entropy");
  if (redactions > 0) flags.push("redacted");
  const admitted: Omit<Admitted, symbol> = {
    ...candidate,
    tokens: tokens.count(content),
    parts: chunk(content, (text) => tokens.count(text)),
    flags,
    signature: signature(content),
    redactions,
  };
  // The only place that makes one: the brand exists for the compiler alone.
  return admitted as Admitted;
}
