import type { IndexResult } from "../contract/codeTools.ts";
import { counted } from "../contract/counted.ts";
import type { ComponentHealth } from "./operations/createHealth.ts";

/** What the index of the code holds, and what a person or a problem keeps from it. `status`: undefined where nobody asked for it yet. */
export function codeHealth(status: IndexResult | undefined): ComponentHealth {
  if (status === undefined) return { status: "healthy", message: "The code is indexed when it is first asked about." };
  const { state, files, chunks, symbols, pending, leftOut, problem } = status;
  const held = `${counted(files, "file", "files")} with ${counted(symbols, "symbol", "symbols")}`;
  const missing = pending === 0 ? "" : `, and ${pending} still to be indexed`;
  const details = { state, files, chunks, symbols, pending, leftOut };
  switch (state) {
    case "off":
      return { status: "healthy", message: "heirloom.code.enabled is off: no code is indexed.", details };
    case "paused":
      return {
        status: "healthy",
        message: `Indexing is paused: ${held}${missing}. Heirloom: Resume Code Indexing goes on.`,
        details,
      };
    case "failed":
      return {
        status: "degraded",
        message: `The code could not be indexed, and is tried again at the next question: ${problem ?? "the log says why."}`,
        details,
      };
    case "empty":
      return { status: "healthy", message: "No code is indexed now; the next question about it begins.", details };
    case "indexing":
    case "ready":
      return { status: "healthy", message: `${held}${missing}.`, details };
  }
}
