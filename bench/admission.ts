/**
 * Admission alone, on real text with everything on: one text at a time, many at once, its steps, the token tables' memory, and the duplicate index.
 * `node --expose-gc bench/admission.ts [texts]`, 10000 unless told. One JSON line a figure. Without --expose-gc memory is not measured.
 */
import { defaultSettings } from "../src/contract/settings.ts";
import { createAdmission } from "../src/engine/admit/admission.ts";
import { chunk } from "../src/engine/admit/chunk.ts";
import { createDuplicateIndex } from "../src/engine/admit/duplicates.ts";
import { normaliseContent } from "../src/engine/admit/normalise.ts";
import { screen } from "../src/engine/admit/screen.ts";
import { signature } from "../src/engine/admit/signature.ts";
import { createTokenCounter } from "../src/engine/admit/tokens.ts";
import { realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";

const collect = (globalThis as { gc?: () => void }).gc;
const megabytes = (): { readonly rss: number; readonly heap: number } => {
  collect?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: rss / 1e6, heap: heapUsed / 1e6 };
};
const print = (figure: string, values: Readonly<Record<string, number>>): void =>
  printFigure("admission", figure, values);
/** Milliseconds of processor time. */
const timed = (work: () => void): number => {
  const from = process.cpuUsage();
  work();
  return process.cpuUsage(from).user / 1000;
};

const tokens = createTokenCounter();
const before = megabytes();
const loading = performance.now();
await tokens.load();
const loadMs = performance.now() - loading;
const after = megabytes();
print("token tables", {
  loadMs,
  ...(collect ? { rssMB: after.rss - before.rss, heapMB: after.heap - before.heap } : {}),
});

const texts = realTexts(Number(process.argv[2] ?? 10_000));
const characters = texts.reduce((sum, text) => sum + text.length, 0);
const place = { workspace: "/workspace" };
const admission = createAdmission(defaultSettings, {
  tokens,
  readWorkspaceFile: () => Promise.resolve("API_KEY=k9Xq2mPz7w\nDATABASE_URL=postgres://app:Zx81kkQp0@db/main\n"),
  listWorkspaceFolder: () => Promise.resolve([".env"]),
  monotonic: () => performance.now(),
  anchorGuard: () => Promise.resolve(new Set()),
});
const candidates = texts.map((content) => ({
  content,
  eventType: "note",
  tags: ["bench"],
  metadata: { source: "bench" },
}));

// Per second of processor time too, which other work on the machine changes less.
const start = performance.now();
const cpu = process.cpuUsage();
for (let at = 0; at < candidates.length; at += 500) await admission.admitMany(candidates.slice(at, at + 500), place);
const { user } = process.cpuUsage(cpu);
print("admitMany, first pass", {
  perSecond: (texts.length / (performance.now() - start)) * 1000,
  perCpuSecond: (texts.length / user) * 1e6,
  meanCharacters: characters / texts.length,
});

const single: number[] = [];
for (const candidate of candidates) {
  const start = performance.now();
  await admission.admit(candidate, place);
  single.push((performance.now() - start) * 1000);
}
print("admit, microseconds", summary(single));

const megabytesPerSecond = (work: (text: string) => unknown): number =>
  characters / 1000 / timed(() => texts.forEach((text) => void work(text)));
print("steps, MB/s of UTF-16 units", {
  normalise: megabytesPerSecond(normaliseContent),
  screen: megabytesPerSecond((text) => screen(text, [{ name: "A", value: "k9Xq2mPz7w" }])),
  count: megabytesPerSecond((text) => tokens.count(text)),
  signature: megabytesPerSecond(signature),
});

const megabyte = texts.join("\n\n").slice(0, 1_000_000);
print("one memory of 1 MB, ms", {
  chunk: timed(() => chunk(megabyte, (text) => text.length)),
  chunkAndCount: timed(() => chunk(megabyte, (text) => tokens.count(text))),
  screen: timed(() => screen(megabyte, [])),
  signature: timed(() => signature(megabyte)),
});

const signatures = texts.map((text) => signature(text));
const rows = 100_000;
collect?.();
const empty = process.memoryUsage().arrayBuffers;
const index = createDuplicateIndex(defaultSettings.duplicateSimilarity);
const addMs = timed(() => {
  for (let row = 0; row < rows; row++) index.add(row, signatures[row % signatures.length] ?? "");
});
collect?.();
const bytesPerRow = (process.memoryUsage().arrayBuffers - empty) / rows;
print("duplicate index, 100000 rows", { addMs, ...(collect ? { bytesPerRow } : {}) });

index.remove(0);

const distinct = createDuplicateIndex(defaultSettings.duplicateSimilarity);
let found = 0;
const findMs = timed(() =>
  texts.forEach((content, row) => {
    const own = signatures[row] ?? "";
    if (
      distinct.find(
        { content, signature: own },
        (other) => texts[other] ?? "",
        () => true,
      ) !== undefined
    )
      found++;
    distinct.add(row, own);
  }),
);
print("find and add", { microseconds: (findMs / texts.length) * 1000, duplicates: found });
