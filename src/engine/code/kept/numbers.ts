/** What a number stands for that says yes, no, or nothing. */
export const THREE_WAYS = [undefined, false, true] as const;
export const threeWay = (flag: boolean | undefined): number => THREE_WAYS.indexOf(flag);
/** A number that may be negative, small where it is near zero. */
export const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
export const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
export const many = <Item>(count: number, read: () => Item): Item[] => {
  const items: Item[] = [];
  for (let at = 0; at < count; at++) items.push(read());
  return items;
};
