import type { CommitMessage } from "./commitMessage.ts";

/** What the message of a commit says that it takes back. */
export interface RevertMessage {
  /** `again`: it brings back what was taken back before, as git and people write `Reapply "…"` and `Reland "…"`. */
  readonly what: "revert" | "again";
  /** The quoted subject of the commit that it takes back or brings back. */
  readonly subject?: string;
  /** Ids as the message has them, abbreviated or whole, in lower case. */
  readonly ids: readonly string[];
  /** What the message says beside that, mostly why; empty where it says no more. */
  readonly why: string;
}

/** A longer message is not read to its end. */
const LOOKED_AT = 8_000;

/** `Revert "…"` of git and GitHub, `revert: …` of conventional commits, each also with a part of the project before it, as in `net: Revert "…"`. */
const SUBJECT =
  /^(?:[\w./-]{1,40}(?:\([^)]{1,40}\))?: ?|\[[^\]]{1,40}\] ?)?(revert|reapply|reland)(\([^)]{1,40}\))?!?(:?) +(\S.*)$/iu;
const QUOTED = /^["“](.+)["”](?: \(#\d+\))?$/u;
/** `This reverts commit <id>.`; of a merge git adds `, reversing changes made to <id>.`, which is no second commit. */
const REVERTS =
  /^this (?:commit )?reverts (?:commits? |merge commit )?([0-9a-f]{7,64}(?:(?:, and |, | and )[0-9a-f]{7,64})*)[^\n]*(?:\nchanges made to [0-9a-f]{7,64}\.?)?/gimu;
/** What a host or git writes by itself. */
const MADE = /^(?:reverts [\w.-]+\/[\w.-]+#\d+|\(cherry picked from commit [0-9a-f]+\)|# ?conflicts:.*)$/gimu;

/** Undefined for a commit that takes nothing back as a whole: of several that were squashed into one, some may have. */
export function readRevertMessage({ subject, body }: CommitMessage): RevertMessage | undefined {
  const text = body.slice(0, LOOKED_AT);
  const [, verb, , colon = "", rest = ""] = SUBJECT.exec(subject) ?? [];
  const quoted = QUOTED.exec(rest)?.[1];
  const said = [...text.matchAll(REVERTS)];
  // "Revert to the old parser" tells what is done, and not which commit is taken back.
  const isNamed = verb !== undefined && (quoted !== undefined || colon !== "");
  if (!isNamed && said[0]?.index !== 0) return undefined;
  const ids = said.flatMap(([, listed = ""]) => listed.toLowerCase().match(/[0-9a-f]{7,64}/gu) ?? []);
  const taken = quoted ?? (isNamed ? rest : undefined);
  return {
    what: isNamed && /^re(?:apply|land)$/iu.test(verb) ? "again" : "revert",
    ids: [...new Set(ids)],
    ...(taken === undefined ? {} : { subject: taken }),
    why: text
      .replace(REVERTS, "")
      .replace(MADE, "")
      .replace(/\n{3,}/gu, "\n\n")
      .trim(),
  };
}
