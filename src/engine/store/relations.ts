import type { JournalEvent } from "../../contract/events.ts";
import type { Memory, Relation, RelationName } from "../../contract/memory.ts";
import { originText } from "./visibility.ts";

type Related = Extract<JournalEvent, { type: "related" }>;

/** Of one memory; the oldest give way. */
const MOST_RELATIONS = 100;

const OTHER_SIDE: Readonly<Record<RelationName, Relation["is"]>> = {
  supersedes: "superseded-by",
  contradicts: "contradicted-by",
  confirms: "confirmed-by",
  compatible: "compatible",
};

/** The memory that the event names first or second, with what it says of the other one, and nothing else of that. */
export function related(
  memory: Memory,
  event: Related,
  other: { readonly memory: Memory; readonly living: boolean },
): Memory {
  const { relation, from, since, at, author, agent, reason } = event;
  const others = (memory.relations ?? []).filter(({ id }) => id !== other.memory.id);
  if (relation === "withdrawn") return withRelations(memory, others);
  const is = memory.id === from ? relation : OTHER_SIDE[relation];
  const where = is === "superseded-by" && other.living ? placeOf(other.memory, since) : {};
  const said: Relation = {
    ...{ is, id: other.memory.id, at },
    ...(since === undefined ? {} : { since }),
    ...(author === undefined ? {} : { author }),
    ...(agent === undefined ? {} : { agent }),
    ...(reason === undefined ? {} : { reason }),
    ...where,
  };
  return withRelations(memory, [...others, said].slice(-MOST_RELATIONS));
}

/** The memory when one that supersedes it is seen elsewhere, or is forgotten. */
export function followed(memory: Memory, by: Memory, isLiving: boolean): Memory {
  const where = isLiving ? originText(by) : undefined;
  const isOld = ({ is, id, where: before }: Relation): boolean =>
    is === "superseded-by" && id === by.id && before !== where;
  if (memory.relations?.some(isOld) !== true) return memory;
  return withRelations(
    memory,
    memory.relations.map((relation) => {
      if (!isOld(relation)) return relation;
      const { where: _where, until: _until, ...rest } = relation;
      return isLiving ? { ...rest, ...placeOf(by, relation.since) } : rest;
    }),
  );
}

/** Ids of those that it stands in the place of. */
export const supersededIds = ({ relations = [] }: Pick<Memory, "relations">): readonly string[] =>
  relations.flatMap(({ is, id }) => (is === "supersedes" ? [id] : []));

function placeOf(by: Memory, since: string | undefined): Pick<Relation, "where" | "until"> {
  const until = since ?? (by.scope === "lineage" && !by.provenance.pending ? by.provenance.commit : undefined);
  return { where: originText(by), ...(until === undefined ? {} : { until }) };
}

function withRelations(memory: Memory, relations: readonly Relation[]): Memory {
  const { relations: _before, ...rest } = memory;
  return relations.length === 0 ? rest : { ...rest, relations };
}
