// Makes the built-in model from its sources: what is missing is cloned or downloaded, then pairs, pieces, training, packing.
// usage: node bench/model/train.ts --repositories DIR --packages DIR --work DIR --id ID --out FILE [--exclude FILE] [--epochs N]
// Needs git, g++ (for a machine with FMA: AVX2 or AVX-512 give the same), apt-get and dpkg-deb; 4 GB of memory. --exclude: see exclusions.ts.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gitFolder, type Source } from "./sourceFiles.ts";

const PIECES = "34000";
const MERGES = "50000";
const DIMENSIONS = "256";
const RATE = "0.012";
const SEED = "1";
/** No -ffast-math: the compiler must not choose the order of a sum. */
const COMPILER_FLAGS = ["-std=c++17", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-fopenmp"];

const { values } = parseArgs({
  options: {
    repositories: { type: "string", default: "repositories" },
    packages: { type: "string", default: "packages" },
    work: { type: "string", default: "work" },
    id: { type: "string", default: "static" },
    out: { type: "string", default: "static.bin" },
    exclude: { type: "string" },
    epochs: { type: "string", default: "3" },
  },
});
const { repositories, packages, work, id, out, exclude, epochs } = values;
mkdirSync(work, { recursive: true });
for (const source of JSON.parse(readFileSync(join(import.meta.dirname, "sources.json"), "utf8")) as readonly Source[]) {
  if (!("repository" in source)) continue;
  const folder = gitFolder(source.repository, values);
  if (!existsSync(folder)) run("git", "clone", "--bare", `https://github.com/${source.repository}`, folder);
}
const [pairs, vocabulary, trainer] = [join(work, "pairs.tsv"), join(work, "vocabulary.txt"), join(work, "train")];
const excluding = exclude === undefined ? [] : ["--exclude", exclude];
step("extract", "--repositories", repositories, "--packages", packages, "--out", pairs, ...excluding);
step("vocabulary", pairs, MERGES, PIECES, vocabulary);
step("encode", pairs, vocabulary, work);
run("g++", ...COMPILER_FLAGS, "-o", trainer, join(import.meta.dirname, "trainer/train.cpp"));
run(trainer, work, PIECES, DIMENSIONS, epochs, RATE, SEED);
step("pack", join(work, "table.f32"), vocabulary, id, out);

function step(name: string, ...given: readonly string[]): void {
  run(process.execPath, join(import.meta.dirname, `${name}.ts`), ...given);
}

function run(command: string, ...given: readonly string[]): void {
  // A thread that waits leaves its core to others.
  execFileSync(command, given, { stdio: "inherit", env: { ...process.env, OMP_WAIT_POLICY: "passive" } });
}
