import { type Opposition, opposedStatements, readStatement } from "./opposedStatements.ts";
import type { Statement } from "./statement.ts";

const MOST_SENTENCES = 12;

/** Whether a sentence of one text says the opposite of one of the other, the surest of those. By rules that can be read; English. */
export function opposed(a: string, b: string): Opposition | undefined {
  let found: Opposition | undefined;
  const others = statementsOf(b);
  for (const one of statementsOf(a))
    for (const other of others) {
      const opposition = opposedStatements(one, other);
      if (opposition !== undefined && opposition.sureness > (found?.sureness ?? 0)) found = opposition;
    }
  return found;
}

function statementsOf(text: string): readonly Statement[] {
  return text
    .slice(0, 4_000)
    .split(/(?<=[.!?;])\s+|\n+/u)
    .slice(0, MOST_SENTENCES)
    .map(readStatement);
}
