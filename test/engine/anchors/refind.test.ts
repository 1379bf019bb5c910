import { createHash } from "node:crypto";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Fingerprint } from "../../../src/contract/freshness.ts";
import type { Anchor } from "../../../src/contract/memory.ts";
import { CodeFile } from "../../../src/engine/anchors/codeFile.ts";
import { fingerprintOf } from "../../../src/engine/anchors/fingerprint.ts";
import { refind } from "../../../src/engine/anchors/refind.ts";
import type { Refound } from "../../../src/engine/anchors/refound.ts";
import { createFileParser, type FileParser } from "../../../src/engine/code/parse/parseFile.ts";

let parser: FileParser;
beforeAll(async () => {
  parser = await createFileParser(join(import.meta.dirname, "../../../dist"));
});

async function fileOf(path: string, text: string): Promise<CodeFile> {
  const blob = createHash("sha1").update(text).digest("hex");
  return new CodeFile(path, blob, text, (await parser.parse({ path, text })).symbols);
}

async function after(anchor: Anchor, before: string, now: string): Promise<Refound | undefined> {
  const print = fingerprintOf(anchor, await fileOf(anchor.path, before));
  expect(print).toBeDefined();
  return refind(anchor, print as Fingerprint, await fileOf(anchor.path, now));
}

interface Sample {
  readonly path: string;
  readonly symbol: string;
  readonly text: string;
  readonly comment: (text: string) => string;
  /** The symbol with another body, in two, and gone. */
  readonly changed: readonly [from: string, to: string];
  readonly split: (text: string) => string;
}

const SAMPLES: readonly Sample[] = [
  {
    path: "src/cart.ts",
    symbol: "total",
    text: `export const TAX = 0.2;

export function total(items: readonly Item[]): number {
  let sum = 0;
  for (const item of items) {
    if (item.price < 0) throw new Error("a price is below zero");
    sum += item.price * item.count;
  }
  const tax = sum * TAX;
  return Math.round((sum + tax) * 100) / 100;
}

export function empty(): readonly Item[] {
  return [];
}
`,
    comment: (text) => `// ${text}`,
    changed: ["item.price < 0", "item.price <= 1"],
    split: (text) =>
      text
        .replace("  const tax = sum * TAX;\n  return Math.round((sum + tax) * 100) / 100;", "  return withTax(sum);")
        .replace("function total", "function sumOf")
        .concat(
          "export function withTax(sum: number): number {\n  const tax = sum * TAX;\n  return Math.round((sum + tax) * 100) / 100;\n}\n",
        ),
  },
  {
    path: "cart.py",
    symbol: "total",
    text: `TAX = 0.2


def total(items):
    sum = 0
    for item in items:
        if item.price < 0:
            raise ValueError("a price is below zero")
        sum += item.price * item.count
    tax = sum * TAX
    return round((sum + tax) * 100) / 100


def empty():
    return []
`,
    comment: (text) => `# ${text}`,
    changed: ["item.price < 0", "item.price <= 1"],
    split: (text) =>
      text
        .replace("    tax = sum * TAX\n    return round((sum + tax) * 100) / 100", "    return with_tax(sum)")
        .replace("def total", "def sum_of")
        .concat("\n\ndef with_tax(sum):\n    tax = sum * TAX\n    return round((sum + tax) * 100) / 100\n"),
  },
  {
    path: "cart.go",
    symbol: "Total",
    text: `package cart

const Tax = 0.2

func Total(items []Item) float64 {
	sum := 0.0
	for _, item := range items {
		if item.Price < 0 {
			panic("a price is below zero")
		}
		sum += item.Price * item.Count
	}
	tax := sum * Tax
	return math.Round((sum+tax)*100) / 100
}

func Empty() []Item {
	return nil
}
`,
    comment: (text) => `// ${text}`,
    changed: ["item.Price < 0", "item.Price <= 1"],
    split: (text) =>
      text
        .replace("\ttax := sum * Tax\n\treturn math.Round((sum+tax)*100) / 100", "\treturn withTax(sum)")
        .replace("func Total", "func sumOf")
        .concat(
          "\nfunc withTax(sum float64) float64 {\n\ttax := sum * Tax\n\treturn math.Round((sum+tax)*100) / 100\n}\n",
        ),
  },
];

describe.each(SAMPLES)("a symbol of $path", ({ path, symbol, text, comment, changed, split }) => {
  const anchor: Anchor = { path, symbol };
  const renamed = (source: string): string => source.replaceAll(new RegExp(`\\b${symbol}\\b`, "gu"), "another");

  const same: readonly (readonly [string, string])[] = [
    ["unchanged", text],
    ["with Windows line ends", text.replaceAll("\n", "\r\n")],
    [
      "with comments",
      text
        .split("\n")
        .flatMap((line) => [
          line,
          ...(line.trim() === "" ? [] : [`${/^\s*/u.exec(line)?.[0] ?? ""}${comment(line.trim())}`]),
        ])
        .join("\n"),
    ],
    ["with blank lines and trailing blanks", text.replaceAll("\n", "  \n\n")],
    ["with code above it", text.replace("\n\n", `\n\n${comment("new")}\n\n`)],
    ["at the end of the file", moveToEnd(text)],
    ["indented otherwise", text.replaceAll("    ", "\t").replaceAll("  ", "\t")],
  ];
  test.each(same)("is fresh %s", async (_how, now) => {
    expect(await after(anchor, text, now)).toMatchObject({ freshness: "fresh" });
  });

  test("is fresh under another name", async () => {
    const found = await after(anchor, text, renamed(text));
    expect(found).toMatchObject({ freshness: "fresh", symbol: "another", why: "renamed to another" });
  });

  test("drifts when its body changes, also under another name", async () => {
    const now = text.replace(...changed);
    expect(await after(anchor, text, now)).toMatchObject({ freshness: "drifted", why: "body changed" });
    expect(await after(anchor, text, renamed(now))).toMatchObject({ freshness: "drifted", symbol: "another" });
  });

  test("drifts when it is split", async () => {
    const found = await after(anchor, text, split(text));
    expect(found?.freshness).toBe("drifted");
    expect(found?.why).toMatch(/renamed|split/u);
  });

  test("is not found where it is deleted", async () => {
    expect(await after(anchor, text, deleted(text))).toBeUndefined();
  });
});

/** Cuts the paragraph that begins with the symbol, of all of these languages. */
function deleted(text: string): string {
  const paragraphs = text.split(/\n\n+/u);
  return paragraphs.filter((one) => !/total/iu.test(one.split("\n")[0] ?? "")).join("\n\n");
}

function moveToEnd(text: string): string {
  const paragraph = text.split(/\n\n+/u).find((one) => /total/iu.test(one.split("\n")[0] ?? "")) ?? "";
  return `${deleted(text)}\n\n${paragraph}\n`;
}

describe("lines of a file", () => {
  const text = `${Array.from({ length: 40 }, (_, at) => `setting.${at} = value of ${at * at} and ${at % 7}`).join("\n")}\n`;
  const anchor: Anchor = { path: "app.conf", startLine: 10, endLine: 14 };
  const lines = text.split("\n");

  test("are fresh where they moved to", async () => {
    const above = `first = 1\nsecond = 2\n${text}`;
    expect(await after(anchor, text, above)).toMatchObject({ freshness: "fresh", startLine: 12, endLine: 16 });
    const moved = [...lines.slice(0, 9), ...lines.slice(14, 30), ...lines.slice(9, 14), ...lines.slice(30)].join("\n");
    expect(await after(anchor, text, moved)).toMatchObject({ freshness: "fresh", startLine: 26, endLine: 30 });
  });

  test("drift where some of them change, and tell where they are", async () => {
    const now = `zero = 0\n${text.replace("setting.11 =", "setting.11 = twice the").replace("setting.12 =", "limit.12 =")}`;
    expect(await after(anchor, text, now)).toMatchObject({ freshness: "drifted", startLine: 11, endLine: 15 });
  });

  test("are gone where they were deleted", async () => {
    expect(await after(anchor, text, [...lines.slice(0, 9), ...lines.slice(14)].join("\n"))).toBeUndefined();
  });

  test("of several copies are the one with the same surroundings", async () => {
    const copy = "begin\ncall(one, two, three)\nend\n";
    const before = `alpha is here now\n${copy}beta is here now\n${copy}gamma is here now\n`;
    const now = `omega is new\n${copy}alpha is here now\n${copy}beta is here now\n${copy}gamma is here now\n`;
    expect(await after({ path: "x.unknown", startLine: 6, endLine: 8 }, before, now)).toMatchObject({
      freshness: "fresh",
      startLine: 10,
    });
  });
});

describe("a whole file", () => {
  const anchor: Anchor = { path: "notes.unknown" };
  const text = Array.from({ length: 100 }, (_, at) => `line ${at} says ${at * 31} and nothing else ${at % 13}`).join(
    "\n",
  );

  test("stays fresh while a little of it changes, and drifts when more does", async () => {
    expect(await after(anchor, text, text.replaceAll(" ", "  "))).toMatchObject({
      freshness: "fresh",
      why: "same code",
    });
    expect(await after(anchor, text, text.replace("line 50", "row 50"))).toMatchObject({ freshness: "fresh" });
    const half = text.replaceAll(/line (\d*[02468]) says/gu, "row $1 tells");
    expect(await after(anchor, text, half)).toMatchObject({ freshness: "drifted" });
  });
});

test("indentation is code where the language says so", async () => {
  const text = "def run(items):\n    for item in items:\n        open(item)\n        close(item)\n    return items\n";
  const now = text.replace("        close(item)", "    close(item)");
  expect(await after({ path: "run.py", symbol: "run" }, text, now)).toMatchObject({ freshness: "drifted" });
});

test("a method is fresh in a class that has another name, or went to another one", async () => {
  const text =
    "class Old:\n    def close(self):\n        self.pop(self.top)\n\nclass Other:\n    def close(self):\n        return 1\n";
  const anchor: Anchor = { path: "stack.py", symbol: "Old.close" };
  const found = await after(anchor, text, text.replace("Old", "Young"));
  expect(found).toMatchObject({ freshness: "fresh", symbol: "Young.close", why: "renamed to Young.close" });
  const gone = text.replace("self.pop(self.top)", "raise RuntimeError(self)").replace("Old", "Young");
  expect(await after(anchor, text, gone)).not.toMatchObject({ freshness: "fresh" });
});

describe("a function with overloads", () => {
  const ANCHOR = { path: "inject.ts", symbol: "inject" };
  const OVERLOADED = `export function inject<T>(key: Key<T>): T | undefined;
/** With what is given where nothing is provided. */
export function inject<T>(key: Key<T>, fallback: T): T;
export function inject(key: unknown, fallback?: unknown): unknown {
  const provided = current?.provides ?? app.provides;
  return key in provided ? provided[key] : fallback;
}

export function provide(key: unknown, value: unknown): void {
  current.provides[key] = value;
}
`;

  test("is another when its body is, or one of its overloads", async () => {
    expect(await after(ANCHOR, OVERLOADED, OVERLOADED.replace("?? app", "|| app"))).toMatchObject({
      freshness: "drifted",
      startLine: 1,
      endLine: 7,
    });
    expect(await after(ANCHOR, OVERLOADED, OVERLOADED.replace("fallback: T)", "fallback: T | null)"))).toMatchObject({
      freshness: "drifted",
    });
  });

  test("is the same when it moves, and under another name", async () => {
    expect(await after(ANCHOR, OVERLOADED, `const app = {};\n\n${OVERLOADED}`)).toMatchObject({
      freshness: "fresh",
      startLine: 3,
      endLine: 9,
    });
    const renamed = OVERLOADED.replaceAll("function inject", "function injected");
    expect(await after(ANCHOR, OVERLOADED, renamed)).toMatchObject({ freshness: "fresh", symbol: "injected" });
  });

  test("is none with what has its name elsewhere", async () => {
    const apart = "class A {\n  open() {\n    one();\n  }\n}\nclass B {\n  open() {\n    two();\n  }\n}\n";
    const changed = apart.replace("two()", "three()");
    expect(await after({ path: "open.ts", symbol: "A.open" }, apart, changed)).toMatchObject({ freshness: "fresh" });
  });
});
