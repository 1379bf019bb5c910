import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];
const APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser that shows the editor: $CHROMIUM, else one of the PATH. Throws an Error that says how to get one. */
export function findChromium(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = environment["CHROMIUM"];
  if (chosen !== undefined && chosen !== "") {
    if (isProgram(chosen)) return chosen;
    throw new Error(`$CHROMIUM is ${chosen}, which is no program that can be run. Correct or unset it.`);
  }
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...APPLICATIONS];
  const browser = found.find(isProgram);
  if (browser !== undefined) return browser;
  throw new Error(
    `No Chromium was found (${NAMES.join(", ")}). Install one (Debian: apt-get install chromium) or set $CHROMIUM to its path.`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
