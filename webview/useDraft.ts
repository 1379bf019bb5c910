import { useMemo } from "preact/hooks";
import { useHost } from "./host.ts";

const MOST_DRAFTS = 20;

export interface DraftKeeper<Draft> {
  /** As it was left when the page was hidden, the view or the folder was changed, or the window was reloaded. */
  readonly left: Draft | undefined;
  readonly keep: (draft: Draft) => void;
  readonly drop: () => void;
}

/** Keeps what is typed about one thing until it is sent or given up. `about`: unique in the page. */
export function useDraft<Draft>(about: string): DraftKeeper<Draft> {
  const host = useHost();
  return useMemo(() => {
    const others = (): readonly [string, unknown][] =>
      Object.entries(host.saved.drafts).filter(([key]) => key !== about);
    return {
      get left() {
        return host.saved.drafts[about] as Draft | undefined;
      },
      keep: (draft) => host.save({ drafts: Object.fromEntries([...others().slice(1 - MOST_DRAFTS), [about, draft]]) }),
      drop: () => host.save({ drafts: Object.fromEntries(others()) }),
    };
  }, [host, about]);
}
