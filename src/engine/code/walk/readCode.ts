import { type CodeFolder, openCodeFolder } from "./codeFolder.ts";
import { type LeftOutReason, MAXIMUM_FILE_BYTES, type ObjectFormat } from "./codeListing.ts";
import { contentAddress } from "./contentAddress.ts";
import { decodeText, type TextEncoding } from "./decodeText.ts";
import { isBinary, judgeText } from "./judgeContent.ts";

export interface CodeText {
  readonly text: string;
  readonly encoding: TextEncoding;
  /** Of the bytes that were read, whatever the listing said before. */
  readonly blob: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedMs: number;
}

export interface ReadCodeOptions {
  readonly objectFormat: ObjectFormat;
  readonly maxBytes?: number;
  readonly folder?: CodeFolder;
}

/** What is left out has an address too, where it was read: the same content need not be judged again. */
export type CodeRead = CodeText | { readonly leftOut: LeftOutReason; readonly blob?: string };

/** One file of a listing as text, or why it is none that should be indexed. Never throws, whatever the file has become since it was listed. */
export async function readCode(root: string, path: string, options: ReadCodeOptions): Promise<CodeRead> {
  const folder = options.folder ?? openCodeFolder(root);
  const read = await folder.read(path, options.maxBytes ?? MAXIMUM_FILE_BYTES);
  if (!("bytes" in read)) return read;
  const { bytes, size, modifiedMs } = read;
  const blob = contentAddress(bytes, options.objectFormat);
  if (isBinary(bytes)) return { leftOut: "binary", blob };
  const { text, encoding } = decodeText(bytes);
  const reason = judgeText(path, text);
  return reason === undefined ? { text, encoding, blob, size, modifiedMs } : { leftOut: reason, blob };
}
