/** Names of what lies in a store's folder. Epoch and number order the segments; the generation says which snapshot they follow. */
export interface SegmentName {
  readonly generation: number;
  readonly epoch: number;
  /** Rises with every segment that one epoch begins, also across generations. */
  readonly number: number;
}
export interface SnapshotName {
  readonly generation: number;
  readonly epoch: number;
}

export const QUARANTINE_FOLDER = "quarantine";
/** Its size counts how often a segment was begun, which tells a reader with one stat that there is a new one. */
export const TURNS_FILE = "turns";

export function segmentName(name: SegmentName): string {
  return `segment-${name.generation}-${name.epoch}-${name.number}.log`;
}

/** The epoch is part of the name, so that an owner that was replaced and wakes up never writes over the snapshot of the new one. */
export function snapshotName(name: SnapshotName): string {
  return `snapshot-${name.generation}-${name.epoch}.log`;
}

export function parseSegmentName(file: string): SegmentName | undefined {
  const match = /^segment-(\d{1,15})-(\d{1,15})-(\d{1,15})\.log$/u.exec(file);
  return match === null
    ? undefined
    : { generation: Number(match[1]), epoch: Number(match[2]), number: Number(match[3]) };
}

export function parseSnapshotName(file: string): SnapshotName | undefined {
  const match = /^snapshot-(\d{1,15})-(\d{1,15})\.log$/u.exec(file);
  return match === null ? undefined : { generation: Number(match[1]), epoch: Number(match[2]) };
}

/** A snapshot that was being written when its process ended. */
export function isTemporarySnapshot(file: string): boolean {
  return /^snapshot-\d+-\d+\.tmp$/u.test(file);
}

/** The same bytes always get the same name, so that a reader can tell whether they were put aside. */
export function quarantineName(file: string, offset: number, bytes: number): string {
  return `${file}.${offset}-${bytes}.bin`;
}

/** Which of two segments was begun later: positive when it is `a`. */
export function compareSegments(a: SegmentName, b: SegmentName): number {
  return a.epoch - b.epoch || a.number - b.number;
}

/** Node and Windows both take a slash. */
export function inFolder(folder: string, file: string): string {
  return `${folder}/${file}`;
}
