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
          {Object.entries(health.components).map(([name, part]) => (
            <li key={name} class={`is-${part.status}`}>
              <Icon name={STATUS[part.status].icon} />
              <span class="component-name">{name}</span>
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
  const names = Object.keys(latencies).filter((name) => (latencies[name]?.length ?? 0) > 0);
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
            options={names.map((value) => ({ value, label: value }))}
            onChange={setChosen}
          />
          <LatencyChart name={name} samples={samples} />
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
        const parts = [
          ["Journal", store.journalBytes],
          ["Snapshot", store.snapshotBytes],
          ["Index", store.indexBytes],
        ] as const;
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
