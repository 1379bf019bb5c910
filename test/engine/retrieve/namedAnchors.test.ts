import { expect, test } from "vitest";
import { namedAnchor, namedCode } from "../../../src/engine/retrieve/namedAnchors.ts";

const anchors = [{ path: "src/engine/Retrieve/plan.ts", symbol: "Planner.chooseIndex" }, { path: "docs/scores.md" }];
const found = (query: string): string | undefined => {
  const named = namedCode(query);
  return named === undefined ? undefined : namedAnchor(named, anchors)?.path;
};

test.each([
  ["why does src/engine/retrieve/plan.ts choose so", "src/engine/Retrieve/plan.ts"],
  ["retrieve\\plan.ts", "src/engine/Retrieve/plan.ts"],
  ["what is in plan.ts?", "src/engine/Retrieve/plan.ts"],
  ["see scores.md.", "docs/scores.md"],
  ["chooseIndex is slow", "src/engine/Retrieve/plan.ts"],
  ["who calls Planner::chooseIndex()", "src/engine/Retrieve/plan.ts"],
])("%s names %s", (query, path) => {
  expect(found(query)).toBe(path);
});

test.each(["the plan", "choose index", "an.ts", "e.g. this", "version 1.2", "otherName", "src/engine"])(
  "%s names none",
  (query) => {
    expect(found(query)).toBeUndefined();
  },
);
