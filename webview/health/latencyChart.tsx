import uPlot from "uplot";
import { useEffect, useRef, useState } from "preact/hooks";
import type { LatencySample } from "../../src/contract/explore.ts";

const HEIGHT = 180;
const MINUTE_MS = 60_000;
const MINUTES = 60;
/** Fewer minutes than this make no line. */
const FEWEST = 3;

/** Median and 95th percentile over the last hour as a chart, and the same as a table for who would rather read. */
export function LatencyChart(props: { readonly name: string; readonly samples: readonly LatencySample[] }) {
  const { name, samples } = props;
  const [table, setTable] = useState(false);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    let chart: uPlot | undefined;
    const draw = (): void => {
      chart?.destroy();
      chart = new uPlot(optionsOf(element), dataOf(samples), element);
    };
    draw();
    const sizes = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height: HEIGHT }));
    sizes.observe(element);
    // VS Code changes the class of the body with the theme: the canvas has to be drawn in the new colours.
    const themes = new MutationObserver(draw);
    themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      chart?.destroy();
    };
  }, [samples, table]);

  const last = samples.at(-1);
  if (samples.length < FEWEST) {
    return (
      <div class="chart-box">
        <LatencyTable name={name} samples={samples} />
        <p class="muted chart-later">A chart is drawn of three minutes with calls and more.</p>
      </div>
    );
  }
  return (
    <div class="chart-box">
      {table ? (
        <LatencyTable name={name} samples={samples} />
      ) : (
        <div
          class="chart"
          ref={box}
          role="img"
          aria-label={`${name}: the last minute's median ${ms(last?.p50)}, 95th percentile ${ms(last?.p95)}`}
        />
      )}
      <div class="chart-foot">
        {!table && (
          <span class="chart-legend">
            <i class="size-key part-0" /> median <i class="size-key part-1" /> 95th percentile
          </span>
        )}
        <button type="button" class="link" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? "Show as chart" : "Show as table"}
        </button>
      </div>
    </div>
  );
}

function LatencyTable({ name, samples }: { readonly name: string; readonly samples: readonly LatencySample[] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={`${name} as a table`}>
      <table>
        <caption class="visually-hidden">{`${name}, milliseconds by minute`}</caption>
        <thead>
          <tr>
            {["Minute", "Calls", "Median", "95 %", "Slowest"].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.toReversed().map((sample) => (
            <tr key={sample.at}>
              <th scope="row">{clock.format(sample.at)}</th>
              <td>{sample.count}</td>
              <td>{ms(sample.p50)}</td>
              <td>{ms(sample.p95)}</td>
              <td>{ms(sample.max)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const ms = (time: number | undefined): string => (time === undefined ? "–" : `${time.toPrecision(2)} ms`);

/** One point a minute of the last hour; a minute without calls is a gap. */
function dataOf(samples: readonly LatencySample[]): uPlot.AlignedData {
  const end = Math.floor(Date.now() / MINUTE_MS);
  const byMinute = new Map(samples.map((sample) => [Math.floor(sample.at / MINUTE_MS), sample]));
  const minutes = Array.from({ length: MINUTES + 1 }, (_, index) => end - MINUTES + index);
  return [
    minutes.map((minute) => (minute * MINUTE_MS) / 1000),
    minutes.map((minute) => byMinute.get(minute)?.p50 ?? null),
    minutes.map((minute) => byMinute.get(minute)?.p95 ?? null),
  ];
}

function optionsOf(element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  const axis = {
    stroke: colour("--vscode-descriptionForeground"),
    grid: { stroke: colour("--heirloom-chart-grid"), width: 1 },
    ticks: { show: false },
    font: `11px ${style.fontFamily}`,
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false },
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        values: (_, times) => times.map((time) => clock.format(time * 1000)),
        incrs: [600, 900, 1800],
        space: 64,
      },
      { ...axis, values: (_, values) => values.map((value) => `${value.toLocaleString("en")} ms`), size: 64 },
    ],
    series: [
      {},
      { label: "median", stroke: colour("--heirloom-part-0"), width: 2, points: { show: true, size: 5 } },
      { label: "95 %", stroke: colour("--heirloom-part-1"), width: 2, points: { show: true, size: 5 } },
    ],
  };
}
