import type { SessionEvent } from "../../contract/hooks.ts";
import type { CaptureInput } from "../../contract/tools.ts";

type Undone = Extract<SessionEvent, { readonly type: "undone" }>;
type Edit = Extract<SessionEvent, { readonly type: "edit" }>;
type Failure = Extract<SessionEvent, { readonly type: "command" }> & { readonly error: string };

/** The newest so many edits of one undoing are shown. */
const MOST_SHOWN = 3;

/**
 * What was undone in a session, each as a gotcha: by a person, who did not want it; or by the agent after a command had failed with it, which
 * is an attempt that failed. What an agent undoes for itself is no gotcha otherwise.
 */
export function undoneCandidates(
  events: readonly SessionEvent[],
): readonly { readonly of: string; readonly input: CaptureInput }[] {
  return events.flatMap((event, at) => {
    if (event.type !== "undone" || event.by === "unknown") return [];
    const edits = events.filter(
      (one): one is Edit => one.type === "edit" && one.change !== undefined && event.edits.includes(one.change.id),
    );
    const [first] = edits;
    if (first === undefined) return [];
    const failure = failureOf(events.slice(events.indexOf(first) + 1, at));
    if (event.by === "agent" && failure === undefined) return [];
    return [{ of: event.edits.join(" "), input: inputOf(event, edits, failure) }];
  });
}

/** The last command that failed and did not succeed before the end of `events`. */
function failureOf(events: readonly SessionEvent[]): Failure | undefined {
  const open = new Map<string, Failure>();
  for (const event of events) {
    if (event.type !== "command") continue;
    const { command, error } = event;
    open.delete(command);
    if (error !== undefined) open.set(command, { ...event, error });
  }
  return [...open.values()].at(-1);
}

function inputOf({ path, by }: Undone, edits: readonly Edit[], failure: Failure | undefined): CaptureInput {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const symbols = new Set(edits.map(({ change }) => change?.symbol));
  const [symbol] = symbols.size === 1 ? [...symbols] : [];
  const what =
    by === "person"
      ? `An agent changed ${path}, and a person put back what was there.`
      : `A change of ${path} was tried, and undone again as it failed.`;
  const failed =
    failure === undefined
      ? []
      : [`After it \`${failure.command}\` failed${failure.error === "" ? "." : ` with:\n\n${failure.error}`}`];
  const shown = edits.slice(-MOST_SHOWN).flatMap(({ change }) => {
    if (change === undefined) return [];
    const { was, became } = change;
    return [
      ...(became === "" ? [] : [`It had put in:\n\n${became}`]),
      ...(was === "" ? [] : [`${became === "" ? "It had taken out" : "in place of"}:\n\n${was}`]),
    ];
  });
  return {
    eventType: by === "person" ? "undone_edit" : "failed_attempt",
    kind: "gotcha",
    title: `${by === "person" ? "Undone by a person" : "Failed attempt"}: a change of ${name}`.slice(0, 120),
    content: [what, ...failed, ...shown].join("\n\n"),
    tags: [by === "person" ? "undone" : "failed attempt"],
    metadata: { undone: by },
    anchors: [{ path, ...(symbol === undefined ? {} : { symbol }) }],
  };
}
