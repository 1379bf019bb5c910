import { useEffect, useState } from "preact/hooks";
import type { Vitals } from "../../src/contract/explore.ts";
import type { HealthResult } from "../../src/contract/tools.ts";
import { useHost } from "../host.ts";
import { Button, Icon, Select } from "../parts/elements.tsx";
import { ErrorState, Loading, Section } from "../parts/states.tsx";
import { bytes, count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import { LatencyChart } from "./latencyChart.tsx";

const EVERY_MS = 15_000;
const STATUS: Readonly<Record<HealthResult["status"], { readonly icon: string; readonly words: string }>> = {
  healthy: { icon: "pass-filled", words: "Everything works" },
  degraded: { icon: "warning", words: "Works, with restrictions" },
  unhealthy: { icon: "error", words: "Something needs attention" },
};

/** How the engine is: its parts, what the stores hold, how fast it answers. */
export function HealthView() {
  const host = useHost();
  const { value, error, retry } = useAnswer("vitals", {});
  useEffect(() => {
    const timer = setInterval(retry, EVERY_MS);
    return () => clearInterval(timer);
  }, [retry]);
  if (error !== undefined) return <ErrorState error={error} retry={retry} />;
  if (value === undefined) return <Loading what="Examining…" />;
  const { vitals, health } = value;
  const status = STATUS[health.status];
  return (
    <div class="health page">
      <div class={`health-status is-${health.status}`}>
        <Icon name={status.icon} />
        <strong>{status.words}</strong>
        <span class="muted">{`Heirloom ${health.version}, up ${duration(health.uptimeSeconds)}, ${bytes(vitals.memoryBytes)} of memory`}</span>
      </div>
      <Latencies latencies={vitals.latencies} />
      <Stores stores={vitals.stores} />
      <Section title="Parts">
        <ul class="components">
          {partsOf(health).map(([name, part]) => (
            <li key={name} class={`is-${part.status}`}>
              <Icon name={STATUS[part.status].icon} />
              <span class="component-name">{PARTS[name] ?? name}</span>
              <span class="component-message">{part.message}</span>
            </li>
          ))}
        </ul>
      </Section>
      <div class="button-row">
        <Button
          secondary
          icon="output"
          onClick={() => void host.request("runCommand", { command: "heirloom.openLog" })}
        >
          Open Log
        </Button>
        <Button
          secondary
          icon="settings-gear"
          onClick={() => void host.request("runCommand", { command: "heirloom.openSettings" })}
        >
          Settings
        </Button>
      </div>
    </div>
  );
}

function Latencies({ latencies }: { readonly latencies: Vitals["latencies"] }) {
  const calls = (name: string): number => (latencies[name] ?? []).reduce((sum, sample) => sum + sample.count, 0);
  const names = Object.keys(latencies)
    .filter((name) => calls(name) > 0)
    .sort((a, b) => calls(b) - calls(a));
  const [chosen, setChosen] = useState<string>();
  const name = chosen !== undefined && names.includes(chosen) ? chosen : names[0];
  const samples = name === undefined ? [] : (latencies[name] ?? []);
  return (
    <Section title="Answering times, last hour">
      {name === undefined ? (
        <p class="muted">Nothing was asked in the last hour.</p>
      ) : (
        <>
          <Select
            label="Operation"
            value={name}
            options={names.map((value) => ({ value, label: OPERATIONS[value] ?? value }))}
            onChange={setChosen}
          />
          <LatencyChart name={OPERATIONS[name] ?? name} samples={samples} />
        </>
      )}
    </Section>
  );
}

function Stores({ stores }: { readonly stores: Vitals["stores"] }) {
  const most = Math.max(1, ...stores.map((store) => store.journalBytes + store.snapshotBytes + store.indexBytes));
  return (
    <Section title="Stores">
      {stores.map((store) => {
        const sizes = [
          ["Journal", store.journalBytes],
          ["Snapshot", store.snapshotBytes],
          ["Index", store.indexBytes],
        ] as const;
        const parts = sizes.filter(([, size]) => size > 0);
        return (
          <div key={store.name} class="store">
            <p>
              <strong>{store.name === "workspace" ? "This repository" : "You, everywhere"}</strong>
              <span class="muted">
                {[
                  count(store.memories, "memory", "memories"),
                  count(store.indexedTerms, "indexed term"),
                  ROLES[store.role],
                ].join(" · ")}
              </span>
            </p>
            <div class="size-bar" aria-hidden="true">
              {parts.map(([name, size], index) => (
                <span
                  key={name}
                  class={`token-part part-${index}`}
                  style={{ width: `${((100 * size) / most).toFixed(2)}%` }}
                />
              ))}
            </div>
            <p class="size-words">
              {parts.map(([name, size], index) => (
                <span key={name}>
                  <i class={`size-key part-${index}`} /> {`${name} ${bytes(size)}`}
                </span>
              ))}
            </p>
          </div>
        );
      })}
    </Section>
  );
}

const WORST_FIRST: readonly HealthResult["status"][] = ["unhealthy", "degraded", "healthy"];
/** In the order in which data goes through them. */
const PARTS: Readonly<Record<string, string>> = {
  memories: "Memories",
  journal: "Journal",
  ownership: "Ownership",
  git: "Git",
  disk: "Disk",
};
const OPERATIONS: Readonly<Record<string, string>> = {
  browse: "List and search here",
  browseRows: "Scroll here",
  detail: "Open a memory",
  lanes: "Lanes",
  duplicates: "Review",
  anchoredIn: "Memories of a file",
  retrieve: "Recall by an agent",
  capture: "Remember",
  buildContext: "Build context",
};

/** What needs attention comes first. */
function partsOf({ components }: HealthResult): readonly (readonly [string, HealthResult["components"][string]])[] {
  const names = Object.keys(PARTS);
  const place = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return Object.entries(components).sort(
    ([a, one], [b, other]) =>
      WORST_FIRST.indexOf(one.status) - WORST_FIRST.indexOf(other.status) || place(a) - place(b),
  );
}

const ROLES: Readonly<Record<Vitals["stores"][number]["role"], string>> = {
  owner: "written by this window",
  follower: "written by another window",
  reader: "cannot be written now",
};

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
