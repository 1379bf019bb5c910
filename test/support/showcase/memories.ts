import type { ImportLine } from "../../../src/contract/importLine.ts";
import { REMEMBERED } from "./remembered.ts";

/** Lines to import, each memory belonging to the commit that it was made at. */
export function memoryLines(commits: ReadonlyMap<string, string>, now: number): readonly ImportLine[] {
  return REMEMBERED.map(
    ({ at, branch = "main", by, hours, says, kind, title, scope, tags, anchors, pinned }): ImportLine => {
      const when = now - hours * 3_600_000;
      const commit = commits.get(at);
      if (commit === undefined || commit === "") throw new Error(`The showcase has no commit ${at}`);
      return {
        content: says,
        eventType: "note",
        kind,
        scope: scope ?? "lineage",
        title,
        timestamp: new Date(when).toISOString(),
        provenance: { at: when, author: "Ada Okafor", agent: by, branch, commit, dirty: false, pending: false },
        ...(tags === undefined ? {} : { tags: [...tags] }),
        ...(anchors === undefined ? {} : { anchors }),
        ...(pinned === undefined ? {} : { pinned }),
      };
    },
  );
}

/** What happens in a session of an agent that works on the repository, as its hooks tell it. */
export function sessionEvents(root: string): readonly (readonly [event: string, input: object])[] {
  const session = { session_id: "4f1c2a88-lantern-retries", cwd: root };
  return [
    ["SessionStart", { ...session, source: "startup" }],
    [
      "UserPromptSubmit",
      { ...session, prompt: "Why do some uploads arrive twice after a lost ack, and how do we retry?" },
    ],
    ["PreToolUse", { ...session, tool_name: "Edit", tool_input: { file_path: `${root}/src/sync/merge.ts` } }],
    ["UserPromptSubmit", { ...session, prompt: "Is it safe to order the revisions of two machines by their clocks?" }],
  ];
}
