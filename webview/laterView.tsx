import { useEffect, useReducer, useState } from "preact/hooks";
import type { ErrorShape } from "../src/contract/errors.ts";
import { ErrorState, Loading } from "./parts/states.tsx";
import type { OtherView } from "./otherView.tsx";

type OtherViewProps = Parameters<typeof OtherView>[0];
// Its file is gone where the extension was updated meanwhile.
const UNLOADED: ErrorShape = {
  code: "NOT_FOUND",
  message: "This view could not be loaded. Run Developer: Reload Window, then open it again.",
};
let loaded: typeof OtherView | undefined;

/** Loads the code of every view but the list; before one is opened, so that it opens at once. */
export async function loadOtherViews(): Promise<void> {
  ({ OtherView: loaded } = await import("./otherView.tsx"));
}

/** A view whose code is not there before the first list is. */
export function LaterView(props: OtherViewProps) {
  const [, redraw] = useReducer<number, undefined>((turn) => turn + 1, 0);
  const [problem, setProblem] = useState<ErrorShape>();
  const load = (): void => {
    setProblem(undefined);
    loadOtherViews().then(
      () => redraw(undefined),
      () => setProblem(UNLOADED),
    );
  };
  const View = loaded;
  useEffect(() => {
    // What this drawing had: the code may have come between the drawing and now.
    if (View === undefined) load();
  }, []);
  if (problem !== undefined) return <ErrorState error={problem} retry={load} />;
  return View === undefined ? <Loading what="Loading the view…" /> : <View {...props} />;
}
