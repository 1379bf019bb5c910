import { z } from "zod";

/** The file of a repository that holds its packs, from its root. */
export const PACKS_FILE = ".heirloom/packs.json";
export const PACKS_VERSION = 1;
export const MOST_PACKS = 200;

export const packName = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u,
    "begins with a letter or digit and has letters, digits, dots, dashes and underscores, at most 64",
  );

const globs = z.array(z.string().trim().min(1).max(500)).max(100);
/** What a pack may say; each part that it has narrows it. */
export const packFields = {
  description: z.string().trim().min(1).max(500).optional(),
  include: globs.optional().describe("Globs of paths from the root, such as src/server/**; default every file"),
  exclude: globs.optional().describe("Globs of paths that are left out of those"),
  languages: z.array(z.string().trim().min(1).max(50)).max(50).optional().describe("Such as typescript"),
  tags: z.array(z.string().trim().min(1).max(100)).max(64).optional().describe("Of memories, any of which suffices"),
} as const;

/** A pack as the file holds it. */
export const packDefinition = z.strictObject(packFields);
export type PackDefinition = Readonly<z.infer<typeof packDefinition>>;

export const PACK_ACTIONS = ["list", "save", "remove"] as const;
export const packsInput = z.strictObject({
  action: z.enum(PACK_ACTIONS).describe("save makes a pack or replaces the one of that name"),
  name: packName.optional().describe("To save or remove"),
  ...packFields,
});

export const packsResult = z.object({
  file: z.string().describe("Where they are kept, from the root"),
  packs: z.array(z.object({ name: z.string(), ...packFields })),
  problems: z
    .array(z.object({ pack: z.string().optional(), field: z.string(), message: z.string() }))
    .describe("What the file holds that is no pack"),
});

export type PacksInput = Readonly<z.infer<typeof packsInput>>;
export type PacksResult = Readonly<z.infer<typeof packsResult>>;

/** What other tools take. */
export const pack = packName.optional().describe("Only what this context pack names");
