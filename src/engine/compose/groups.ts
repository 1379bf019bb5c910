import { type Kind, LASTING_KINDS } from "../../contract/kinds.ts";

/** Groups of a bundle in the order in which an agent should meet them: what binds it first, what merely happened last. */
const GROUPS: Readonly<Record<Kind, string>> = {
  rule: "Rules",
  gotcha: "Gotchas",
  decision: "Decisions",
  preference: "Preferences",
  pattern: "Patterns",
  fact: "Facts",
  insight: "Insights",
  plan: "Plans",
  task: "Tasks",
  note: "Notes",
  event: "Events",
};

export const GROUP_ORDER = Object.keys(GROUPS) as readonly Kind[];

/** What binds an agent or trips it up is worth more than what merely happened and matches as well. */
export const worthOf = (kind: Kind): number => (LASTING_KINDS.includes(kind) ? LASTING_WORTH : 1);

const LASTING_WORTH = 1.15;

export const groupHeading = (kind: Kind): string => `## ${GROUPS[kind]}`;
