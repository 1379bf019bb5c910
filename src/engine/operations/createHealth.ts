import type { JsonObject } from "../../contract/json.ts";
import type { HealthResult } from "../../contract/tools.ts";
import type { Clock } from "../ports.ts";

export type HealthStatus = HealthResult["status"];

/** What one component says of itself. `message` says what to do when it is not healthy. */
export interface ComponentHealth {
  readonly status: HealthStatus;
  readonly message: string;
  readonly details?: JsonObject;
}
export type HealthProbe = (signal: AbortSignal) => ComponentHealth | Promise<ComponentHealth>;

export interface HealthOptions {
  readonly version: string;
  readonly clock: Pick<Clock, "monotonic">;
  /** A probe that takes longer is unhealthy. */
  readonly probeTimeoutMs?: number;
}

export interface Health {
  /**
   * Runs every probe, the request's own included, at the same time; never throws. Details are left out unless asked for.
   */
  report(detailed: boolean, ofRequest?: Readonly<Record<string, HealthProbe>>): Promise<HealthResult>;
}

const RANK = { healthy: 0, degraded: 1, unhealthy: 2 } as const satisfies Record<HealthStatus, number>;

/** Health of the engine as that of its worst component. A probe that throws or hangs makes its component unhealthy and harms no other. */
export function createHealth(probes: Readonly<Record<string, HealthProbe>>, options: HealthOptions): Health {
  const started = options.clock.monotonic();
  return {
    report: async (detailed, ofRequest = {}) => {
      const timeoutMs = options.probeTimeoutMs ?? 2000;
      const found = await Promise.all(
        Object.entries({ ...probes, ...ofRequest }).map(
          async ([name, probe]) => [name, await runProbe(probe, timeoutMs)] as const,
        ),
      );
      const status = found.reduce<HealthStatus>(
        (worst, [, { status: own }]) => (RANK[own] > RANK[worst] ? own : worst),
        "healthy",
      );
      return {
        status,
        version: options.version,
        uptimeSeconds: Math.max(0, options.clock.monotonic() - started) / 1000,
        components: Object.fromEntries(found.map(([name, component]) => [name, shown(component, detailed)])),
      };
    },
  };
}

async function runProbe(probe: HealthProbe, timeoutMs: number): Promise<ComponentHealth> {
  const control = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ComponentHealth>((resolve) => {
    timer = setTimeout(() => resolve({ status: "unhealthy", message: `No answer within ${timeoutMs} ms.` }), timeoutMs);
  });
  try {
    return await Promise.race([asPromise(probe, control.signal), late]);
  } catch (error) {
    return { status: "unhealthy", message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    control.abort();
  }
}

/** A probe that throws at once is one that rejects. */
async function asPromise(probe: HealthProbe, signal: AbortSignal): Promise<ComponentHealth> {
  return probe(signal);
}

function shown({ status, message, details }: ComponentHealth, detailed: boolean): HealthResult["components"][string] {
  return { status, message, ...(detailed && details !== undefined ? { details } : {}) };
}
