import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ParseApi } from "../../../../src/contract/code.ts";
import { USUAL_CODE_RULES } from "../../../../src/contract/codeRules.ts";
import { locate } from "../../../../src/engine/code/codeAnswers.ts";
import { CodeService } from "../../../../src/engine/code/codeService.ts";
import { CodeCache } from "../../../../src/engine/code/kept/codeCache.ts";
import { createBuiltInEmbedder } from "../../../../src/engine/embedding/builtInEmbedder.ts";
import { kernelMaker } from "../../../../src/engine/indexing/simdKernel.ts";
import { createTextIndex, loadTextIndex } from "../../../../src/engine/indexing/textIndex.ts";
import { createVectorIndex, loadVectorIndex } from "../../../../src/engine/indexing/vectorIndex.ts";
import type { Files } from "../../../../src/engine/ports.ts";
import { createNodeGit } from "../../../../src/serve/nodeGit.ts";
import { nodeFiles } from "../../../../src/serve/nodeFiles.ts";
import { meaningFiles, systemClock } from "../../../../src/serve/openNodeEngine.ts";
import { fileParser } from "../../../support/parsedFile.ts";
import { temporaryFolder, TestRepository } from "../../../support/repository.ts";

const FILES = 40;
const parser = await fileParser();
const embedder = createBuiltInEmbedder(meaningFiles);
const makeKernel = kernelMaker(meaningFiles.vectorScan());
const git = createNodeGit();

let parsed: string[] = [];
const counting: ParseApi = {
  parse: async (files) => {
    parsed.push(...files.map(({ path }) => path));
    return Promise.all(files.map((file) => parser.parse(file)));
  },
};

interface Conditions {
  readonly model?: string;
  readonly parserVersion?: string;
  readonly files?: Files;
  readonly free?: number;
}

let place: { readonly folder: string; readonly remove: () => void };
let repository: TestRepository;
let logged: string[] = [];
beforeEach(async () => {
  [parsed, logged] = [[], []];
  place = temporaryFolder("code-cache");
  repository = TestRepository.init(join(place.folder, "tree"));
  for (let at = 0; at < FILES; at++) repository.write(`src/file${at}.ts`, `export function animal${at}(): void {}\n`);
  repository.git("add", ".");
  repository.git("commit", "-qm", "animals");
  // Git's index is racy where files are as young as it is.
  for (let at = 0; at < FILES; at++)
    utimesSync(join(repository.root, `src/file${at}.ts`), 1_700_000_000, 1_700_000_000);
  repository.git("update-index", "-q", "--refresh");
});
afterEach(() => place.remove());

const folder = (): string => join(place.folder, "data/code");
const cacheFiles = (): readonly string[] => (existsSync(folder()) ? readdirSync(folder()) : []);
const cacheFile = (): string => join(folder(), cacheFiles().find((name) => name.endsWith(".index")) ?? "");

function open({ model: named, parserVersion = "parser", files = nodeFiles, free }: Conditions = {}): CodeService {
  const { id, dimensions } = embedder.model();
  const model = named ?? id;
  const logger = { log: (_level: string, message: string) => void logged.push(message) };
  const { root } = repository;
  return new CodeService({
    ...{ root, parser: counting, git, clock: systemClock, logger, longLived: false },
    rules: () => USUAL_CODE_RULES,
    head: async () => (await git.run(["rev-parse", "HEAD"], { cwd: root })).trim(),
    createTextIndex: (saved) => (saved === undefined ? createTextIndex() : loadTextIndex(saved)),
    meaning: {
      model: () => model,
      createIndex: () => createVectorIndex({ model, dimensions, makeKernel }),
      loadIndex: (bytes) => loadVectorIndex(bytes, { model, dimensions, makeKernel }),
      embed: (texts, purpose) => embedder.embed(texts, purpose),
    },
    cache: new CodeCache(root, {
      ...{ files, dataFolder: join(place.folder, "data"), freeBytes: () => Promise.resolve(free) },
      ...{ parserVersion: () => Promise.resolve(parserVersion), logger },
    }),
  });
}

const found = (service: CodeService, query: string): readonly string[] =>
  locate(service, { query, limit: 3 }).result.files.map(({ path }) => path);

/** What a service that starts now answers, and what it had to parse for that. */
async function asked(query: string, conditions?: Conditions) {
  parsed = [];
  const service = open(conditions);
  await service.follow();
  const files = found(service, query);
  const status = service.status();
  await service.close();
  return { files, parsed: parsed.toSorted(), status };
}

describe("an index that was kept", () => {
  test("is opened without parsing anything, and answers as it did", async () => {
    const first = await asked("animal7");
    expect(first.parsed).toHaveLength(FILES);
    const again = await asked("animal7");
    expect(again).toEqual({ ...first, parsed: [], status: { ...first.status, lastSync: again.status.lastSync } });
    expect(logged).toEqual([]);
  });

  test("takes in only what became another while nobody looked", async () => {
    await asked("animal7");
    repository.write("src/file3.ts", "export function wombat(): void {}\n");
    repository.write("src/new.ts", "export function zebra(): void {}\n");
    rmSync(join(repository.root, "src/file5.ts"));
    const { files, parsed: read, status } = await asked("wombat");
    expect(files[0]).toBe("src/file3.ts");
    expect(read).toEqual(["src/file3.ts", "src/new.ts"]);
    expect(status.files).toBe(FILES);
    expect((await asked("animal5")).files).not.toContain("src/file5.ts");
  });

  test("parses of another branch only what differs, and nothing when the old one comes back", async () => {
    await asked("animal7");
    repository.git("checkout", "-q", "-b", "side");
    repository.commit("src/file9.ts", "export function giraffe(): void {}\n", "side");
    repository.git("checkout", "-q", "-");
    const service = open();
    await service.follow();
    parsed = [];
    repository.git("checkout", "-q", "side");
    await service.follow();
    expect(found(service, "giraffe")[0]).toBe("src/file9.ts");
    expect(parsed).toEqual(["src/file9.ts"]);
    repository.git("checkout", "-q", "-");
    await service.follow();
    repository.git("checkout", "-q", "side");
    await service.follow();
    expect(found(service, "giraffe")[0]).toBe("src/file9.ts");
    expect(parsed).toEqual(["src/file9.ts"]);
    await service.close();
  });

  test("holds no text of the files, and only their owner may read it", async () => {
    repository.write("src/fox.ts", "export function run(): void {\n  // the quick brown fox jumps\n}\n");
    await asked("animal7");
    const bytes = readFileSync(cacheFile());
    expect(bytes.includes("quick brown fox")).toBe(false);
    if (process.platform === "win32") return;
    expect(statSync(cacheFile()).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
  });

  test("goes when it is cleared, and is not written for a handful of changes", async () => {
    await asked("animal7");
    const before = statSync(cacheFile()).mtimeMs;
    repository.write("src/file3.ts", "export function wombat(): void {}\n");
    await asked("wombat");
    expect(statSync(cacheFile()).mtimeMs).toBe(before);
    const service = open();
    await service.clear();
    expect(cacheFiles()).toEqual([]);
    await service.close();
  });
});

describe("an index that cannot be believed is made anew, and the log says so", () => {
  const anew = async (conditions?: Conditions) => {
    const { files, parsed: read } = await asked("animal7", conditions);
    expect(files[0]).toBe("src/file7.ts");
    expect(read).toHaveLength(FILES);
    expect(logged.join()).toContain("indexing the code anew");
    logged = [];
    expect((await asked("animal7", conditions)).parsed).toEqual([]);
  };

  test("where it is cut off, wherever that is", async () => {
    await asked("animal7");
    const whole = readFileSync(cacheFile());
    for (const share of [0, 0.001, 0.3, 0.9, 0.999]) {
      writeFileSync(cacheFile(), whole.subarray(0, Math.floor(share * whole.length)));
      await anew();
    }
    appendFileSync(cacheFile(), "x");
    await anew();
  });

  test("where a bit of it is another, wherever that is", async () => {
    await asked("animal7");
    const whole = readFileSync(cacheFile());
    for (let place = 0; place < whole.length; place += Math.ceil(whole.length / 12)) {
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] ?? 0) ^ 4;
      writeFileSync(cacheFile(), bytes);
      await anew();
    }
  });

  test("where it is of another parser or another model", async () => {
    await asked("animal7");
    await anew({ parserVersion: "another" });
    await anew({ model: "another", parserVersion: "another" });
  });

  test("where it is of another tree", async () => {
    await asked("animal7");
    const stolen = readFileSync(cacheFile());
    const first = repository;
    repository = TestRepository.init(join(place.folder, "other"));
    repository.commit("other.ts", "export function penguin(): void {}\n", "other");
    for (let at = 0; at < FILES; at++) repository.write(`lib/own${at}.ts`, `export function own${at}(): void {}\n`);
    const mine = await asked("penguin");
    for (const name of cacheFiles()) writeFileSync(join(folder(), name), stolen);
    expect((await asked("penguin")).files).toEqual(mine.files);
    repository = first;
  });
});

describe("writing", () => {
  test("that is killed leaves the old index, and what it left goes after a while", async () => {
    await asked("animal7");
    const whole = readFileSync(cacheFile());
    const left = `${cacheFile()}.left.new`;
    writeFileSync(left, whole.subarray(0, 100));
    expect((await asked("animal7")).parsed).toEqual([]);
    utimesSync(left, 1_700_000_000, 1_700_000_000);
    for (let at = 0; at < FILES; at++) repository.write(`src/file${at}.ts`, `export function bird${at}(): void {}\n`);
    expect((await asked("bird7")).files[0]).toBe("src/file7.ts");
    expect(cacheFiles()).toHaveLength(1);
    expect((await asked("bird7")).parsed).toEqual([]);
  });

  test("by two at once leaves one of them whole", async () => {
    const both = [open(), open()];
    await Promise.all(both.map((service) => service.follow()));
    await Promise.all(both.map((service) => service.close()));
    expect(cacheFiles()).toHaveLength(1);
    expect((await asked("animal7")).parsed).toEqual([]);
    expect(logged).toEqual([]);
  });

  test("is given up where something changes meanwhile", async () => {
    const waiting: (() => void)[] = [];
    const slow: Files = {
      ...nodeFiles,
      open: async (path, how) => {
        const file = await nodeFiles.open(path, how);
        if (how === "exclusive") await new Promise<void>((resolve) => waiting.push(resolve));
        return file;
      },
    };
    const service = open({ files: slow });
    await service.follow();
    const closing = service.close();
    await expect.poll(() => waiting.length).toBe(1);
    repository.write("src/file3.ts", "export function wombat(): void {}\n");
    const changing = service.follow();
    await setTimeout(50);
    for (const go of waiting) go();
    await Promise.all([closing, changing]);
    expect(cacheFiles()).toEqual([]);
  });

  test("leaves a full disk alone, and an error is only logged", async () => {
    await asked("animal7", { free: 1_000_000 });
    expect(logged).toEqual(["the index of the code is not saved: the disk is full"]);
    expect(cacheFiles()).toEqual([]);
    logged = [];
    mkdirSync(join(place.folder, "data"), { recursive: true });
    rmSync(folder(), { recursive: true, force: true });
    writeFileSync(folder(), "in the way");
    expect((await asked("animal7")).files[0]).toBe("src/file7.ts");
    expect(logged.join()).toContain("could not be saved");
  });
});
