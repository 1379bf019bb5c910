/** Entry of the compute thread: see src/worker/computePool.ts. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { ComputeApi, ComputeOptions } from "../contract/compute.ts";
import { createComputeApi } from "./computeApi.ts";
import { limitWasmMemory } from "./wasmMemory.ts";
import { serveCalls } from "./rpc.ts";

if (parentPort === null) throw new Error("This is the code of a worker thread: see src/worker/computePool.ts.");
limitWasmMemory((workerData as ComputeOptions).memoryLimitBytes);
serveCalls<ComputeApi, object>(parentPort, createComputeApi(dirname(fileURLToPath(import.meta.url))));
