import type { IndexResult } from "../contract/codeTools.ts";
import { counted } from "../contract/counted.ts";
import type { Freshness } from "../contract/freshness.ts";
import type { Finding } from "../contract/engineApi.ts";
import type { Json } from "../contract/json.ts";
import { shortCommit } from "../contract/shortCommit.ts";
import { codeHealth } from "./codeHealth.ts";
import type { Meaning } from "./meaning.ts";
import type { HealthProbe, HealthStatus } from "./operations/createHealth.ts";
import type { Metrics } from "./operations/createMetrics.ts";
import type { Reranking } from "./reranking.ts";
import type { GitLineage, JournalDamage } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";
import { embeddingHealth } from "./embeddingHealth.ts";

export interface Inspected {
  readonly stores: readonly StoreAccess[];
  readonly git: GitLineage;
  readonly workspace: string;
  readonly metrics: Metrics;
  readonly meaning: Meaning;
  readonly reranking: Reranking | undefined;
  /** Of the index of the code; undefined where nobody asked for it yet. */
  readonly code: IndexResult | undefined;
  /** How many visible memories are so fresh. */
  readonly freshness: Readonly<Record<Freshness, number>>;
  readonly freeBytes: (folder: string) => Promise<number | undefined>;
}

/** Less room than this on the disk is worth a word before captures begin to fail. */
const LOW_DISK_BYTES = 268_435_456;

/** One probe a component, cheap enough to run on every health check. */
export function healthProbes(inspected: Inspected): Readonly<Record<string, HealthProbe>> {
  const { stores, git, workspace, metrics, reranking } = inspected;
  return {
    journal: () => {
      const damage = stores.flatMap(({ store }) => store.damage);
      return damage.length === 0
        ? { status: "healthy", message: "Every frame that was read is whole." }
        : {
            status: "degraded",
            message: `${damage.length} damaged places were found; heirloom doctor names them.`,
            details: { places: damage.slice(0, 20).map(placeOf) },
          };
    },
    ownership: async () => {
      const roles = await Promise.all(stores.map(({ store }) => store.ownerState()));
      const stopped = roles.includes("stopped");
      const unwritten = stores.map(({ store }) => store.role).find((role) => role.role === "reader");
      if (unwritten?.role === "reader") {
        return {
          status: "degraded",
          message: `Memories can be read, not written. ${unwritten.why.message}`,
          details: { code: unwritten.why.code },
        };
      }
      return {
        status: stopped ? "degraded" : "healthy",
        message: stopped
          ? "The process that owns the store is stopped: memories can be read, not written, until it goes on or ends."
          : [...new Set(stores.map(({ store }) => ROLES[store.role.role]))].join(" "),
        details: { roles: [...roles], epochs: stores.map(({ store }) => store.epoch) },
      };
    },
    memories: () => {
      const counts = stores.map(({ store }) => store.projection.counts().memories);
      const total = counts.reduce((sum, count) => sum + count, 0);
      return {
        status: "healthy",
        message: `${counted(total)} ${total === 1 ? "is" : "are"} stored.`,
        details: { latencies: latenciesOf(metrics) },
      };
    },
    anchors: () => anchorHealth(inspected.freshness),
    ...(stores.some(({ store }) => store.vectors !== undefined) ? { embedding: () => embeddingHealth(inspected) } : {}),
    ...(reranking === undefined ? {} : { reranker: () => reranking.health() }),
    code: () => codeHealth(inspected.code),
    git: async () => {
      const state = await git.state(workspace);
      if (!state.repository)
        return { status: "healthy", message: "This folder is in no git repository: its memories are always visible." };
      const place = state.detached ? "a detached HEAD" : (state.branch ?? "an unborn branch");
      return {
        status: "healthy",
        message: `On ${place}${state.head === undefined ? "" : ` at ${shortCommit(state.head)}`}.`,
      };
    },
    disk: async () => {
      const free = await inspected.freeBytes(stores[0]?.store.folder ?? workspace);
      if (free === undefined) return { status: "healthy", message: "How much room is left is not known here." };
      const low = free < LOW_DISK_BYTES;
      return {
        status: low ? "degraded" : "healthy",
        message: `${room(free)} are free${low ? ": make room before captures fail with STORAGE_FULL" : ""}.`,
        details: { freeBytes: free },
      };
    },
  };
}

/** Code changes: that memories drift is no fault of anything. */
function anchorHealth(freshness: Inspected["freshness"]): Awaited<ReturnType<HealthProbe>> {
  const { fresh, drifted, orphaned, unchecked } = freshness;
  const message =
    fresh + drifted + orphaned + unchecked === 0
      ? "No visible memory speaks of code."
      : `Of the code that visible memories speak of, that of ${fresh} is as it was, of ${drifted} has drifted, of ${orphaned} is gone, and of ${unchecked} was not compared.`;
  return { status: "healthy", message, details: { ...freshness } };
}

/** What the probes say, and every frame on disk checked. For `doctor`. */
export async function diagnose(
  inspected: Inspected,
  health: Readonly<Record<string, { status: HealthStatus; message: string }>>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = Object.entries(health).map(([component, { status, message }]) => ({
    component,
    status: status === "healthy" ? "ok" : status === "degraded" ? "warning" : "error",
    message,
  }));
  for (const { store } of inspected.stores) {
    const { journalBytes, snapshotBytes } = await store.sizes();
    const damage = await store.verify();
    if (damage.length === 0) {
      const megabytes = ((journalBytes + snapshotBytes) / 1_048_576).toFixed(1);
      findings.push({
        component: "files",
        status: "ok",
        message: `Every frame in ${store.folder} is whole (${megabytes} MB).`,
      });
    }
    const aside = await store.quarantined();
    if (aside.length > 0) {
      findings.push({
        component: "quarantine",
        status: "warning",
        message: `${aside.length} damaged pieces were put aside when the store was opened: ${aside.slice(0, 5).join(", ")}.`,
        remedy: `What they held may be read in ${store.folder}; capture it again, then remove the files.`,
      });
    }
    for (const one of damage) {
      findings.push({
        component: "files",
        status: "warning",
        message: `${WHAT[one.what]} in ${one.file} at byte ${one.offset} (${one.bytes} bytes)`,
        remedy:
          one.quarantine === undefined
            ? "It is passed over when the store is read. heirloom doctor --rebuild makes everything else anew from the journal."
            : `Its bytes are kept in ${one.quarantine}. What was written there can be captured again.`,
      });
    }
  }
  return findings;
}

const ROLES = {
  owner: "This process writes what is remembered.",
  follower: "Another process of Heirloom writes what is remembered; this one reads it, and sends it what is new.",
  reader: "What is remembered can be read, not written.",
} as const;

const WHAT: Readonly<Record<JournalDamage["what"], string>> = {
  "torn-tail": "An incomplete frame at the end",
  "bad-frame": "A frame that is not what was written",
  "missing-file": "A file that is missing or shorter than it was",
  "unreadable-header": "A header that cannot be read",
  "foreign-epoch": "Frames of a writer that had been replaced",
};

const placeOf = ({ file, offset, bytes, what }: JournalDamage): Json => ({ file, offset, bytes, what });

function latenciesOf(metrics: Metrics): Json {
  return Object.fromEntries(
    Object.entries(metrics.snapshot().latencies).map(([name, summary]) => [name, { ...summary }]),
  );
}

/** "75 GB", "512 MB": as a person reads it. */
const room = (bytes: number): string =>
  bytes < 1_073_741_824 ? `${Math.round(bytes / 1_048_576)} MB` : `${Math.round(bytes / 1_073_741_824)} GB`;
