import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HeirloomError } from "../contract/errors.ts";
import { defaultSettings, type Settings, settingsSchema } from "../contract/settings.ts";

/** Settings of everything that works on one data folder: `settings.json` in it, where there is one. INVALID_INPUT names the setting. */
export async function readSettings(dataFolder: string): Promise<Settings> {
  const path = join(dataFolder, "settings.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    // Whether there can be a data folder at all is not asked here.
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return defaultSettings;
    throw new HeirloomError("FORBIDDEN_PATH", `${path} cannot be read; mend its permissions or remove it.`, { path });
  }
  let given: unknown;
  try {
    // Editors on Windows write a byte order mark, and an empty file sets nothing.
    const json = text.replace(/^\ufeff/u, "").trim();
    given = json === "" ? {} : JSON.parse(json);
  } catch {
    throw new HeirloomError("INVALID_INPUT", `${path} is no JSON; mend or remove it.`, { path });
  }
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "settings"}: ${issue.message}`);
  throw new HeirloomError("INVALID_INPUT", `Mend ${path}. ${problems.join("; ")}`, { path, problems });
}
