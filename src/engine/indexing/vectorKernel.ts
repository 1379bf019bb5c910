/**
 * Memory, and what runs on it. All that it is given are addresses in bytes, multiples of 16. What each function does is said in
 * vectorScan/scan.as.ts.
 */
export interface VectorKernel {
  /** Another one after it grew: views of the former are of no use then. */
  readonly buffer: ArrayBuffer;
  /** Makes it at least so many bytes long. */
  reserve(bytes: number): void;
  wanted(rows: number, count: number, set: number, words: number, list: number): number;
  compare(
    query: number,
    list: number,
    length: number,
    scales: number,
    vectors: number,
    dimensions: number,
    threshold: number,
    hits: number,
  ): number;
  /** Absent where comparing with everything is all that can be done. */
  readonly sketches?: SketchKernel;
}

export interface SketchKernel {
  sketch(vectors: number, count: number, dimensions: number, sketches: number): void;
  agree(
    planes: number,
    list: number,
    length: number,
    sketches: number,
    dimensions: number,
    agreements: number,
    histogram: number,
  ): void;
  reaching(agreements: number, count: number, cutoff: number, list: number): number;
}
