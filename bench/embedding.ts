// The built-in model in one thread: loading it, and embedding texts of 200 characters, with WebAssembly and without; then all texts of a store anew.
// `--beside FOLDER` names a folder with an embed.mjs that exports StaticEmbedder(folder), measured in turns with ours.
// usage: node bench/embedding.ts [--texts 20000] [--beside FOLDER]      needs dist/ (npm run build)
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadStaticModel } from "../src/engine/embedding/staticModel.ts";
import { kernelMaker } from "../src/engine/indexing/simdKernel.ts";
import { createVectorIndex } from "../src/engine/indexing/vectorIndex.ts";
import { realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";

const { values } = parseArgs({ options: { texts: { type: "string", default: "20000" }, beside: { type: "string" } } });
const CHARACTERS = 200;
const ROUNDS = 9;

const root = join(import.meta.dirname, "..");
const wasm = readFileSync(join(root, "dist/vectorScan.wasm"));
const file = join(root, "media/model/static.bin");

const cold = timed(() => loadStaticModel(readFileSync(file), wasm).embed("the first text"));
const loads = Array.from({ length: ROUNDS }, () => timed(() => loadStaticModel(readFileSync(file), wasm)));
printFigure("embedding", "load the model, the first time (ms)", { ...cold, wanted: "at most 60" });
printFigure("embedding", "load the model again (ms)", { ...summary(loads.map(({ ms }) => ms)) });

const whole = realTexts(Number(values.texts));
const texts = whole.map((text) => text.slice(0, CHARACTERS));
const model = loadStaticModel(readFileSync(file), wasm);
const plain = loadStaticModel(readFileSync(file));
const contestants: Record<string, (text: string) => unknown> = {
  WebAssembly: (text) => model.embed(text),
  JavaScript: (text) => plain.embed(text),
};
if (values.beside !== undefined) {
  const folder = resolve(values.beside);
  const { StaticEmbedder } = (await import(join(folder, "embed.mjs"))) as {
    readonly StaticEmbedder: new (folder: string) => { embed(text: string): unknown };
  };
  const beside = new StaticEmbedder(folder);
  contestants["beside"] = (text) => beside.embed(text);
}
const perSecond = new Map(
  Object.keys(contestants).map((name) => [name, { wall: [] as number[], cpu: [] as number[] }]),
);
for (let round = 0; round < ROUNDS; round++)
  for (const [name, embed] of Object.entries(contestants)) {
    const { ms, cpuMs } = timed(() => texts.forEach((text) => embed(text)));
    if (round === 0) continue;
    perSecond.get(name)?.wall.push((1000 * texts.length) / ms);
    perSecond.get(name)?.cpu.push((1000 * texts.length) / cpuMs);
  }
for (const [name, { wall, cpu }] of perSecond)
  printFigure("embedding", `texts of ${CHARACTERS} characters a second, ${name}`, {
    ...{ value: summary(wall).p50, slowest: Math.min(...wall), fastest: Math.max(...wall) },
    ofProcessorTime: summary(cpu).p50,
    ...(name === "WebAssembly" ? { wanted: "at least 80000" } : {}),
  });

const again = whole.slice(0, 10_000);
const filled = timed(() => {
  const index = createVectorIndex({ model: model.id, dimensions: model.dimensions, makeKernel: kernelMaker(wasm) });
  for (const [row, text] of again.entries()) index.add(row, [model.embed(text)]);
});
printFigure("embedding", "embed and index anew (ms)", { memories: again.length, ...filled, wanted: "at most 1000" });

function timed(work: () => void): { readonly ms: number; readonly cpuMs: number } {
  const [started, before] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000 };
}
