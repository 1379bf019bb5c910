/**
 * The text index alone, on real text: search with and without a bitset that hides half, adding, saving, loading, memory; and MiniSearch
 * on the same texts and queries. `node bench/textIndex.ts [documents…]`, 10000 and 100000 unless told. One JSON line a figure.
 */
import MiniSearch from "minisearch";
import { addRow, emptyRowSet } from "../src/contract/rowSet.ts";
import { createTextIndex, loadTextIndex } from "../src/engine/indexing/textIndex.ts";
import type { TextIndex, TextQueryOptions } from "../src/engine/seams.ts";
import { random, realQueries, realTexts } from "./corpus.ts";

const HELD_OUT = 5_000;
const QUERIES = 2_000;
const LIMIT = 10;

const sizes = process.argv.slice(2).map(Number);
for (const documents of sizes.length > 0 ? sizes : [10_000, 100_000]) measure(documents);

function measure(documents: number): void {
  const texts = realTexts(documents + HELD_OUT);
  const held = texts.splice(documents);
  const queries = realQueries(held, QUERIES);
  const print = (figure: string, values: Record<string, number>): void => {
    const rounded = Object.entries(values).map(([name, value]) => [name, Number(value.toPrecision(4))]);
    console.log(JSON.stringify({ bench: "textIndex", documents, figure, ...Object.fromEntries(rounded) }));
  };

  const index = createTextIndex();
  const adding = timed(() => {
    for (const [row, body] of texts.entries())
      index.add(row + 1, { title: "", body, tags: [], anchors: [], parts: [] });
  });
  print("add", { perSecond: documents / (adding / 1000) });

  const half = emptyRowSet(documents + 1);
  const next = random(3);
  for (let row = 1; row <= documents; row++) if (next() < 0.5) addRow(half, row);
  searchAll(index, queries.slice(0, QUERIES / 2), { limit: LIMIT });
  searchAll(index, queries.slice(0, QUERIES / 2), { limit: LIMIT, rows: half });
  // One after the other for each query, so that what else the machine does meets both alike.
  const all: number[] = [];
  const hidden: number[] = [];
  for (const query of queries) {
    all.push(timed(() => index.search(query, { limit: LIMIT })));
    hidden.push(timed(() => index.search(query, { limit: LIMIT, rows: half })));
  }
  print("search", quantiles(all));
  print("search, half hidden", quantiles(hidden));
  print("half hidden / all", {
    p50: quantile(hidden, 0.5) / quantile(all, 0.5),
    p95: quantile(hidden, 0.95) / quantile(all, 0.95),
  });

  let bytes: Uint8Array = new Uint8Array();
  print("save", { ms: timed(() => (bytes = index.save())), megabytes: bytes.length / 1e6 });
  let loaded = index;
  print("load", { ms: timed(() => (loaded = loadTextIndex(bytes))) });
  print("search, loaded", quantiles(searchAll(loaded, queries, { limit: LIMIT })));
  const stats = loaded.stats();
  print("memory", {
    terms: stats.terms,
    postings: stats.postings,
    megabytes: stats.bytes / 1e6,
    bytesAPosting: stats.bytes / stats.postings,
  });

  const mini = new MiniSearch<{ id: number; body: string }>({ fields: ["body"] });
  const miniAdding = timed(() => mini.addAll(texts.map((body, id) => ({ id, body }))));
  print("MiniSearch add", { perSecond: documents / (miniAdding / 1000) });
  const fewer = queries.slice(0, QUERIES / 10);
  for (const query of fewer.slice(0, 20)) mini.search(query);
  print("MiniSearch search", quantiles(fewer.map((query) => timed(() => mini.search(query)))));
}

function searchAll(index: TextIndex, queries: readonly string[], options: TextQueryOptions): number[] {
  return queries.map((query) => timed(() => index.search(query, options)));
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function quantiles(times: readonly number[]): Record<string, number> {
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), p99: quantile(times, 0.99) };
}

function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
