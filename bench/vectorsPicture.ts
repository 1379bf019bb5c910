// Draws recall against time from what bench/vectors.ts printed, a panel a size.
// usage: node bench/vectors.ts > vectors.jsonl; node bench/vectorsPicture.ts vectors.jsonl docs/vectors.svg
import { readFileSync, writeFileSync } from "node:fs";

interface Search {
  readonly index: string;
  readonly vectors: number;
  readonly recall: number;
  /** Milliseconds of processor time a query. */
  readonly cpu: number;
}

const [from = "", to = ""] = process.argv.slice(2);
const searches = readFileSync(from, "utf8")
  .split("\n")
  .filter((line) => line.includes('"search (ms)"'))
  .map((line) => JSON.parse(line) as Search);
const sizes = [...new Set(searches.map(({ vectors }) => vectors))].sort((a, b) => a - b);

const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [300, 260, 60, 50, 70];
const LEAST_RECALL = 0.8;
const COLOURS = { "exact, SIMD": "#1a7f37", "signs first": "#0969da", "exact, JavaScript": "#9a6700", HNSW: "#cf222e" };

const panels = sizes.map((size, at) => {
  const own = searches.filter(({ vectors }) => vectors === size);
  return panel(size, own, LEFT + at * (WIDTH + GAP));
});
const legend = Object.entries(COLOURS).map(
  ([name, colour], at) =>
    `<circle cx="${LEFT + at * 170}" cy="${TOP + HEIGHT + 62}" r="5" fill="${colour}"/>` +
    `<text x="${LEFT + 10 + at * 170}" y="${TOP + HEIGHT + 66}">${nameOf(name)}</text>`,
);
const [width, height] = [LEFT + sizes.length * (WIDTH + GAP), TOP + HEIGHT + 85];
writeFileSync(
  to,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#1f2328">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${[...panels, ...legend].join("\n")}
</svg>
`,
);

/** Recall to the right, time upwards in powers of ten: what stands lower and further right is better. */
function panel(size: number, own: readonly Search[], left: number): string {
  const times = own.map(({ cpu }) => Math.log10(cpu));
  const [low, high] = [Math.floor(Math.min(...times)), Math.ceil(Math.max(...times))];
  const x = (recall: number): number =>
    left + (WIDTH * (Math.max(recall, LEAST_RECALL) - LEAST_RECALL)) / (1 - LEAST_RECALL);
  const y = (cpu: number): number => TOP + HEIGHT - (HEIGHT * (Math.log10(cpu) - low)) / (high - low);
  const lines = [
    `<text x="${left}" y="${TOP - 20}" font-weight="bold">${size.toLocaleString("en")} vectors</text>`,
    `<rect x="${left}" y="${TOP}" width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="#8c959f"/>`,
    `<text x="${left}" y="${TOP - 6}" font-size="10">ms of processor time a query</text>`,
    `<text x="${left + WIDTH - 130}" y="${TOP + HEIGHT + 36}" font-size="10">recall of the ten nearest</text>`,
  ];
  for (let power = low; power <= high; power++)
    lines.push(
      `<line x1="${left}" x2="${left + WIDTH}" y1="${y(10 ** power)}" y2="${y(10 ** power)}" stroke="#d0d7de"/>`,
      `<text x="${left - 8}" y="${y(10 ** power) + 4}" text-anchor="end">${10 ** power}</text>`,
    );
  for (const recall of [0.8, 0.85, 0.9, 0.95, 1])
    lines.push(`<text x="${x(recall)}" y="${TOP + HEIGHT + 18}" text-anchor="middle">${recall}</text>`);
  const graph = own.filter(({ index }) => index.startsWith("hnsw"));
  const path = graph.map(({ recall, cpu }) => `${x(recall).toFixed(1)},${y(cpu).toFixed(1)}`).join(" ");
  lines.push(`<polyline points="${path}" fill="none" stroke="${COLOURS.HNSW}"/>`);
  for (const { index, recall, cpu } of own)
    lines.push(
      `<circle cx="${x(recall).toFixed(1)}" cy="${y(cpu).toFixed(1)}" r="5" fill="${colourOf(index)}">` +
        `<title>${index}: recall ${recall}, ${cpu} ms</title></circle>`,
    );
  return lines.join("\n");
}

function colourOf(index: string): string {
  return index in COLOURS ? COLOURS[index as keyof typeof COLOURS] : COLOURS.HNSW;
}

function nameOf(series: string): string {
  return series === "HNSW" ? "hnswlib-wasm, ef 16 to 512" : series;
}
