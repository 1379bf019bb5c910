import { counted } from "../contract/counted.ts";
import { toErrorShape } from "../contract/errors.ts";
import type { MemoryView } from "../contract/memory.ts";
import type { StatsResult } from "../contract/engineApi.ts";
import { shortCommit } from "../contract/shortCommit.ts";

export const print = (text: string): void => void process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
export const printJson = (value: unknown): void => print(JSON.stringify(value));
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** One clear line on stderr. With --json both streams carry the shape, so that whoever reads either finds it. */
export function printError(error: unknown, json: boolean): void {
  const shape = toErrorShape(error);
  if (!json) {
    note(`heirloom: ${oneLine(shape.message)} [${shape.code}]`);
    return;
  }
  printJson({ error: shape });
  note(JSON.stringify({ error: shape }));
}

/** A counter on stderr while long work runs, where that is a terminal. */
export function progress(what: string): (done: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done) => void process.stderr.write(`\r${what} ${done.toLocaleString("en")} … `);
}
/** The same where it is known how much there is to do. */
export function progressOf(what: string): (done: number, total: number, unit: string) => void {
  if (!process.stderr.isTTY) return () => undefined;
  const rounded = (count: number): string => count.toLocaleString("en", { maximumFractionDigits: 1 });
  return (done, total, unit) =>
    void process.stderr.write(`\r${what} ${rounded(done)} of ${rounded(total)} ${unit}… \u001b[K`);
}
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}

/** Memory text comes from anywhere: what could steer a terminal is shown, not obeyed. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, "\ufffd");
}

export function memoryLines(
  memory: MemoryView,
  options: { readonly whole: boolean; readonly scored: boolean },
): string {
  const where = [
    memory.gitBranch,
    memory.gitCommit === undefined ? undefined : shortCommit(memory.gitCommit),
    memory.timestamp.slice(0, 10),
    memory.freshness === "unanchored" ? undefined : (changedText(memory) ?? memory.freshness),
    memory.pending === true ? "pending" : undefined,
    memory.visibility === "hidden" ? `hidden: ${memory.hiddenBecause ?? ""}` : undefined,
  ].filter((part) => part !== undefined);
  const head = [memory.id, memory.kind, ...(options.scored ? [memory.score.toFixed(2)] : []), where.join(" · ")].join(
    "  ",
  );
  // The title of a commit or a section is mostly how its text begins.
  const title = memory.title === undefined || memory.content.startsWith(memory.title) ? "" : `${memory.title}: `;
  const body = options.whole ? memory.content : oneLine(title + memory.content);
  const shown = options.whole || body.length <= 200 ? body : `${body.slice(0, 199)}…`;
  const reasons = options.scored && memory.reasons.length > 0 ? `\n    why: ${memory.reasons.join("; ")}` : "";
  return printable(`${head}\n    ${shown.replaceAll("\n", "\n    ")}${reasons}`);
}

export function statsLines(stats: StatsResult): string {
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ") || "none";
  const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;
  return [
    `${stats.visible} visible, ${stats.hidden} hidden, ${stats.pending} pending in ${stats.workspace}`,
    `kinds: ${counts(stats.byKind)}`,
    `scopes: ${counts(stats.byScope)}`,
    ...stats.stores.map(
      (store) =>
        `${store.name} store: ${counted(store.memories)}, journal ${megabytes(store.journalBytes)}, snapshot ${megabytes(store.snapshotBytes)}` +
        `${ROLES[store.role]}, in ${store.folder}`,
    ),
  ].join("\n");
}

const ROLES: Readonly<Record<StatsResult["stores"][number]["role"], string>> = {
  owner: "",
  follower: ", written by another process",
  reader: ", which nobody can write now",
};

export const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();

/** What became of its code, where that is another or gone. */
const changedText = ({ freshness, freshnessReason }: MemoryView): string | undefined =>
  freshness === "drifted" || freshness === "orphaned" ? freshnessReason : undefined;
