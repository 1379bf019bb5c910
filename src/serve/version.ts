declare const HEIRLOOM_VERSION: string | undefined;

/** Whether this runs from the bundle that esbuild.mjs makes, rather than from the sources. */
export const IS_BUNDLED = typeof HEIRLOOM_VERSION === "string";

/** From package.json, by way of the build; the sources run by themselves have none. */
export const VERSION = typeof HEIRLOOM_VERSION === "string" ? HEIRLOOM_VERSION : "0.0.0-source";
