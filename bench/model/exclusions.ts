// Fingerprints of Python functions that a model is judged on, so that none of them is trained on; they tell nothing of the texts.
// usage: node bench/model/exclusions.ts FUNCTIONS.json OUT; FUNCTIONS.json is an array of source texts
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { functionTexts } from "./pairs/pythonPairs.ts";

const LETTERS = 160;

/** The same for texts whose first letters and digits are the same. Undefined for a text too short to be told by that. */
export function fingerprint(text: string): string | undefined {
  const letters = text.toLowerCase().replace(/[^a-z0-9]/gu, "");
  if (letters.length < 12) return undefined;
  return createHash("sha256").update(letters.slice(0, LETTERS)).digest("hex").slice(0, 24);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [functions = "", out = ""] = process.argv.slice(2);
  const texts = (JSON.parse(readFileSync(functions, "utf8")) as readonly string[]).flatMap(functionTexts);
  const prints = new Set(texts.flatMap((text) => fingerprint(text) ?? []));
  writeFileSync(out, [...prints].sort().join("\n"));
}
