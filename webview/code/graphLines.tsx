import type { GraphNode } from "./graphModel.ts";

/** Pixels; code.css draws nodes of this height with this gap. */
export const NODE_HEIGHT = 44;
export const NODE_GAP = 6;
const WIDTH = 48;

/** Height of a column of so many nodes. */
export const columnHeight = (nodes: number): number => nodes * NODE_HEIGHT + Math.max(0, nodes - 1) * NODE_GAP;

/** Lines from the nodes of one side to the middle, or from the middle to them; columns are centred on one height. */
export function GraphLines(props: {
  readonly nodes: readonly GraphNode[];
  readonly height: number;
  readonly side: "left" | "right";
}) {
  const { nodes, height, side } = props;
  const top = (height - columnHeight(nodes.length)) / 2;
  const middle = height / 2;
  const [node, centre] = side === "left" ? [0, WIDTH] : [WIDTH, 0];
  return (
    <svg class="graph-lines" width={WIDTH} height={height} viewBox={`0 0 ${WIDTH} ${height}`} aria-hidden="true">
      {nodes.map(({ target, tie, isSure }, index) => {
        const at = top + index * (NODE_HEIGHT + NODE_GAP) + NODE_HEIGHT / 2;
        const half = WIDTH / 2;
        return (
          <path
            key={target}
            class={`graph-line is-${tie} ${isSure ? "" : "is-unsure"}`}
            d={`M ${node} ${at} C ${half} ${at}, ${half} ${middle}, ${centre} ${middle}`}
          />
        );
      })}
    </svg>
  );
}
