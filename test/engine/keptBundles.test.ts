import { expect, test } from "vitest";
import { composedOf, KeptBundles } from "../../src/engine/keptBundles.ts";
import { codeItem } from "./compose/codeFixture.ts";
import { recalled } from "./compose/recalledFixture.ts";

const composed = (markdown: string) => ({ markdown, tokens: 1, items: [], dropped: [], stoppedBecause: "" });

test("a bundle is composed again only where something that it is made of is another", () => {
  const kept = new KeptBundles();
  let composings = 0;
  const ask = (memory: object, item: object, asked = "how"): string =>
    kept.get(
      asked,
      {
        memories: composedOf([recalled({ id: "a" }, { score: 0.5, ...memory })]),
        items: [codeItem("src/a.ts", item)],
        missing: [],
      },
      () => composed(`${++composings}`),
    ).markdown;
  expect([ask({}, {}), ask({}, {})]).toEqual(["1", "1"]);
  expect(ask({ ranking: { evidence: [], qualities: { ageMs: 5 } } }, {})).toBe("1");
  expect(ask({ score: 0.4 }, {})).toBe("2");
  expect(ask({ score: 0.4, visible: false, hiddenBecause: "elsewhere" }, {})).toBe("3");
  expect(ask({}, {}, "why")).toBe("4");
  expect(ask({ score: 0.4, visible: false, hiddenBecause: "elsewhere" }, {})).toBe("3");
  expect(ask({}, { reasons: ["another"] })).toBe("5");
  for (let other = 0; other < 40; other++) ask({}, {}, `other ${other}`);
  expect(ask({}, { reasons: ["another"] })).toBe("46");
});
