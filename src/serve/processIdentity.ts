import { readFileSync, readlinkSync } from "node:fs";
import type { ProcessIdentity } from "../engine/ports.ts";

/**
 * Who this process is, so that another one can tell later whether it still runs. On Linux `started` is
 * `linux:<boot id>:<pid namespace>:<start time in clock ticks since boot>`, which no second process ever has. Elsewhere it is the time at
 * which the process started, in milliseconds since the epoch, and says nothing that can be checked.
 */
export function selfIdentity(): ProcessIdentity {
  const stat = process.platform === "linux" ? statOf("self") : undefined;
  const started =
    stat === undefined
      ? `${process.platform}:${Math.round(Date.now() - process.uptime() * 1000)}`
      : `${bootPrefix()}:${stat.startTime}`;
  return { pid: process.pid, started };
}

/** Whether an identity is that of this very process, or of one that is gone and had its pid. */
export function isThisProcess({ pid, started }: ProcessIdentity): boolean {
  if (pid !== process.pid) return false;
  // Elsewhere the time is not exact, and no other process has this pid now. On Linux one of another container may.
  return !started.startsWith("linux:") || started === selfIdentity().started;
}

/**
 * Whether the process of an identity still runs; `stopped` (SIGSTOP, or held by a debugger) on Linux only. A process of another pid
 * namespace of this boot (a container that shares the data folder) cannot be seen from here and counts as alive; whoever can reach its
 * address knows better. Outside Linux a pid that was given to another process counts as alive too.
 */
export function processState(identity: ProcessIdentity): "alive" | "stopped" | "dead" {
  const linux = /^(linux:[^:]*:)([^:]*):\d+$/u.exec(identity.started);
  if (process.platform === "linux" && linux !== null) return linuxState(identity, linux[1] ?? "");
  try {
    process.kill(identity.pid, 0);
    return "alive";
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH" ? "dead" : "alive";
  }
}

function linuxState(identity: ProcessIdentity, boot: string): "alive" | "stopped" | "dead" {
  const own = bootPrefix();
  if (!own.startsWith(boot)) return "dead";
  if (!identity.started.startsWith(`${own}:`)) return "alive";
  const stat = statOf(String(identity.pid));
  if (stat === undefined || identity.started !== `${own}:${stat.startTime}`) return "dead";
  switch (stat.state) {
    case "T":
    case "t":
      return "stopped";
    case "Z":
    case "X":
    case "x":
      return "dead";
    default:
      return "alive";
  }
}

function bootPrefix(): string {
  prefix ??= `linux:${read("/proc/sys/kernel/random/boot_id") ?? "unknown"}:${pidNamespace()}`;
  return prefix;
}
let prefix: string | undefined;

function pidNamespace(): string {
  try {
    return /\d+/u.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "unknown";
  } catch {
    return "unknown";
  }
}

/** Fields 3 and 22 of proc_pid_stat(5). The second field, the name, is in brackets and may hold anything, so counting starts after it. */
function statOf(pid: string): { readonly state: string; readonly startTime: string } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return state === undefined || startTime === undefined ? undefined : { state, startTime };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
