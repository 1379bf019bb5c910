import type { BuildContextResult } from "../contract/tools.ts";

/** Why everything of a bundle is there and what is not, as Markdown. */
export function bundleReport({ items, dropped, intent, tokens, stoppedBecause }: BuildContextResult): string {
  const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [
    "## Why",
    "",
    ...(intent === undefined
      ? []
      : [`Taken for: ${intent.name} (${intent.confidence.toFixed(2)}), as ${intent.why.join("; ")}.`, ""]),
    row("shown", "at", "tokens", "why"),
    row("---", "---", "--:", "---"),
    ...items.map(({ ref, detail = "memory", tokens: cost, why }) => row(ref, detail, String(cost), why)),
    "",
    ...(dropped.length === 0
      ? []
      : [
          row("left out", "what", "why"),
          row("---", "---", "---"),
          ...dropped.map(({ ref, title = "", why }) => row(ref, title, why)),
          "",
        ]),
    `${tokens} tokens. Stopped as ${stoppedBecause}.`,
  ].join("\n");
}

const cell = (text: string): string => text.replace(/\s+/gu, " ").replace(/[\\|`<>[\]]/gu, "\\$&");
