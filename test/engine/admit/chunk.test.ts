import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PASSAGE_LIMIT, chunk } from "../../../src/engine/admit/chunk.ts";
import { loadStaticModel } from "../../../src/engine/embedding/staticModel.ts";

const length = (text: string): number => text.length;
const paragraph = (words: number): string => Array.from({ length: words }, (_, at) => `word${at}`).join(" ") + ".";
const passages = (text: string): readonly string[] =>
  chunk(text, length).map((part) => text.slice(part.start, part.end));

const model = loadStaticModel(readFileSync(join(import.meta.dirname, "../../../media/model/static.bin")));
const embed = (text: string): Float32Array => model.embed(text);

describe("parts", () => {
  it("are none for a text of one passage", () => {
    expect(chunk("x".repeat(PASSAGE_LIMIT), length)).toEqual([]);
  });

  it("cover the text in order without gap or overlap, at least two, none over the limit", () => {
    const line = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.constantFrom(
        "# One",
        "## Two",
        "### Three",
        "```ts",
        "```",
        "~~~",
        "",
        "",
        "- item",
        "x".repeat(3000),
        "👩‍👩‍👧".repeat(400),
        " ".repeat(2000),
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 10, maxLength: 120 }), fc.boolean(), (lines, turning) => {
        const text = lines.join("\n");
        const parts = chunk(text, length, turning ? embed : undefined);
        if (text.length <= PASSAGE_LIMIT) return;
        expect(parts.length).toBeGreaterThan(1);
        let at = 0;
        for (const part of parts) {
          expect(part.start).toBe(at);
          expect(part.end).toBeGreaterThan(part.start);
          expect(part.end - part.start).toBeLessThanOrEqual(PASSAGE_LIMIT);
          expect(part.tokens).toBe(part.end - part.start);
          at = part.end;
        }
        expect(at).toBe(text.length);
      }),
      { numRuns: 200 },
    );
  });

  it("begin at headings and carry those above them", () => {
    const text = `# Guide\n\n${paragraph(150)}\n\n## Setup\n\n${paragraph(150)}\n\n### Linux\n\n${paragraph(150)}\n\n## Use\n\n${paragraph(150)}`;
    expect(chunk(text, length).map((part) => part.headings)).toEqual([
      ["Guide"],
      ["Guide", "Setup"],
      ["Guide", "Setup", "Linux"],
      ["Guide", "Use"],
    ]);
  });

  it("never cut a fence that fits, nor take a comment in it for a heading", () => {
    const fence = `\`\`\`sh\n# not a heading\n${"run it now\n\n".repeat(100)}\`\`\`\n`;
    const text = `${paragraph(100)}\n\n${fence}\n${paragraph(100)}\n\n${fence}`;
    const cut = passages(text);
    expect(cut.filter((part) => part.includes(fence.trimEnd()))).toHaveLength(2);
    expect(chunk(text, length).flatMap((part) => part.headings)).toEqual([]);
  });

  it("cut a fence over the limit at lines, and prose at sentences", () => {
    const code = `\`\`\`\n${"const x = compute(1, 2, 3);\n".repeat(200)}\`\`\``;
    for (const part of passages(code).slice(0, -1)) expect(part.endsWith("\n")).toBe(true);
    for (const part of passages(`${paragraph(12)} `.repeat(60)).slice(0, -1)) expect(part).toMatch(/\. $/u);
  });

  it("do not tear characters apart", () => {
    for (const part of passages("xyz" + "👩‍👩‍👧".repeat(2000)).slice(1)) expect(part.startsWith("👩")).toBe(true);
  });

  it("ends for a megabyte of anything", () => {
    for (const unit of ["x", "a b ", "# # ", "\n", "```\n", "# h\n", "日本語。", "​é"]) {
      expect(chunk(unit.repeat(1_000_000 / unit.length), length).length).toBeGreaterThan(600);
    }
  });
});

describe("with an embedding, parts", () => {
  const payments = [
    "A payment that fails is tried again by the checkout service.",
    "The bank answers with a code that says whether the card was declined.",
    "A declined card is not charged a second time.",
    "Refunds are booked to the same account that the money came from.",
    "The invoice is sent by mail when the payment is settled.",
    "Customers see the state of their payment in the order history.",
    "Chargebacks are handled by the finance team once a week.",
    "Currencies are converted at the rate of the day of the purchase.",
  ];
  const birds = [
    "Herons nest in tall trees near the river in early spring.",
    "The chicks leave the nest after seven weeks and learn to fish.",
    "Ducks swim in the pond and dive for water plants.",
    "Swans defend their eggs against foxes and other birds.",
    "Geese fly south in autumn and return when the ice melts.",
    "Owls hunt mice at night and sleep in hollow trees by day.",
    "Storks build large nests on chimneys and church towers.",
    "Sparrows bathe in dust to keep their feathers clean.",
  ];
  const cut = (text: string, embedder = embed): readonly string[] =>
    chunk(text, length, embedder).map(({ start, end }) => text.slice(start, end));

  it("end where the meaning turns, in the middle of a paragraph as well", () => {
    const text = `${[...payments, ...payments].join(" ")} ${[...birds, ...birds].join(" ")}`;
    const parts = cut(text);
    expect(parts.some((part) => part.startsWith("Herons"))).toBe(true);
    for (const part of parts) expect(/payment|card/u.test(part)).not.toBe(/nest|Geese/u.test(part));
    // By structure alone the first passage is filled up with what comes next.
    expect(passages(text).some((part) => part.startsWith("Herons"))).toBe(false);
  });

  it("never end inside a fence, a list item with what is nested in it, a table row or a sentence", () => {
    const item = (bird: string, at: number): string =>
      `- ${bird} It is\n  written on two lines.\n  - nested ${at}\n\n  \`\`\`sh\n  run ${at}\n  \`\`\`\n`;
    const list = [...birds, ...payments].map(item).join("\n");
    const fence = `\`\`\`ts\n${birds.map((bird) => `// ${bird}\n\ncall();\n`).join("")}\`\`\`\n`;
    const table = [...payments, ...birds].map((row, at) => `| ${at} | ${row} |\n`).join("");
    const wrapped = [...birds, ...payments].join(" ").replaceAll(/(.{60}\S*) /gu, "$1\n");
    const text = [wrapped, list, fence, table, wrapped].join("\n");
    const parts = cut(text);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts.slice(1)) expect(part).toMatch(/^(?:[A-Z]|- |\| \d|```ts)/u);
    for (const part of parts) {
      expect((part.match(/```/gu) ?? []).length % 2).toBe(0);
      expect(part.trimEnd()).toMatch(/(?:[.`|])$/u);
    }
  });

  it("begin at headings that follow enough text, and carry them", () => {
    const text = `# Shop\n\n${payments.join(" ")} ${payments.join(" ")}\n\n## Payments\n\n${payments.join(" ")} ${payments.join(" ")}\n\n## Birds\n\n${birds.join(" ")}`;
    const parts = chunk(text, length, embed);
    for (const heading of ["## Payments", "## Birds"])
      expect(parts.filter(({ start }) => text.startsWith(heading, start))).toHaveLength(1);
    expect(parts.at(-1)?.headings).toEqual(["Shop", "Birds"]);
  });

  it("are those of the structure when the embedding fails, whenever it does", () => {
    const text = `# Shop\n\n${[...payments, ...birds, ...payments].join(" ")}\n\n${birds.join("\n\n")}`;
    for (const failsAt of [1, 2, 10]) {
      let calls = 0;
      const failing = (sentence: string): Float32Array => {
        if (++calls >= failsAt) throw new Error("no model");
        return embed(sentence);
      };
      expect(cut(text, failing)).toEqual(passages(text));
      expect(calls).toBe(failsAt);
    }
  });

  it("come in a moment for any quarter of a megabyte", () => {
    for (const unit of ["x", "a. b. ", "- a\n", "- a\n\n", "# h\n", "日本語。", "| a |\n", "​é. "])
      expect(cut(unit.repeat(262_144 / unit.length)).length).toBeGreaterThan(100);
  });
});
