import { useCallback } from "preact/hooks";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { linesOf } from "./codeRef.ts";

/** Opens what a part of a bundle is of: lines in the editor, and a memory, or a passage of one, by its id. */
export function useOpenRef(open: (id: string) => void): (ref: string) => void {
  const host = useHost();
  const announcer = useAnnouncer();
  return useCallback(
    (ref) => {
      const lines = linesOf(ref);
      if (lines === undefined) open(ref.split("#", 1)[0] ?? ref);
      else host.request("openAnchor", lines).catch(announcer.failed);
    },
    [host, announcer, open],
  );
}
