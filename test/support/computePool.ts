import { join } from "node:path";
import { ComputePool, type ComputePoolOptions } from "../../src/worker/computePool.ts";

/** The real one, with the thread that is built. */
export const computePool = (options: ComputePoolOptions = {}): ComputePool =>
  new ComputePool(join(import.meta.dirname, "../../dist/computeWorker.js"), options);
