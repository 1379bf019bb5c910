/** "1 memory", "2 memories", "1,000 lines". */
export const counted = (count: number, one = "memory", more = "memories"): string =>
  `${grouped(count)} ${count === 1 ? one : more}`;

/** A whole number with commas. Not by toLocaleString: its first call loads ICU's tables, 8 ms of the extension host when a window opens. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/gu, ",");
