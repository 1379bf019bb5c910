import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeFile, fileParser } from "../../support/parsedFile.ts";

const FOLDER = join(import.meta.dirname, "languages");
const parser = await fileParser();

/** Beside each snippet stands what is found in it, written to be read. `HEIRLOOM_GOLDEN=write` writes what is missing: read it before you keep it. */
const writes = process.env["HEIRLOOM_GOLDEN"] === "write";

for (const language of readdirSync(FOLDER))
  describe(language, () => {
    const snippets = readdirSync(join(FOLDER, language)).filter((name) => !name.endsWith(".golden.txt"));
    test.each(snippets)("what is found in %s", async (name) => {
      const golden = join(FOLDER, language, name.replace(/\.txt$/u, ".golden.txt"));
      const text = readFileSync(join(FOLDER, language, name), "utf8");
      const found = describeFile(await parser.parse({ path: basename(name, ".txt"), text }));
      if (writes && !existsSync(golden)) writeFileSync(golden, found);
      expect(found).toBe(readFileSync(golden, "utf8"));
    });
  });
