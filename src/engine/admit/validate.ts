import { HeirloomError } from "../../contract/errors.ts";
import type { JsonObject } from "../../contract/json.ts";
import { KIND_NAMES, type Kind, resolveKind } from "../../contract/kinds.ts";
import { type Anchor, MAX_CONTENT_BYTES, memoryFields } from "../../contract/memory.ts";
import type { Candidate } from "../../contract/peer.ts";
import type { AdmissionPlace, Admitted } from "../seams.ts";
import { normaliseAnchorPath } from "./anchorPath.ts";
import { type FieldError, invalidInput } from "./fieldErrors.ts";
import { mapStrings, metadataError } from "./metadata.ts";
import { cleanText, normaliseContent, normaliseLine } from "./normalise.ts";

/** A candidate whose fields are what the contract says, in the form in which they are stored. */
export type ValidCandidate = Pick<
  Admitted,
  "content" | "eventType" | "kind" | "scope" | "title" | "tags" | "metadata" | "anchors" | "ttlSeconds"
>;

/** PAYLOAD_TOO_LARGE for the content; INVALID_INPUT naming every field that is wrong; FORBIDDEN_PATH for an anchor outside the workspace. */
export function validate(candidate: Candidate, place: AdmissionPlace): ValidCandidate {
  const fields: FieldError[] = [];
  const content = readContent(candidate.content, fields);
  const eventType = readField("eventType", memoryFields.eventType, normaliseIfText(candidate.eventType), fields) ?? "";
  const title = readOptional("title", memoryFields.title, normaliseIfText(candidate.title), fields);
  const tags = readTags(candidate.tags, fields);
  const scope = readOptional("scope", memoryFields.scope, candidate.scope, fields) ?? "lineage";
  const ttlSeconds = readOptional("ttlSeconds", memoryFields.ttlSeconds, candidate.ttlSeconds, fields);
  const kind = readKind(candidate.kind, eventType, fields);
  const metadata = readMetadata(candidate.metadata, kind.original, fields);
  const anchors = readOptional("anchors", memoryFields.anchors, candidate.anchors, fields) ?? [];
  if (fields.length > 0) throw invalidInput(fields);
  return {
    content,
    eventType,
    kind: kind.kind,
    scope,
    ...(title === undefined ? {} : { title }),
    tags,
    metadata,
    anchors: anchors.map((anchor) => placeAnchor(anchor, place.workspace)),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  };
}

/** PAYLOAD_TOO_LARGE when a content is over the limit. */
export function checkContentSize(content: string): void {
  // A UTF-16 unit is at most three bytes, so short texts need no counting.
  const bytes = content.length * 3 <= MAX_CONTENT_BYTES ? 0 : Buffer.byteLength(content);
  if (bytes <= MAX_CONTENT_BYTES) return;
  throw new HeirloomError(
    "PAYLOAD_TOO_LARGE",
    `The content has ${bytes} bytes, and a memory holds ${MAX_CONTENT_BYTES} at most. Split it into several memories.`,
    { bytes, limit: MAX_CONTENT_BYTES },
  );
}

function readContent(content: unknown, fields: FieldError[]): string {
  if (typeof content !== "string") {
    fields.push({ field: "content", message: "must be text" });
    return "";
  }
  checkContentSize(content);
  const normalised = normaliseContent(content);
  checkContentSize(normalised);
  if (normalised === "") fields.push({ field: "content", message: "must not be blank" });
  return normalised;
}

function readTags(tags: unknown, fields: FieldError[]): readonly string[] {
  const normalised: unknown = Array.isArray(tags) ? tags.map(normaliseIfText) : tags;
  return [...new Set(readOptional("tags", memoryFields.tags, normalised, fields))];
}

function readKind(
  kind: unknown,
  eventType: string,
  fields: FieldError[],
): { readonly kind: Kind; readonly original?: string } {
  if (kind === undefined) return { kind: resolveKind(eventType)?.kind ?? "note" };
  const name = readField("kind", memoryFields.kind, normaliseIfText(kind), fields);
  const resolved = name === undefined ? undefined : resolveKind(name);
  if (name !== undefined && resolved === undefined) {
    fields.push({ field: "kind", message: `must be one of ${KIND_NAMES.join(", ")}` });
  }
  return resolved ?? { kind: "note" };
}

function readMetadata(metadata: unknown, originalKind: string | undefined, fields: FieldError[]): JsonObject {
  const problem = metadata === undefined ? undefined : metadataError(metadata);
  if (problem !== undefined) fields.push(problem);
  if (problem !== undefined || metadata === undefined) return originalKind === undefined ? {} : { originalKind };
  // metadataError has found nothing wrong with it.
  const cleaned = mapStrings(metadata as JsonObject, cleanText);
  return originalKind === undefined || Object.hasOwn(cleaned, "originalKind") ? cleaned : { ...cleaned, originalKind };
}

/** As it is stored. FORBIDDEN_PATH where it leads out of the workspace. */
export function placeAnchor(anchor: Anchor, workspace: string): Anchor {
  const { path, symbol, ...lines } = anchor;
  return {
    path: normaliseAnchorPath(path, workspace),
    ...(symbol === undefined ? {} : { symbol: normaliseLine(symbol) }),
    ...lines,
  };
}

const normaliseIfText = (value: unknown): unknown => (typeof value === "string" ? normaliseLine(value) : value);

/** The subset of a contract schema that is used here. */
interface Schema<Value> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: Value }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** The value as the contract's schema reads it; what the schema refuses goes into `fields`. */
function readField<Value>(
  name: string,
  schema: Schema<Value>,
  value: unknown,
  fields: FieldError[],
): Value | undefined {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) fields.push({ field: fieldPath(name, path), message });
  return undefined;
}

const readOptional = <Value>(
  name: string,
  schema: Schema<Value>,
  value: unknown,
  fields: FieldError[],
): Value | undefined => (value === undefined ? undefined : readField(name, schema, value, fields));

const fieldPath = (name: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>((whole, key) => (typeof key === "number" ? `${whole}[${key}]` : `${whole}.${String(key)}`), name);
