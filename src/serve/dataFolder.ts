import { homedir } from "node:os";
import { join } from "node:path";

/** Where memories are kept unless `--data` says otherwise: the system's own place for application data. */
export function defaultDataFolder(
  platform: NodeJS.Platform = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  const override = environment["HEIRLOOM_DATA"];
  if (override !== undefined && override !== "") return override;
  if (platform === "win32") return join(environment["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "Heirloom");
  if (platform === "darwin") return join(home, "Library", "Application Support", "Heirloom");
  const xdg = environment["XDG_DATA_HOME"];
  // The XDG specification has relative paths ignored.
  return join(xdg?.startsWith("/") === true ? xdg : join(home, ".local", "share"), "heirloom");
}
