import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, statSync } from "node:fs";
import { once } from "node:events";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, inject, test } from "vitest";

const run = promisify(execFile);
const MOST_BYTES = 12_000_000;

let unpacked: string;
beforeAll(async () => {
  const { editor, folder, heirloom } = inject("prepared");
  const place = mkdtempSync(join(folder, "package-"));
  const places = [`--user-data-dir=${join(place, "user-data")}`, `--extensions-dir=${join(place, "extensions")}`];
  const config = `--config=${join(place, "config.yaml")}`;
  await run(editor.node, [editor.entry, config, ...places, "--install-extension", heirloom]);
  const name = readdirSync(join(place, "extensions")).find((entry) => entry.startsWith("heirloom.heirloom-"));
  unpacked = join(place, "extensions", name ?? "");
});

describe("the package", () => {
  test("is small enough to be installed without thinking about it", () => {
    expect(statSync(inject("prepared").heirloom).size).toBeLessThan(MOST_BYTES);
  });

  test("holds what runs, what is shown and what has to be said, and nothing else", () => {
    const files = readdirSync(unpacked, { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(unpacked.length + 1)
          .split(sep)
          .join("/"),
      );
    const named = new Set(["package.json", "readme.md", "changelog.md", "LICENSE.txt", ".vsixmanifest"]);
    const shipped =
      /^(dist\/[\w./-]+\.(js|cjs|mjs|json|css|ttf|wasm|br|scm|txt)|media\/[\w./-]+\.(svg|png|md|json|bin))$/u;
    expect(files.filter((file) => !named.has(file) && !shipped.test(file))).toEqual([]);
    const needed = [
      "extension.cjs",
      "cli.js",
      "hook.js",
      "engineWorker.js",
      "computeWorker.js",
      "parseWorker.js",
      "webview/explorer.js",
    ];
    const parsing = ["web-tree-sitter.wasm", "languages/python/grammar.wasm.br", "languages/python/symbols.scm"];
    const wasm = ["sql-wasm.wasm", "vectorScan.wasm", "ort-wasm-simd-threaded.wasm", ...parsing].map(
      (file) => `dist/${file}`,
    );
    const beside = [...wasm, "media/model/static.bin", "media/model/MODEL.md"];
    expect(files).toEqual(expect.arrayContaining([...needed.map((file) => `dist/${file}`), ...beside, ...named]));
  });
});

describe("with no node_modules beside it", () => {
  test("the command remembers and finds", async () => {
    const at = ["--workspace", unpacked, "--data", join(unpacked, "../data")];
    const cli = join(unpacked, "dist/cli.js");
    await run(process.execPath, [cli, "capture", "--type", "note", "Ships without node_modules.", ...at]);
    const { stdout } = await run(process.execPath, [cli, "search", "ships node_modules", ...at]);
    expect(stdout).toContain("Ships without node_modules.");
  });

  test("the hook answers", () => {
    const input = JSON.stringify({ session_id: "s", cwd: unpacked, hook_event_name: "SessionStart" });
    const env = { ...process.env, HEIRLOOM_DATA: join(unpacked, "../data") };
    const options = { input, env, encoding: "utf8" } as const;
    expect(() =>
      execFileSync(process.execPath, [join(unpacked, "dist/hook.js"), "SessionStart"], options),
    ).not.toThrow();
  });

  test("the engine worker starts", async () => {
    const worker = new Worker(join(unpacked, "dist/engineWorker.js"));
    await once(worker, "online");
    const failed = await Promise.race([once(worker, "error"), new Promise((done) => setTimeout(done, 500))]);
    await worker.terminate();
    expect(failed).toBeUndefined();
  });
});
