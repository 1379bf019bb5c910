import type { EDGE_CERTAINTIES } from "../../../contract/analyze.ts";
import type { SymbolAt } from "./symbolAt.ts";

export type Certainty = (typeof EDGE_CERTAINTIES)[number];

export interface Resolution {
  readonly to: readonly SymbolAt[];
  readonly how: Certainty;
}

export const resolved = (to: readonly SymbolAt[], how: Certainty): Resolution | undefined =>
  to.length === 0 ? undefined : { to, how };
