import { z } from "zod";
import {
  MOST_PACKS,
  type PackDefinition,
  packDefinition,
  packName,
  PACKS_VERSION,
  type PacksResult,
} from "../../../contract/packs.ts";
import { globMatcher } from "../globs.ts";

export interface ParsedPacks {
  /** By name, in the order of names. */
  readonly packs: ReadonlyMap<string, PackDefinition>;
  readonly problems: PacksResult["problems"];
  /** Everything that stands in the file, also what is no pack; undefined where it is no such file at all. */
  readonly raw: Readonly<Record<string, unknown>> | undefined;
}

const NO_PACKS: ReadonlyMap<string, PackDefinition> = new Map();
const MOST_PROBLEMS = 50;
const MESSAGE_LENGTH = 200;

const file = z.looseObject({ version: z.literal(PACKS_VERSION), packs: z.record(z.string(), z.unknown()) });

/** The packs of a text that anybody may have written. What is no pack is told with its field and stops none of the others. */
export function parsePacks(text: string): ParsedPacks {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return {
      packs: NO_PACKS,
      problems: [problem("", error instanceof Error ? error.message : "is no JSON")],
      raw: undefined,
    };
  }
  const whole = file.safeParse(json);
  if (!whole.success) return { packs: NO_PACKS, problems: problemsOf(whole.error), raw: undefined };
  const packs = new Map<string, PackDefinition>();
  const problems: PacksResult["problems"][number][] = [];
  for (const [name, value] of Object.entries(whole.data.packs)) {
    const found = problemsOfPack(name, value);
    if (found.length > 0) problems.push(...found);
    else if (packs.size === MOST_PACKS)
      problems.push({ ...problem("packs", `are more than ${MOST_PACKS}`), pack: shown(name) });
    else packs.set(name, packDefinition.parse(value));
  }
  const inOrder = new Map([...packs].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { packs: inOrder, problems: problems.slice(0, MOST_PROBLEMS), raw: whole.data };
}

/** What is wrong with a pack; its globs are tried too. */
export function problemsOfPack(name: string, value: unknown): PacksResult["problems"] {
  const named = packName.safeParse(name);
  if (!named.success)
    return [{ ...problem("name", named.error.issues[0]?.message ?? "is no name"), pack: shown(name) }];
  const parsed = packDefinition.safeParse(value);
  if (!parsed.success) return problemsOf(parsed.error).map((one) => ({ ...one, pack: name }));
  const { include = [], exclude = [] } = parsed.data;
  return [
    ...include.map((glob) => ["include", glob] as const),
    ...exclude.map((glob) => ["exclude", glob] as const),
  ].flatMap(([field, glob]) => {
    try {
      globMatcher(glob);
      return [];
    } catch (error) {
      return [{ ...problem(field, `${glob} cannot be understood: ${String(error)}`), pack: name }];
    }
  });
}

const problemsOf = (error: z.ZodError): PacksResult["problems"] =>
  error.issues.map(({ path, message }) => problem(path.map(String).join("."), message));

const problem = (field: string, message: string): PacksResult["problems"][number] => ({
  field: shown(field),
  message: shown(message),
});

/** On one line and not long: it comes from the file. */
const shown = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, MESSAGE_LENGTH);
