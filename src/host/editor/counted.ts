/** "1 memory", "2 memories". */
export const counted = (count: number): string => `${count} ${count === 1 ? "memory" : "memories"}`;
