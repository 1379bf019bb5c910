import { counted } from "../contract/counted.ts";
import type { Finding, RequestContext } from "../contract/engineApi.ts";
import { SHARED_FOLDER } from "../contract/share.ts";
import { pendingOf, sharedState, type SharingParts } from "./sharedState.ts";

/** Files that are named one by one. */
const MOST_NAMED = 5;

/** What `doctor` says of the memories that the repository carries; nothing where it carries none. */
export async function sharedFindings(parts: SharingParts, context: RequestContext): Promise<readonly Finding[]> {
  const state = await sharedState(parts, context);
  const { entries, problems, trusted } = state;
  if (entries.size + problems.length === 0) return [];
  const pending = (await pendingOf(parts, state)).length;
  const waiting = pending === 0 ? "none waits" : `${pending} ${pending === 1 ? "waits" : "wait"} for a person`;
  const findings: Finding[] = [
    {
      component: "shared",
      status: "ok",
      message: `${counted(entries.size)} in ${SHARED_FOLDER}, ${waiting}${trusted ? "; they are accepted unasked" : ""}.`,
      ...(pending === 0 ? {} : { remedy: "heirloom share --review shows what waits." }),
    },
  ];
  for (const { path, message } of problems.slice(0, MOST_NAMED))
    findings.push({
      component: "shared",
      status: "warning",
      message: `${path} is no shared memory: ${message}`,
      remedy: "Mend or remove the file; until then it does nothing.",
    });
  if (problems.length > MOST_NAMED)
    findings.push({
      component: "shared",
      status: "warning",
      message: `${problems.length - MOST_NAMED} more files are no shared memories.`,
      remedy: "heirloom share --status names all of them.",
    });
  return findings;
}
