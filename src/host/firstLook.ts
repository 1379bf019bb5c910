import type { Disposable } from "./contributions.ts";
import type { Services } from "./services.ts";

/** Names one start of an editor that is there to show Heirloom: `npm start` sets it. Nobody's own editor has it. */
const START = "HEIRLOOM_FIRST_LOOK";

/** Opens the explorer in the first window of such an editor, once a start; it never comes to the fore anywhere else. */
export function registerFirstLook({ context, explorers, log }: Services): Disposable {
  const start = process.env[START];
  if (start !== undefined && context.globalState.get(START) !== start) {
    void context.globalState.update(START, start).then(
      () => explorers.show({ view: "memories" }),
      (error: unknown) => log.warn(`The explorer was not opened: ${String(error)}`),
    );
  }
  return { dispose: () => undefined };
}
