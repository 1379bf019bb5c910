import { z } from "zod";
import { filterInput } from "./filter.ts";
import { KINDS } from "./kinds.ts";

/** The folder of a repository that holds the memories it shares, from its root. */
export const SHARED_FOLDER = ".heirloom/memories";
export const SHARED_VERSION = 1;
/** What belongs to a person or a session is of no repository. */
export const SHARED_SCOPES = ["repo", "lineage"] as const;
/** Of one file, in bytes. */
export const MOST_SHARED_BYTES = 262_144;
/** Files that are read; those that are more are reported. */
export const MOST_SHARED_FILES = 5_000;

/** Around what Heirloom writes into a document, each on a line of its own. */
export const BLOCK_BEGIN = "<!-- heirloom:begin -->";
export const BLOCK_END = "<!-- heirloom:end -->";
/** Documents that take such a block, by their path from the root. */
export const DOCUMENTS_WITH_BLOCK =
  /^(?:(?:AGENTS|CLAUDE|GEMINI)\.md|\.github\/copilot-instructions\.md|\.github\/instructions\/[\w-][\w.-]*\.md)$/u;

export const SHARE_ACTIONS = ["share", "unshare", "status", "review"] as const;

/** What somebody said of one text of a shared memory. `kept`: its file is gone, and the memory stays all the same. */
export interface SharedVerdict {
  readonly id: string;
  /** Of what the file says, see engine/share/memoryFile.ts; empty where it is gone. */
  readonly hash: string;
  readonly state: "accepted" | "refused" | "kept";
  /** Where the file was, from the root. */
  readonly path: string;
}

export const shareInput = z.strictObject({
  action: z
    .enum(SHARE_ACTIONS, {
      error: `one of ${SHARE_ACTIONS.join(", ")}; what came with the repository only a person accepts or refuses: with heirloom share --accept or --refuse, or in the explorer's Review`,
    })
    .describe(
      `share: write memories as files under ${SHARED_FOLDER}, to be committed; unshare: remove their files; status: what is shared; review: which files came with the repository and wait for a person`,
    ),
  ids: z.array(z.string().min(1).max(128)).min(1).max(500).optional().describe("Which memories"),
  filters: filterInput.optional().describe("Those that are visible here and match"),
  kind: z.enum(KINDS).optional().describe("Those of this kind"),
  to: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe(
      "Into a marked block of this document instead: AGENTS.md, CLAUDE.md, .github/copilot-instructions.md; default the rules and decisions that are visible here. Of unshare: without the block",
    ),
  dryRun: z.boolean().optional().describe("Only say what would be done"),
});

/** What only a person says of what waits, so that no tool takes it. */
export const judgeInput = z.strictObject({
  action: z.enum(["accept", "refuse"]),
  ids: shareInput.shape.ids,
  hashes: z
    .array(z.string().min(8).max(64))
    .max(500)
    .optional()
    .describe("Of the texts that were reviewed, one for each id: another text is not accepted"),
  author: z.string().min(1).max(200).optional().describe("To accept or refuse: all whose file this author committed"),
  commit: z.string().min(4).max(64).optional().describe("To accept or refuse: all whose file this commit changed last"),
  dryRun: shareInput.shape.dryRun,
});

const pendingFile = z.object({
  id: z.string(),
  path: z.string(),
  change: z.enum(["new", "changed", "gone"]).describe("Against what is known here; gone: its file was deleted"),
  hash: z.string().describe("Of what the file says"),
  kind: z.string(),
  scope: z.string(),
  title: z.string().optional(),
  author: z.string().optional().describe("Of the commit that changed the file last"),
  commit: z.string().optional(),
  text: z.string().optional().describe("What would be remembered, as a file has it"),
  known: z.string().optional().describe("What is known by that id, written the same way"),
});

export const shareResult = z.object({
  folder: z.string(),
  trusted: z.boolean().describe("Whether what this repository shares is accepted unasked"),
  dryRun: z.boolean().optional(),
  written: z
    .array(z.object({ id: z.string().optional(), path: z.string(), change: z.enum(["new", "changed", "removed"]) }))
    .optional(),
  unchanged: z.int().optional().describe("Files that say already what they are to say"),
  leftOut: z
    .array(z.object({ id: z.string(), why: z.string() }))
    .optional()
    .describe("Memories that are not shared"),
  files: z
    .array(
      z.object({
        id: z.string(),
        path: z.string(),
        title: z.string().optional(),
        state: z
          .enum(["same", "differs", "pending", "refused", "forgotten"])
          .describe("Against what is known here; differs: the known one was changed since, share writes it anew"),
        waitsFor: z
          .array(z.string())
          .optional()
          .describe("Ids of memories that it speaks of and that are not accepted here: until then that does nothing"),
      }),
    )
    .optional(),
  pending: z.array(pendingFile).optional().describe("What waits for a person"),
  accepted: z.array(z.string()).optional().describe("Ids"),
  refused: z.array(z.string()).optional().describe("Ids"),
  problems: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .describe("Files that are no shared memories, and what was not accepted; they do nothing"),
});

export type ShareInput = Readonly<z.infer<typeof shareInput>>;
export type JudgeInput = Readonly<z.infer<typeof judgeInput>>;
export type ShareResult = Readonly<z.infer<typeof shareResult>>;
export type PendingFile = Readonly<z.infer<typeof pendingFile>>;
export type SharedProblem = ShareResult["problems"][number];

/** What the engine is asked. Whether a repository is trusted only a person says as well. */
export type ShareRequest = ShareInput | JudgeInput | { readonly action: "trust" | "distrust" };
