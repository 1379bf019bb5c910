import { useState } from "preact/hooks";
import type { BrowseFacets, BrowseResult, FacetCount } from "../../src/contract/explore.ts";
import { grouped } from "../../src/contract/grouped.ts";
import type { Search } from "../pageState.ts";
import { Icon, Select } from "../parts/elements.tsx";

type FacetName = keyof BrowseResult["facets"];

const FACETS: readonly (readonly [FacetName, string])[] = [
  ["kind", "Kind"],
  ["branch", "Branch"],
  ["scope", "Scope"],
  ["freshness", "Freshness"],
  ["agent", "Agent"],
];
const SHOWN = 6;
const DAY = 86_400_000;
const TIMES = [
  { value: "any", label: "Any time", days: 0 },
  { value: "1", label: "Last 24 hours", days: 1 },
  { value: "7", label: "Last 7 days", days: 7 },
  { value: "30", label: "Last 30 days", days: 30 },
  { value: "365", label: "Last year", days: 365 },
] as const;

/** What the list can be narrowed by, with how many memories each value would leave. */
export function FacetPanel(props: {
  readonly chosen: BrowseFacets;
  readonly facets: BrowseResult["facets"] | undefined;
  readonly onChange: (change: Partial<Search>) => void;
}) {
  const facets = props.chosen;
  const change = (next: BrowseFacets): void => props.onChange({ facets: next });
  return (
    <div class="facets" role="group" aria-label="Filters" tabIndex={-1}>
      <ToggleRow
        label="Pinned only"
        checked={facets.pinned === true}
        onToggle={() => {
          const { pinned, ...rest } = facets;
          change(pinned === true ? rest : { ...rest, pinned: true });
        }}
      />
      <div class="facet-time">
        <Select
          label="Time"
          value={timeOf(facets)}
          options={TIMES}
          onChange={(value) => {
            const { time: _, ...rest } = facets;
            const days = TIMES.find((time) => time.value === value)?.days ?? 0;
            change(days === 0 ? rest : { ...rest, time: { from: Date.now() - days * DAY } });
          }}
        />
      </div>
      {FACETS.map(([name, label]) => (
        <Facet
          key={name}
          label={label}
          counts={props.facets?.[name] ?? []}
          chosen={facets[name] ?? []}
          onToggle={(value) => change(toggled(facets, name, value))}
        />
      ))}
    </div>
  );
}

function Facet(props: {
  readonly label: string;
  readonly counts: readonly FacetCount[];
  readonly chosen: readonly string[];
  readonly onToggle: (value: string) => void;
}) {
  const { label, counts, chosen } = props;
  const [all, setAll] = useState(false);
  // A value that is chosen stays where it can be let go, even when nothing has it any more.
  const gone = chosen.filter((value) => !counts.some((entry) => entry.value === value));
  const entries = [...counts, ...gone.map((value) => ({ value, count: 0 }))];
  if (entries.length === 0) return null;
  const shown = all ? entries : entries.filter(({ value }, index) => index < SHOWN || chosen.includes(value));
  return (
    <fieldset class="facet">
      <legend>{label}</legend>
      {shown.map(({ value, count }) => (
        <ToggleRow
          key={value}
          label={value}
          count={count}
          checked={chosen.includes(value)}
          onToggle={() => props.onToggle(value)}
        />
      ))}
      {shown.length < entries.length && (
        <button type="button" class="link facet-more" onClick={() => setAll(true)}>
          {`${entries.length - shown.length} more`}
        </button>
      )}
    </fieldset>
  );
}

function ToggleRow(props: {
  readonly label: string;
  readonly count?: number;
  readonly checked: boolean;
  readonly onToggle: () => void;
}) {
  return (
    <button type="button" class="facet-row" role="checkbox" aria-checked={props.checked} onClick={props.onToggle}>
      <span class="facet-box">{props.checked && <Icon name="check" />}</span>
      <span class="facet-label">{props.label}</span>
      {props.count !== undefined && <span class="facet-count">{grouped(props.count)}</span>}
    </button>
  );
}

function toggled(facets: BrowseFacets, name: FacetName, value: string): BrowseFacets {
  const old: readonly string[] = facets[name] ?? [];
  const next = old.includes(value) ? old.filter((other) => other !== value) : [...old, value];
  const { [name]: _, ...rest } = facets;
  return next.length === 0 ? rest : { ...rest, [name]: next };
}

function timeOf(facets: BrowseFacets): (typeof TIMES)[number]["value"] {
  const from = facets.time?.from;
  if (from === undefined) return "any";
  const days = (Date.now() - from) / DAY;
  return TIMES.find((time) => time.days >= Math.floor(days) && time.days > 0)?.value ?? "365";
}
