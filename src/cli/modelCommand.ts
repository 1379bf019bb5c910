import { rm } from "node:fs/promises";
import { HeirloomError } from "../contract/errors.ts";
import { MODEL_PRESETS, presetMegabytes, presetOf } from "../contract/models.ts";
import { downloadedFolder } from "../engine/embedding/modelPlace.ts";
import { downloadedModels, downloadModel } from "../serve/models/downloadModel.ts";
import { type Host, type HostOptions, openHost } from "../serve/openHost.ts";
import { readSettings } from "../serve/readSettings.ts";
import { type Options, UsageError } from "./parseCommand.ts";
import { endProgress, note, print, printable, printJson, progressOf } from "./printing.ts";

/** `heirloom model`: which models of transformers.js there are, and what a person asks for about one. */
export async function model(host: HostOptions, given: readonly string[], options: Options): Promise<void> {
  const [what = "list", id] = given;
  const { dataFolder } = host;
  switch (what) {
    case "list":
      return list(dataFolder, options);
    case "download":
      return download(dataFolder, named(what, id), options);
    case "remove":
      return remove(dataFolder, named(what, id), options);
    case "embed":
      return embed(host, options);
    default:
      throw new UsageError(`heirloom model takes list, download ID, remove ID or embed, not "${what}".`);
  }
}

function named(what: string, id: string | undefined): string {
  if (id === undefined)
    throw new UsageError(`heirloom model ${what} needs the id of a model: ${Object.keys(MODEL_PRESETS).join(", ")}, …`);
  return id;
}

async function list(dataFolder: string, options: Options): Promise<void> {
  const downloaded = new Map((await downloadedModels(dataFolder)).map((one) => [one.id, one]));
  const { embedding, embeddingModel, reranker } = await readSettings(dataFolder);
  const chosen = embedding === "transformers" ? embeddingModel : undefined;
  const models = [...new Set([...Object.keys(MODEL_PRESETS), ...downloaded.keys()])].map((id) => {
    const preset = presetOf(id);
    const megabytes = preset === undefined ? (downloaded.get(id)?.bytes ?? 0) / 1e6 : presetMegabytes(preset);
    const task = preset?.task ?? downloaded.get(id)?.task;
    const { about, licence, dimensions } = preset ?? {};
    return { id, about, task, licence, dimensions, megabytes: Math.ceil(megabytes), downloaded: downloaded.has(id) };
  });
  if (options.flag("json")) {
    printJson({
      models,
      ...(chosen === undefined ? {} : { chosen }),
      ...(reranker === "" ? {} : { reranker }),
    });
    return;
  }
  const width = Math.max(...models.map(({ id }) => id.length));
  for (const one of models) {
    const state = `${one.downloaded ? "downloaded" : "not downloaded"}${[chosen, reranker].includes(one.id) ? ", chosen" : ""}`;
    const size = one.dimensions === undefined ? "" : `, ${one.dimensions} dimensions`;
    const about = one.about === undefined ? "" : `, ${one.licence ?? ""}${size}. ${one.about}`;
    print(printable(`${one.id.padEnd(width)}  ${state}; ${one.megabytes} MB${about}`));
  }
}

async function download(dataFolder: string, id: string, options: Options): Promise<void> {
  const control = new AbortController();
  const cancel = (): void => control.abort(cancelled(id));
  process.once("SIGINT", cancel);
  try {
    const shown = progressOf(id);
    const onProgress = (done: number, total: number): void => shown(done / 1e6, total / 1e6, "MB");
    const downloaded = await downloadModel({ dataFolder, id, signal: control.signal, onProgress });
    endProgress();
    if (options.flag("json")) printJson(downloaded);
    else {
      print(printable(`${id} is in ${downloaded.folder}`));
      const settings =
        downloaded.task === "reranking"
          ? `{"reranker": "${id}"}`
          : `{"embedding": "transformers", "embeddingModel": "${id}"}`;
      note(`To use it: ${settings} in settings.json of the data folder.`);
    }
  } finally {
    endProgress();
    process.removeListener("SIGINT", cancel);
  }
}

async function remove(dataFolder: string, id: string, options: Options): Promise<void> {
  const folder = downloadedFolder(dataFolder, id);
  const known = (await downloadedModels(dataFolder)).some((one) => one.id === id);
  await rm(folder, { recursive: true, force: true });
  if (!known) throw new HeirloomError("NOT_FOUND", `${id} was not downloaded; heirloom model list shows what was.`);
  if (options.flag("json")) printJson({ id, removed: folder });
  else print(printable(`${folder} is removed`));
}

/** For who has no window and no server that does it in the background. */
async function embed(options: HostOptions, flags: Options): Promise<void> {
  const host: Host = await openHost(options);
  const control = new AbortController();
  const cancel = (): void => control.abort(new HeirloomError("QUERY_TIMEOUT", "Cancelled. What was embedded is kept."));
  process.once("SIGINT", cancel);
  try {
    const shown = progressOf("memories embedded");
    const onProgress = (done: number, total: number): void => shown(done, total, "");
    const result = await host.engine.embedAll({ onProgress, signal: control.signal });
    endProgress();
    if (flags.flag("json")) printJson(result);
    else print(`${result.embedded} memories were embedded; ${result.model} compares meanings`);
  } finally {
    endProgress();
    process.removeListener("SIGINT", cancel);
    await host.close();
  }
}

const cancelled = (id: string): HeirloomError =>
  new HeirloomError(
    "EMBEDDING_FAILED",
    `Cancelled. What was fetched is kept: heirloom model download ${id} goes on from there.`,
  );
