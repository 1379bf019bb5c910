import type { LaneLine, LaneRow } from "./layoutLanes.ts";

/** Pixels. */
export const LANE_ROW_HEIGHT = 28;
const LANE_WIDTH = 14;
const MIDDLE = LANE_ROW_HEIGHT / 2;
const COLOURS = 5;

/** One row's piece of the graph. A commit that HEAD inherits is a full dot, another one a ring; HEAD itself has a halo. */
export function LaneDrawing(props: { readonly row: LaneRow; readonly lanes: number; readonly isHead: boolean }) {
  const { row, lanes, isHead } = props;
  const width = lanes * LANE_WIDTH + 4;
  const visible = row.commit.visible;
  return (
    <svg
      class="lane-svg"
      width={width}
      height={LANE_ROW_HEIGHT}
      viewBox={`0 0 ${width} ${LANE_ROW_HEIGHT}`}
      aria-hidden="true"
    >
      {row.lines.map((line, index) => (
        <path key={index} class={`lane-line lane-${line.colour % COLOURS}`} d={pathOf(line)} />
      ))}
      {isHead && <circle class="lane-halo" cx={x(row.lane)} cy={MIDDLE} r={7} />}
      <circle
        class={`lane-dot lane-${row.colour % COLOURS} ${visible ? "is-visible" : "is-hidden"}`}
        cx={x(row.lane)}
        cy={MIDDLE}
        r={row.commit.memories > 0 ? 4.5 : 3}
      />
    </svg>
  );
}

const x = (lane: number): number => lane * LANE_WIDTH + LANE_WIDTH / 2 + 2;

function pathOf({ from, to, part }: LaneLine): string {
  if (part === "past") return `M ${x(from)} 0 V ${LANE_ROW_HEIGHT}`;
  const [top, bottom] = part === "above" ? [0, MIDDLE] : [MIDDLE, LANE_ROW_HEIGHT];
  if (from === to) return `M ${x(from)} ${top} V ${bottom}`;
  const half = (top + bottom) / 2;
  return `M ${x(from)} ${top} C ${x(from)} ${half}, ${x(to)} ${half}, ${x(to)} ${bottom}`;
}
