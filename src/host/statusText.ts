import type { EngineStatus } from "./engine/engineStatus.ts";
import type { FolderFacts } from "./windowModel.ts";
import type { FolderState } from "../contract/window.ts";
import { plainLabel } from "./plainLabel.ts";
import { counted } from "../contract/counted.ts";
import { grouped } from "../contract/grouped.ts";
import { shortCommit } from "../contract/shortCommit.ts";

export interface StatusText {
  readonly text: string;
  /** Plain text, a line each. */
  readonly tooltip: readonly string[];
  readonly tone: "calm" | "warning" | "error";
}

/** What the status bar says; undefined where it says nothing. */
export function statusText(
  status: EngineStatus,
  folder: FolderState | undefined,
  facts: FolderFacts,
): StatusText | undefined {
  if (status.state === "off") {
    if (status.why !== "restricted") return undefined;
    return {
      text: "$(shield) Heirloom",
      tooltip: ["Heirloom reads and serves nothing until you trust this workspace."],
      tone: "calm",
    };
  }
  if (status.state === "waiting")
    return {
      text: "$(error) Heirloom",
      tooltip: ["The memory engine ended and is being started again.", status.problem],
      tone: "error",
    };
  if (folder?.state === "failed")
    return {
      text: "$(warning) Heirloom",
      tooltip: [`The memories of ${folder.name} cannot be opened.`, folder.problem?.message ?? ""],
      tone: "warning",
    };
  if (status.state === "starting" || folder === undefined || folder.state === "opening")
    return { text: "$(loading~spin) Heirloom", tooltip: ["Opening the memories …"], tone: "calm" };
  return openText(folder, facts);
}

function openText({ name }: FolderState, { branch, head, visible, drifted = 0, learning }: FolderFacts): StatusText {
  const place = branch ?? (head === undefined ? name : shortCommit(head));
  const count = visible === undefined ? "" : ` $(bookmark) ${grouped(visible)}`;
  const tooltip = [
    visible === undefined ? `Counting the memories that ${place} inherits …` : `${place} inherits ${counted(visible)}.`,
    ...(drifted > 0 ? [`The code of ${counted(drifted)} has changed since.`] : []),
    "Click to open the explorer.",
  ];
  const drift = drifted > 0 ? ` $(diff) ${grouped(drifted)}` : "";
  if (learning !== undefined)
    return {
      text: `$(sync~spin) Learning ${grouped(learning.commitsRead)}`,
      tooltip: [`${counted(learning.commitsRead, "commit", "commits")} of ${name} read so far.`, ...tooltip],
      tone: "calm",
    };
  const sign = branch === undefined ? (head === undefined ? "folder" : "git-commit") : "git-branch";
  return { text: `$(${sign}) ${plainLabel(place)}${count}${drift}`, tooltip, tone: "calm" };
}
