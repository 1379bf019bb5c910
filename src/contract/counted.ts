import { grouped } from "./grouped.ts";

/** "1 memory", "2 memories", "1,000 lines". */
export const counted = (count: number, one = "memory", more = "memories"): string =>
  `${grouped(count)} ${count === 1 ? one : more}`;
