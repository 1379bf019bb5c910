import { TextDecoder } from "node:util";
import { MAX_LINE_LENGTH } from "./parseImportLine.ts";

/**
 * The lines of a file or of standard input, without their ends (LF or CRLF), blank ones included so that line numbers stay right. A byte
 * order mark is dropped, one of UTF-16 (what PowerShell's `>` writes) is obeyed, a missing last line end is fine. Of a line longer than `MAX_LINE_LENGTH` only the first
 * `MAX_LINE_LENGTH` + 1 units are given, which `parseImportLine` refuses by their length: memory stays bounded, and the line is reported.
 */
export async function* readLines(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  let held = "";
  const finish = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);
  const hold = (text: string): void => {
    if (held.length <= MAX_LINE_LENGTH) held += text.slice(0, MAX_LINE_LENGTH + 1 - held.length);
  };
  let start = new Uint8Array(0);
  const decode = (bytes: Uint8Array): string => {
    if (decoder === undefined) {
      // The mark may arrive split over two chunks.
      const joined = new Uint8Array(start.length + bytes.length);
      joined.set(start);
      joined.set(bytes, start.length);
      if (joined.length < 2) {
        start = joined;
        return "";
      }
      decoder = new TextDecoder(encodingOf(joined));
      return decoder.decode(joined, { stream: true });
    }
    return decoder.decode(bytes, { stream: true });
  };
  function* split(text: string): Generator<string, void, undefined> {
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      hold(text.slice(from, end));
      from = end + 1;
      const line = finish(held);
      held = "";
      yield line;
    }
    hold(text.slice(from));
  }
  for await (const chunk of stream) yield* split(typeof chunk === "string" ? chunk : decode(chunk));
  if (decoder === undefined) yield* split(new TextDecoder().decode(start));
  else yield* split(decoder.decode());
  if (held !== "") yield finish(held);
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}
