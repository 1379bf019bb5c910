import { type Memory, type RelationName, RELATIONS } from "../../contract/memory.ts";
import { inOrder, type SharedMemory, type SharedRelation } from "./memoryFile.ts";

/**
 * What a memory says of others, in the order of their ids: of those that have a file as well. That two are compatible stands in the file of the
 * lower id only.
 */
export function saidOf({ id, relations = [] }: Memory, hasFile: (id: string) => boolean): readonly SharedRelation[] {
  return inOrder(
    relations.flatMap((one): readonly SharedRelation[] => {
      if (!isName(one.is) || !hasFile(one.id) || (one.is === "compatible" && one.id < id)) return [];
      return [{ is: one.is, id: one.id }];
    }),
  );
}

/** With what its file says of memories that are not known here: that waits, and is not lost when the file is written anew. */
export function withWaiting(
  form: SharedMemory,
  file: SharedMemory | undefined,
  isKnown: (id: string) => boolean,
): SharedMemory {
  const waiting = (file?.relations ?? []).filter(({ id }) => !isKnown(id));
  if (waiting.length === 0) return form;
  return { ...form, relations: inOrder([...form.relations, ...waiting]) };
}

const isName = (is: string): is is RelationName => (RELATIONS as readonly string[]).includes(is);
