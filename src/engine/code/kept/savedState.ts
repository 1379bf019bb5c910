import type { HistoryCommit } from "../history/codeHistory.ts";
import type { LeftOutReason, ObjectFormat } from "../walk/codeListing.ts";
import type { AddressedFile, CodeState } from "../walk/findChanges.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import type { KeptFileParts } from "./keptFile.ts";

const FILES_A_TURN = 512;

/** What is saved of a work tree beside its indexes. */
export interface SavedState {
  readonly state: CodeState;
  readonly files: readonly KeptFileParts[];
  readonly nextId: number;
  readonly nextRow: number;
  /** By path. */
  readonly refused: ReadonlyMap<string, LeftOutReason>;
}

/** What the newest commits said. */
export interface SavedHistory {
  readonly head: string | undefined;
  readonly commits: readonly HistoryCommit[];
}

/**
 * The files of the walk, and what the index has of each; their records are for another section, one after the other in the order of the files. `turn` is
 * awaited now and then.
 */
export async function writeState(
  { state, files, nextId, nextRow, refused }: SavedState,
  turn: () => Promise<void>,
): Promise<Uint8Array> {
  const writer = new ByteWriter();
  writer.text(state.objectFormat);
  writer.double(state.startedAt);
  writer.number(nextId);
  writer.number(nextRow);
  writer.number(state.files.size);
  let written = 0;
  for (const { path, size, modifiedMs, blob, vendored } of state.files.values()) {
    if (++written % FILES_A_TURN === 0) await turn();
    writer.text(path);
    writer.number(size);
    writer.double(modifiedMs);
    writeBlob(writer, blob);
    writer.number(vendored === true ? 1 : 0);
  }
  const languages = new Map<string | undefined, number>();
  const places = new Map([...state.files.keys()].map((path, at) => [path, at]));
  writer.number(files.length);
  for (const { id, path, blob, record, firstRow, rows, symbolCount, language } of files) {
    if (++written % FILES_A_TURN === 0) await turn();
    writer.number(id);
    writer.optional(places.get(path));
    if (!places.has(path)) writer.text(path);
    const isListed = state.files.get(path)?.blob === blob;
    writer.number(isListed ? 1 : 0);
    if (!isListed) writeBlob(writer, blob);
    writer.number(firstRow);
    writer.number(rows);
    writer.number(symbolCount);
    const known = languages.get(language);
    writer.optional(known);
    if (known === undefined) {
      languages.set(language, languages.size);
      writer.text(language ?? "");
    }
    writer.number(record.length);
  }
  writer.number(refused.size);
  for (const [path, reason] of refused) {
    writer.text(path);
    writer.text(reason);
  }
  return writer.take();
}

/** Records are views of `records`. Throws RangeError where either ends too early. */
export function readState(bytes: Uint8Array, records: Uint8Array): SavedState {
  const reader = new ByteReader(bytes);
  const recordReader = new ByteReader(records);
  const objectFormat = reader.text() as ObjectFormat;
  const startedAt = reader.double();
  const [nextId, nextRow] = [reader.number(), reader.number()];
  const listed: AddressedFile[] = [];
  for (let left = reader.number(); left > 0; left--) {
    const [path, size, modifiedMs, blob] = [reader.text(), reader.number(), reader.double(), readBlob(reader)];
    listed.push({ path, size, modifiedMs, blob, ...(reader.number() === 1 ? { vendored: true } : {}) });
  }
  const languages: string[] = [];
  const files: KeptFileParts[] = [];
  for (let left = reader.number(); left > 0; left--) {
    const id = reader.number();
    const place = reader.optional();
    const walked = place === undefined ? undefined : listed[place];
    const path = walked?.path ?? reader.text();
    const blob = reader.number() === 1 ? (walked?.blob ?? "") : readBlob(reader);
    const [firstRow, rows, symbolCount] = [reader.number(), reader.number(), reader.number()];
    const known = reader.optional() ?? languages.push(reader.text()) - 1;
    const language = languages[known] === "" ? undefined : languages[known];
    files.push({ id, path, blob, record: recordReader.bytes(reader.number()), firstRow, rows, symbolCount, language });
  }
  const refused = new Map<string, LeftOutReason>();
  for (let left = reader.number(); left > 0; left--) refused.set(reader.text(), reader.text() as LeftOutReason);
  const state = { startedAt, objectFormat, files: new Map(listed.map((file) => [file.path, file])) };
  return { state, files, nextId, nextRow, refused };
}

export function writeHistory({ head, commits }: SavedHistory): Uint8Array {
  return Buffer.from(JSON.stringify({ head, commits }));
}

export function readSavedHistory(bytes: Uint8Array): SavedHistory {
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as SavedHistory;
}

function writeBlob(writer: ByteWriter, blob: string): void {
  const bytes = Buffer.from(blob, "hex");
  writer.number(bytes.length);
  writer.bytes(bytes);
}

function readBlob(reader: ByteReader): string {
  return Buffer.from(reader.bytes(reader.number())).toString("hex");
}
