import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelTask } from "../../contract/models.ts";

/** What the model in a folder is for, by what its configuration says that it is; one that says nothing embeds. */
export async function modelTask(folder: string): Promise<ModelTask> {
  try {
    const config: unknown = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
    const { architectures } = config as { readonly architectures?: unknown };
    return String(architectures).endsWith("ForSequenceClassification") ? "reranking" : "embedding";
  } catch {
    // Whoever loads it says what is wrong with it.
    return "embedding";
  }
}
