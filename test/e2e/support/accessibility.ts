import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AxeResults, RunOptions } from "axe-core";
import type { Frame } from "playwright-core";

const AXE = readFileSync(join(import.meta.dirname, "../../../node_modules/axe-core/axe.min.js"), "utf8");
declare const axe: { run(options: RunOptions): Promise<AxeResults> };
declare const document: { readonly documentElement: { readonly style: Style } };
interface Style {
  backgroundColor: string;
  removeProperty(name: string): void;
}

/**
 * What axe-core holds to be serious or critical in a page: the rule, where, and what to do. The page is drawn over VS Code's own editor or side
 * bar, which axe does not see through two frames; so the page gets that background first.
 */
export async function seriousViolations(frame: Frame, over: "editor" | "sideBar"): Promise<readonly string[]> {
  // Evaluated over the browser's debugging protocol: the page's content security policy would not let it in as a script.
  await frame.evaluate(AXE);
  const { violations } = await frame.evaluate(async (name) => {
    const { style } = document.documentElement;
    style.backgroundColor = `var(--vscode-${name}-background)`;
    const results = await axe.run({ resultTypes: ["violations"] });
    style.removeProperty("background-color");
    return results;
  }, over);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`));
}
