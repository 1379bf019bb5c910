import fc from "fast-check";
import type { Json, JsonObject } from "../../../../src/contract/json.ts";
import { KINDS, SCOPES } from "../../../../src/contract/kinds.ts";
import type { Memory } from "../../../../src/contract/memory.ts";
import { memoryOf } from "./memory.ts";

const WORDS = ["alpha", "beta", "gamma", "Beta", "al", ""];
const TIMES = [0, 1_700_000_000_000, 1_700_000_086_400, 1_767_225_600_000];
const COMMITS = [
  "0123456789abcdef0123456789abcdef01234567",
  "0123456789abcdef0123456789abcdef01234568",
  "f".repeat(40),
];
const word = fc.constantFrom(...WORDS);
const scalar = fc.oneof(word, fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.constant(null));
const place = fc.record({ lat: fc.integer({ min: -90, max: 90 }), lon: fc.integer({ min: -180, max: 180 }) });
const metadataValue: fc.Arbitrary<Json> = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), place);

/** Memories whose values are few, so that filters meet them. */
export const arbitraryMemory: fc.Arbitrary<Memory> = fc
  .record(
    {
      id: fc.constantFrom("m1", "m2", "m3"),
      kind: fc.constantFrom(...KINDS),
      scope: fc.constantFrom(...SCOPES),
      eventType: word.filter((text) => text !== ""),
      sessionId: word.filter((text) => text !== ""),
      timestamp: fc.constantFrom(...TIMES),
      tags: fc.array(
        word.filter((text) => text !== ""),
        { maxLength: 3 },
      ),
      metadata: fc.dictionary(
        fc.constantFrom("a", "b", "__proto__", "constructor"),
        fc.oneof(metadataValue, fc.dictionary(fc.constantFrom("a", "b"), metadataValue)),
      ),
      branch: word.filter((text) => text !== ""),
      commit: fc.constantFrom(...COMMITS),
      anchors: fc.constantFrom([], [{ path: "src/a.ts" }]),
    },
    { requiredKeys: ["id"] },
  )
  .map(({ branch, commit, ...given }) =>
    memoryOf({
      ...given,
      provenance: {
        at: 0,
        dirty: false,
        pending: false,
        ...(branch === undefined ? {} : { branch }),
        ...(commit === undefined ? {} : { commit }),
      },
    }),
  );

/** A time in each of the spellings that a filter may have; `iso` and the number mean the same. */
const time: fc.Arbitrary<Json> = fc.constantFrom(...TIMES.flatMap((at): Json[] => [at, new Date(at).toISOString()]));
const commit = fc.constantFrom(...COMMITS, "0123456", "0123456789ABCDEF", "fffffff");

/** Operators on a field whose operands are `operand`. */
function operators(operand: fc.Arbitrary<Json>, ordered: fc.Arbitrary<Json>, text: boolean): fc.Arbitrary<JsonObject> {
  const list = fc.array(operand, { maxLength: 3 });
  const all: Record<string, fc.Arbitrary<Json>> = {
    ...{ $eq: operand, $ne: operand, $in: list, $nin: list, $exists: fc.boolean() },
    ...{ $gt: ordered, $gte: ordered, $lt: ordered, $lte: ordered },
    ...(text ? { $regex: fc.constantFrom("a", "^b", "ta$"), $fuzzy: fuzzy } : {}),
  };
  // More at once would nearly always be false, whatever they mean.
  return fc
    .subarray(Object.keys(all), { minLength: 1, maxLength: 2 })
    .chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), all[key] ?? operand))))
    .chain((pairs) => {
      const made: JsonObject = Object.fromEntries(pairs);
      return fc.constantFrom<JsonObject>(made, { $not: made });
    });
}

const fuzzy = fc.oneof(
  fc.constantFrom("alpha", "betas"),
  fc.record({ text: fc.constantFrom("alpha", "betas"), distance: fc.constantFrom(1, 2) }, { requiredKeys: ["text"] }),
);
const either = (operand: fc.Arbitrary<Json>, withOperators: fc.Arbitrary<JsonObject>): fc.Arbitrary<Json> =>
  fc.oneof(operand, fc.array(operand, { maxLength: 3 }), withOperators);

const textField = fc
  .tuple(
    fc.constantFrom("id", "eventType", "event_type", "sessionId", "gitBranch", "git_branch", "workspace_id", "tags"),
    either(word, operators(word, word, true)),
  )
  .map(([field, value]): JsonObject => ({ [field]: value }));
const closed = fc.oneof(
  fc.tuple(fc.constant("kind"), either(fc.constantFrom(...KINDS), operators(fc.constantFrom(...KINDS), word, true))),
  fc.tuple(fc.constant("scope"), either(fc.constantFrom(...SCOPES), operators(fc.constantFrom(...SCOPES), word, true))),
  fc.tuple(
    fc.constant("freshness"),
    fc.constantFrom<Json>("unanchored", { $ne: "unanchored" }, ["fresh", "unchecked"]),
  ),
  fc.tuple(fc.constant("gitCommit"), either(commit, operators(commit, commit, false))),
  fc.tuple(fc.constant("timestamp"), either(time, operators(time, time, false))),
  fc.tuple(fc.constantFrom("startTime", "end_time", "endTime"), time),
);
const closedField = closed.map(([field, value]): JsonObject => ({ [field]: value }));
const ordered = fc.oneof(word, fc.integer({ min: -3, max: 3 }));
const metadataOperand = fc.oneof(
  either(scalar, operators(scalar, ordered, true)),
  fc.constant<Json>({ $near: { lat: 1, lon: 2, km: 3 } }),
  fc.constant<Json>({
    $within: {
      polygon: [
        [0, 0],
        [0, 9],
        [9, 9],
      ],
    },
  }),
);
const ab = fc.constantFrom("a", "b", "__proto__");
const metadataField = fc.oneof(
  fc.tuple(ab, metadataOperand).map(([key, value]): JsonObject => ({ [`metadata.${key}`]: value })),
  fc.tuple(ab, ab, metadataOperand).map(([a, b, value]): JsonObject => ({ [`metadata.${a}.${b}`]: value })),
  fc.tuple(ab, ab, metadataOperand).map(([a, b, value]): JsonObject => ({ metadata: owned(a, owned(b, value)) })),
  fc.tuple(ab, ab, metadataOperand).map(([a, b, value]): JsonObject => ({ metadata: owned(`${a}.${b}`, value) })),
);

/** As JSON.parse makes it: `__proto__` is a key like any other. */
const owned = (key: string, value: Json): JsonObject => Object.fromEntries([[key, value]]);

/** Filters that the contract allows, of every shape in it. */
export const arbitraryFilter: fc.Arbitrary<JsonObject> = fc.letrec<{ filter: JsonObject; field: JsonObject }>(
  (tie) => ({
    field: fc.oneof(textField, closedField, metadataField),
    filter: fc.oneof(
      { depthSize: "small", maxDepth: 4, withCrossShrink: true },
      tie("field"),
      fc.array(tie("field"), { maxLength: 3 }).map((fields): JsonObject => Object.assign({}, ...fields) as JsonObject),
      fc.array(tie("filter"), { minLength: 1, maxLength: 3 }).map((of): JsonObject => ({ $and: of })),
      fc.array(tie("filter"), { minLength: 1, maxLength: 3 }).map((of): JsonObject => ({ $or: of })),
      tie("filter").map((of): JsonObject => ({ $not: of })),
    ),
  }),
).filter;
