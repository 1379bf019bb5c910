import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { IS_BUNDLED } from "../version.ts";

/** The root of what runs now, be it the extension, the npm package or the sources: `dist` and `media` are in it. */
export function packageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  if (!IS_BUNDLED) return join(here, "..", "..", "..");
  return join(here, here.endsWith("chunks") ? "../.." : "..");
}
