import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AxeResults, RunOptions } from "axe-core";
import type { Frame } from "playwright-core";

const AXE = readFileSync(join(import.meta.dirname, "../../../node_modules/axe-core/axe.min.js"), "utf8");
declare const axe: { run(options: RunOptions): Promise<AxeResults> };

/** What axe-core holds to be serious or critical in a page: the rule, why, and where. */
export async function seriousViolations(frame: Frame): Promise<readonly string[]> {
  // Evaluated over the browser's debugging protocol: the page's content security policy would not let it in as a script.
  await frame.evaluate(AXE);
  const { violations } = await frame.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`));
}
