import type { CodeSymbol } from "../contract/code.ts";
import type { AtPath } from "./anchors/anchorSources.ts";
import { CodeFile } from "./anchors/codeFile.ts";
import { MAXIMUM_FILE_BYTES } from "./code/walk/codeListing.ts";
import { contentAddress } from "./code/walk/contentAddress.ts";
import { judgeText } from "./code/walk/judgeContent.ts";
import type { Draft } from "./ports.ts";

/** The text of an editor as the file would be read that it is saved to. `symbols` are those of a blob, where they are known. */
export function draftFile(
  path: string,
  { text }: Pick<Draft, "text">,
  symbols: (blob: string) => readonly CodeSymbol[] | undefined = () => undefined,
): Extract<AtPath, { readonly kind: "file" | "other" }> {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > MAXIMUM_FILE_BYTES) return { kind: "other", why: "too large" };
  const blob = contentAddress(bytes, "sha1");
  const why = judgeText(path, text);
  if (why !== undefined) return { kind: "other", why, blob };
  return { kind: "file", file: new CodeFile(path, blob, text, symbols(blob)) };
}
