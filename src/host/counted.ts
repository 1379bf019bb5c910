/** "1 memory", "2 memories", "1,000 lines". */
export const counted = (count: number, one = "memory", more = "memories"): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : more}`;
