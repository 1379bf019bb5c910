// Puts the best of what test/e2e/views.test.ts has seen into docs/, for the README and the marketplace.  usage: npm run pictures
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SCREENSHOTS } from "./support/editorWindow.ts";

const DOCS = join(import.meta.dirname, "../../docs");
/** By their names in docs/, what they were called when they were taken. */
const PICTURES = {
  "explorer-dark.png": "memories-dark.png",
  "lanes-light.png": "lanes-light.png",
  "freshness-light.png": "freshness-light.png",
  "context-dark.png": "context-dark.png",
  "editor-dark.png": "editor-dark.png",
} as const;
/** Bytes: a page that shows them should not take long. */
const MOST = 200_000;

for (const [name, taken] of Object.entries(PICTURES)) {
  const from = join(SCREENSHOTS, taken);
  const { size } = statSync(from);
  if (size > MOST) throw new Error(`${from} has ${size} bytes: more than ${MOST} are too many for a README.`);
  copyFileSync(from, join(DOCS, name));
  process.stdout.write(`docs/${name}: ${Math.round(size / 1000)} KB\n`);
}
