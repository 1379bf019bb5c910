import type { LaneCommit } from "../../src/contract/explore.ts";

/** A line of the graph within one row: from a lane at one edge to the row's own dot, past it, or from the dot to a lane below. */
export interface LaneLine {
  readonly from: number;
  readonly to: number;
  readonly part: "above" | "past" | "below";
  /** Which colour: lines of one colour are one strand. */
  readonly colour: number;
}
export interface LaneRow {
  readonly commit: LaneCommit;
  /** The lane of the commit's dot, from 0 at the left. */
  readonly lane: number;
  readonly colour: number;
  readonly lines: readonly LaneLine[];
  /** Lanes that the row needs room for. */
  readonly width: number;
}

interface Strand {
  /** The commit that it leads to. */
  readonly to: string;
  readonly colour: number;
}

/**
 * Places commits (newest first, children before parents) in lanes: a commit takes the leftmost lane that leads to it, its first parent goes
 * on in that lane, further parents join the lane that leads to them already, else take the leftmost free one. Lanes that lead to one commit meet
 * there; a lane never moves sideways between commits.
 */
export function layoutLanes(commits: readonly LaneCommit[]): readonly LaneRow[] {
  const lanes: (Strand | undefined)[] = [];
  let colours = 0;
  const free = (): number => {
    const index = lanes.indexOf(undefined);
    return index === -1 ? lanes.length : index;
  };
  return commits.map((commit) => {
    const found = lanes.findIndex((strand) => strand?.to === commit.commit);
    const lane = found === -1 ? free() : found;
    const colour = lanes[lane]?.colour ?? colours++;
    const lines: LaneLine[] = [];
    const before = lanes.length;
    lanes.forEach((strand, index) => {
      if (strand === undefined) return;
      if (strand.to !== commit.commit) {
        lines.push({ from: index, to: index, part: "past", colour: strand.colour });
        return;
      }
      lines.push({ from: index, to: lane, part: "above", colour: strand.colour });
      lanes[index] = undefined;
    });
    commit.parents.forEach((parent, index) => {
      const known = lanes.findIndex((strand) => strand?.to === parent);
      if (known !== -1 && index > 0) {
        lines.push({ from: lane, to: known, part: "below", colour: lanes[known]?.colour ?? colour });
        return;
      }
      const target = index === 0 ? lane : free();
      const strand = { to: parent, colour: index === 0 ? colour : colours++ };
      lanes[target] = strand;
      lines.push({ from: lane, to: target, part: "below", colour: strand.colour });
    });
    while (lanes.length > 0 && lanes.at(-1) === undefined) lanes.pop();
    return { commit, lane, colour, lines, width: Math.max(before, lanes.length, lane + 1) };
  });
}
