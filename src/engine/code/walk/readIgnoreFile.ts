import type { CodeFolder } from "./codeFolder.ts";
import { decodeText } from "./decodeText.ts";
import type { IgnoreRules } from "./ignoreRules.ts";

/** More bytes are no rules that somebody wrote. */
const MAXIMUM_RULES_BYTES = 1_048_576;

/** Adds the rules of the file for its folder; nothing when it cannot be read. */
export async function readIgnoreFile(folder: CodeFolder, path: string, rules: IgnoreRules): Promise<void> {
  const read = await folder.read(path, MAXIMUM_RULES_BYTES);
  if (!("bytes" in read)) return;
  const slash = path.lastIndexOf("/");
  rules.add(slash < 0 ? "" : path.slice(0, slash), decodeText(read.bytes).text);
}
