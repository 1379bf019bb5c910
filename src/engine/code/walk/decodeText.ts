import { isUtf8 } from "node:buffer";

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** What Windows-1252 has from 0x80 to 0x9F in the place of Latin-1's control characters; the five unused ones stay as they are. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/**
 * Bytes as text, without a byte order mark and with the line ends that they have. UTF-16 is known by its mark; what is no valid UTF-8 is read
 * as Windows-1252, in which every byte is a character. Never throws.
 */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly encoding: TextEncoding } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf16 = utf16Mark(bytes);
  if (utf16 !== undefined) {
    const even = buffer.subarray(2, buffer.length - (buffer.length % 2));
    const little = utf16 === "utf-16le" ? even : Buffer.from(even).swap16();
    return { text: little.toString("utf16le"), encoding: utf16 };
  }
  if (isUtf8(bytes)) return { text: buffer.toString("utf8", hasUtf8Mark(bytes) ? 3 : 0), encoding: "utf-8" };
  const text = buffer.toString("latin1").replace(/[\u0080-\u009f]/gu, (character) => {
    return WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character;
  });
  return { text, encoding: "windows-1252" };
}

export function utf16Mark(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
}

function hasUtf8Mark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
