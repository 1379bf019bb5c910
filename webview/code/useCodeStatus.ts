import { useEffect, useState } from "preact/hooks";
import type { IndexResult } from "../../src/contract/codeTools.ts";
import { useHost } from "../host.ts";
import { type Answer, useAnswer } from "../useAnswer.ts";

/** How the index of the code is: asked once, then as it is told. */
export function useCodeStatus(): Answer<IndexResult> {
  const host = useHost();
  const asked = useAnswer("codeStatus", {}, { live: false });
  const [told, setTold] = useState<IndexResult>();
  useEffect(() => host.onNotice("code", setTold), [host]);
  return told === undefined ? asked : { value: told, loading: false, retry: asked.retry };
}
