import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ripgrepPath } from "../../src/host/engine/ripgrepPath.ts";
import { EDITOR_FOLDER } from "../e2e/support/installEditor.ts";

/** The ripgrep of the VS Code that test/e2e installs; undefined where it has not been installed. */
export function vscodeRipgrep(): string | undefined {
  if (!existsSync(EDITOR_FOLDER)) return undefined;
  return readdirSync(EDITOR_FOLDER)
    .map((editor) => join(EDITOR_FOLDER, editor, "node_modules/code-server/lib/vscode"))
    .map((appRoot) => ripgrepPath(appRoot))
    .find((path) => path !== undefined);
}
