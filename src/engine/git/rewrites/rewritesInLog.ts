import { join } from "node:path";
import type { GitPlace } from "../../seams.ts";
import { readReflog } from "../reflog.ts";

/** A rewrite that the log of HEAD tells of. */
export type LoggedRewrite =
  | { readonly kind: "amend"; readonly from: string; readonly to: string }
  | {
      readonly kind: "rebase";
      /** Where the branch was before. */
      readonly before: string;
      readonly onto: string;
      readonly after: string;
    };

/** `rebase (start): …`, `rebase -i (start): …`, `pull --rebase origin main (start): …`; older ones say `rebase: checkout …`. */
const START = /^(?:(?:rebase|pull)\b[^:]*\(start\)|rebase(?: -i)?: checkout\b|pull --rebase[^:]*: checkout\b)/u;
const FINISH = /^(?:rebase|pull)\b[^:]*(?:\(finish\)|finished)/u;
const STEP = /^(?:rebase|pull)\b/u;
const AMEND = /^commit \(amend\)/u;

/** Newest first. A rebase that is still under way is none yet. */
export function readRewrites({ gitDir, commonDir }: NonNullable<GitPlace["repository"]>): readonly LoggedRewrite[] {
  const found: LoggedRewrite[] = [];
  let started: { readonly before: string; readonly onto: string } | undefined;
  for (const { from, to, message } of readReflog(join(gitDir, "logs", "HEAD")) ?? []) {
    if (START.test(message)) started = { before: from, onto: to };
    else if (FINISH.test(message)) {
      // HEAD began elsewhere where the branch was named: `git rebase main topic`.
      if (started !== undefined) {
        const before = branchBefore(commonDir, message, to) ?? started.before;
        found.push({ kind: "rebase", before, onto: started.onto, after: to });
      }
      started = undefined;
    } else if (AMEND.test(message)) {
      if (started === undefined) found.push({ kind: "amend", from, to });
    } else if (!STEP.test(message) && !message.startsWith("commit")) started = undefined;
  }
  return found.reverse();
}

/** Where the branch that a rebase returned to was before, as its own log has it. */
function branchBefore(commonDir: string, message: string, after: string): string | undefined {
  const branch = /returning to (refs\/heads\/.+)$/u.exec(message)?.[1];
  if (branch === undefined || branch.split("/").includes("..")) return undefined;
  return readReflog(join(commonDir, "logs", branch))?.findLast(({ to }) => to === after)?.from;
}
