import { UPSERT_TOKEN } from "../contract/peer.ts";
import { MOST_UPSERTED } from "../contract/upsert.ts";
import type { Projection } from "./seams.ts";

/** The key that the memory of an item is captured with, by which an undo finds it again. */
export const upsertKey = (undoToken: string, index: number): string => `${undoToken}:${index}`;

/** Living memories that a call with this token created. */
export function createdBy(projection: Projection, undoToken: string): readonly string[] {
  if (!undoToken.startsWith(UPSERT_TOKEN)) return [];
  return Array.from({ length: MOST_UPSERTED }, (_, index) => projection.keyed(upsertKey(undoToken, index))).filter(
    (id) => id !== undefined,
  );
}
