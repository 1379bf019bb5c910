import { existsSync } from "node:fs";
import { join } from "node:path";

/** The ripgrep that VS Code searches with, below its `appRoot`; undefined where there is none. */
export function ripgrepPath(appRoot: string): string | undefined {
  const name = process.platform === "win32" ? "rg.exe" : "rg";
  const places = [join("bin", name), join("bin", `${process.platform}-${process.arch}`, name)];
  return ["node_modules.asar.unpacked", "node_modules"]
    .flatMap((modules) => ["ripgrep", "ripgrep-universal"].map((one) => join(appRoot, modules, "@vscode", one)))
    .flatMap((folder) => places.map((place) => join(folder, place)))
    .find((path) => existsSync(path));
}
