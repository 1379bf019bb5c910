import { join } from "node:path";
import { customAlphabet } from "nanoid";
import type { CodeExplorerApi } from "../contract/codeExplorer.ts";
import type {
  EngineApi,
  Finding,
  ImportOptions,
  ImportResult,
  LearnOptions,
  LearnResult,
  RequestContext,
  StatsResult,
} from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { StoreWrite } from "../contract/peer.ts";
import type { Settings } from "../contract/settings.ts";
import type {
  BuildContextInput,
  BuildContextResult,
  CaptureInput,
  CaptureResult,
  ForgetInput,
  ForgetResult,
  HealthResult,
  ProgressiveInput,
} from "../contract/tools.ts";
import { adoptFolderStore } from "./adoptFolderStore.ts";
import { readAnchors } from "./anchorReader.ts";
import { createAdmission } from "./admit/admission.ts";
import { type AnchorGuard, createAnchorGuard } from "./admit/anchorGuard.ts";
import { createDuplicateIndex } from "./admit/duplicates.ts";
import { createTokenCounter } from "./admit/tokens.ts";
import { documentSections } from "./capture/documentCandidates.ts";
import { BundleCode } from "./bundleCode.ts";
import { ContextBuilder } from "./buildContext.ts";
import { openWorkspaceFiles } from "./capture/workspaceFiles.ts";
import { captureMemory, reviseMemory, type WritingParts } from "./captureMemory.ts";
import { embedAll, type EmbeddedAll, type EmbedRun } from "./embedAll.ts";
import { type PointingMemory, pointersOf } from "./code/locate/pointers.ts";
import { CodeOfTrees } from "./codeOfTrees.ts";
import { type CodeRoot, CodeRoots } from "./codeRoots.ts";
import { codeRootsOf, type CodeRootsParts } from "./codeRootsOf.ts";
import type { EngineOptions, EnginePorts } from "./enginePorts.ts";
import { createExplore, type Explore } from "./explore.ts";
import { Freshnesses } from "./freshness.ts";
import { forgetMemories, listForgotten } from "./forget.ts";
import { gotchasAt } from "./gotchasAt.ts";
import { createGitLineage } from "./git/lineage.ts";
import { diagnose, healthProbes, type Inspected } from "./inspect.ts";
import { openJournal } from "./journal/openJournal.ts";
import { claimOwnership } from "./journal/ownership.ts";
import { Learning } from "./learning.ts";
import { learn } from "./learn.ts";
import { learnNewReverts, type RevertParts } from "./learnReverts.ts";
import { Lineage, rootOf } from "./lineage.ts";
import { Meaning } from "./meaning.ts";
import { memoriesAbout } from "./memoriesAbout.ts";
import { MemoryStore } from "./memoryStore.ts";
import { createHealth, type Health } from "./operations/createHealth.ts";
import { createMetrics, type Metrics, timed } from "./operations/createMetrics.ts";
import { readDocument } from "./readDocument.ts";
import type { DuplicatesParts } from "./findDuplicates.ts";
import { reviewLineage } from "./reviewLineage.ts";
import { findContradictions } from "./findContradictions.ts";
import { relateMemories } from "./relateMemories.ts";
import { Packs } from "./packs.ts";
import { Recall } from "./recall.ts";
import { Remember } from "./remember.ts";
import { openReranking, type Reranking } from "./reranking.ts";
import { PlanStatistics } from "./retrieve/planStatistics.ts";
import { memoryView } from "./retrieve/view.ts";
import type { Admission, KnownFreshness } from "./seams.ts";
import { createSessionHooks, type EngineHooks } from "./sessionHooks.ts";
import { collectStats, countAnchored, countFreshness } from "./statistics.ts";
import { holderOf, StoreAccess } from "./storeAccess.ts";
import { storeFolder, storeName } from "./storeName.ts";
import { openProjection } from "./store/openProjection.ts";
import { loadSql } from "./store/sqlEngine.ts";
import { textKind } from "./textKind.ts";
import { readShared, shareMemories } from "./shareMemories.ts";
import { sharedFindings } from "./sharedFindings.ts";
import type { SharingParts } from "./sharedState.ts";
import { upsertMemories } from "./upsertMemories.ts";
import { exportLines, importLines } from "./transfer.ts";

const USER_STORE = "user";
/** Memories that are asked for the files that they speak of. What git's history says is asked of git. */
const MOST_POINTING = 20;
const POINTING = { unseen: true, filters: { eventType: { $ne: "commit" } } } as const;
/** Ids are short because agents pay for them in tokens: 14 characters of 32 are 70 bits. */
const newId = customAlphabet("0123456789abcdefghjkmnpqrstvwxyz", 14);

/** The one composition file: what the engine is made of, and how its parts are put together. STORE_CORRUPT, UNSUPPORTED_VERSION, FORBIDDEN_PATH. */
export async function openEngine(ports: EnginePorts, settings: Settings, options: EngineOptions): Promise<Engine> {
  const { clock, logger, files } = ports;
  const git = createGitLineage(ports.git);
  const place = await git.place(options.workspace);
  const workspaceId = storeName(place);
  const tokens = createTokenCounter();
  const sql = await loadSql(ports.sqlWasm);
  const monotonic = (): number => clock.monotonic();
  const anchorGuard = createAnchorGuard({ realPath: ports.realPath, linksIn: ports.linksIn, monotonic });
  const { dataFolder, longLived } = options;
  const host = { files: ports.meaning, compute: ports.compute, clock, logger };
  const meaning = new Meaning({ ...host, settings, dataFolder, longLived });
  const reranking = openReranking({ ...host, settings, dataFolder });
  const embed = meaning.embedsHere;
  const admission = createAdmission(settings, {
    embed,
    tokens,
    anchorGuard,
    readWorkspaceFile: ports.readText,
    listWorkspaceFolder: (folder) => files.list(folder),
    monotonic,
  });
  const lineage = new Lineage({ git, clock, logger, observeMoves: options.longLived });

  const writers: Remember[] = [];
  const openStore = async (name: string): Promise<StoreAccess> => {
    const folder = storeFolder(options.dataFolder, name);
    const store = await MemoryStore.open(
      {
        folder,
        files,
        clock,
        logger,
        openJournal: (fence) =>
          openJournal(files, join(folder, "journal"), { maxStoreBytes: settings.maxStoreBytes, logger, fence }),
        openProjection: (image) => openProjection(sql, image),
        textIndex: textKind,
        openVectors: (saved, projection, onProgress) => meaning.vectorsOf({ saved, projection, onProgress }),
        createDuplicateIndex: () => createDuplicateIndex(settings.duplicateSimilarity),
        claim: () => claimOwnership(files, folder, ports.peers, { logger, journalFolder: join(folder, "journal") }),
        probe: (identity, address) => ports.peers.probe(identity, address),
        forgetGraceHours: settings.forgetGraceHours,
      },
      { rebuild: options.rebuild ?? false },
    );
    if (options.longLived && store.owns) store.vectors?.beginInBackground();
    const createArrivals = (): ReturnType<typeof createDuplicateIndex> =>
      createDuplicateIndex(settings.duplicateSimilarity);
    const local = new Remember({
      ...{ store, admission, clock, newId, settings, embed },
      createDuplicateIndex: createArrivals,
      readAnchors: (anchors, root, known) => readAnchors(anchors, root, ports.parser, known),
    });
    writers.push(local);
    return new StoreAccess(store, local, ports.peers, newId);
  };

  const workspaceStore = await openStore(workspaceId);
  await adoptFolderStore(place, workspaceStore, { ...ports, dataFolder, openStore });
  return new Engine({
    ports,
    settings,
    options,
    git,
    lineage,
    tokens,
    anchorGuard,
    admission,
    workspaceId,
    workspaceStore,
    meaning,
    reranking,
    openStore,
    noted: () => Promise.all(writers.map((writer) => writer.settled())),
  });
}

interface EngineParts {
  readonly ports: EnginePorts;
  readonly settings: Settings;
  readonly options: EngineOptions;
  readonly git: ReturnType<typeof createGitLineage>;
  readonly lineage: Lineage;
  readonly tokens: ReturnType<typeof createTokenCounter>;
  readonly anchorGuard: AnchorGuard;
  readonly admission: Admission;
  readonly workspaceId: string;
  readonly workspaceStore: StoreAccess;
  readonly meaning: Meaning;
  readonly reranking: Reranking | undefined;
  readonly openStore: (name: string) => Promise<StoreAccess>;
  /** Resolves when what captures left to be noted is noted. */
  readonly noted: () => Promise<unknown>;
}

/** One opened engine; it owns its stores and closes them. */
export class Engine implements EngineApi {
  readonly workspaceId: string;
  readonly #parts: EngineParts;
  readonly #recall: Recall;
  readonly #learning: Learning;
  readonly #statistics = new PlanStatistics();
  readonly #metrics: Metrics;
  readonly #health: Health;
  readonly #code: CodeOfTrees;
  readonly #bundles: BundleCode;
  readonly #context: ContextBuilder;
  readonly #freshness: Freshnesses;
  readonly #packs: Packs;
  #userStore: Promise<StoreAccess> | undefined;
  #explore: Explore | undefined;
  /** Of memories that were compared with each other. */
  readonly #sketches: DuplicatesParts["sketches"] = new Map();
  #hooks: EngineHooks | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.workspaceId = parts.workspaceId;
    this.#metrics = createMetrics(() => parts.ports.clock.now());
    const { lineage, tokens, workspaceId, settings, options, ports } = parts;
    this.#packs = new Packs(lineage, options.workspace);
    this.#learning = new Learning({ enabled: settings.learning, clock: ports.clock, logger: ports.logger });
    const redact = (texts: readonly string[], root: string): Promise<readonly string[]> =>
      parts.admission.redact(texts, { workspace: root });
    this.#freshness = new Freshnesses({
      redact,
      ...{ git: ports.git, parser: ports.parser, workspaceId, clock: ports.clock, logger: ports.logger },
      index: (root) => this.#code.indexAt(root),
      watcher: options.longLived ? ports.watcher : undefined,
      drafts: ports.drafts,
    });
    this.#recall = new Recall({
      freshness: this.#freshness,
      learning: this.#learning,
      ...{ lineage, git: parts.git },
      stores: () => this.#stores(),
      statistics: this.#statistics,
      ...{ meaning: parts.meaning, reranking: parts.reranking },
      clock: ports.clock,
      settings,
      packs: this.#packs,
      workspace: options.workspace,
      workspaceId,
    });
    this.#code = new CodeOfTrees({
      packs: this.#packs,
      workspace: options.workspace,
      lineage,
      git: ports.git,
      parser: ports.parser,
      scan: ports.scan,
      watcher: options.longLived ? ports.watcher : undefined,
      meaning: parts.meaning.forCode,
      rules: ports.codeRules,
      cache: {
        ...{ files: ports.files, freeBytes: ports.freeBytes, parserVersion: ports.parserVersion },
        dataFolder: options.dataFolder,
      },
      longLived: options.longLived,
      rebuild: options.rebuild ?? false,
      redact,
      memoriesOf: (place, asking) => memoriesAbout(place, { recall: this.#recall, clock: ports.clock }, asking),
      tokens,
      clock: ports.clock,
      logger: ports.logger,
    });
    this.#bundles = new BundleCode({ code: this.#code, packs: this.#packs, redact, logger: ports.logger });
    this.#context = new ContextBuilder({ recall: this.#recall, tokens });
    if (settings.negativeMemory)
      lineage.onMove(async (access, { workspace }, before) => {
        if (access !== parts.workspaceStore) return;
        await learnNewReverts(await this.#revertParts({ workspace }), before);
      });
    this.#health = createHealth({}, { version: options.version, clock: ports.clock });
  }

  /** What the explorer asks. Made when it is first asked for: most processes never show anything. */
  get explore(): Explore {
    const { ports, options, lineage, git, settings } = this.#parts;
    this.#explore ??= createExplore({
      recall: this.#recall,
      lineage,
      git,
      stores: () => this.#stores(),
      metrics: this.#metrics,
      freshness: this.#freshness,
      clock: ports.clock,
      logger: ports.logger,
      newId,
      queryTimeoutMs: settings.queryTimeoutMs,
      settings,
      workspace: options.workspace,
    });
    return this.#explore;
  }

  get hooks(): EngineHooks {
    const { ports, options, tokens, workspaceStore, lineage, admission, settings } = this.#parts;
    this.#hooks ??= createSessionHooks({
      engine: {
        capture: (input, context) => this.#capture(input, context, { ...this.#writing(), warnings: undefined }),
        revise: (input, context) => this.revise(input, context),
        feedback: (input, context) => this.feedback(input, context),
      },
      recall: this.#recall,
      place: (workspace) => lineage.place(workspace),
      redact: (texts, workspace) => admission.redact(texts, { workspace }),
      symbolsOf: (root, path) => this.#code.symbolsNow(root, path),
      negativeMemory: settings.negativeMemory,
      files: ports.files,
      tokens,
      clock: ports.clock,
      logger: ports.logger,
      newId,
      workspace: options.workspace,
      storeFolder: workspaceStore.store.folder,
    });
    return this.#hooks;
  }

  capture(input: CaptureInput, context: RequestContext): Promise<CaptureResult> {
    return this.#capture(input, context, this.#writing());
  }

  retrieve: EngineApi["retrieve"] = (input, context) =>
    this.#timed("retrieve", () => this.#recall.retrieve(input, context));
  /** `others`: further folders whose code is asked. */
  buildContext = (
    input: BuildContextInput,
    context: RequestContext,
    others: readonly CodeRoot[] = [],
  ): Promise<BuildContextResult> =>
    this.#timed("buildContext", () => this.#context.build(input, () => this.#roots(context, others), context));
  contextProgressive = (
    input: ProgressiveInput,
    context: RequestContext,
    others: readonly CodeRoot[] = [],
  ): Promise<BuildContextResult> =>
    this.#timed("contextProgressive", () => this.#context.build(input, () => this.#roots(context, others), context));
  packs: EngineApi["packs"] = (input, context) => this.#packs.control(input, context);
  get: EngineApi["get"] = (id, context) => this.#recall.get(id, context);

  upsert: EngineApi["upsert"] = (input, context) =>
    this.#timed("upsert", () => {
      const { lineage, workspaceId, workspaceStore, ports } = this.#parts;
      const accessOf = (scope: string | undefined): Promise<StoreAccess> => this.#accessOf(scope);
      const parts = { recall: this.#recall, lineage, clock: ports.clock, workspaceStore, accessOf, workspaceId, newId };
      return upsertMemories(input, parts, context);
    });

  document: EngineApi["document"] = (input, context) =>
    this.#timed("document", async () => {
      const { place, stores } = await this.#recall.standing(context);
      const files = openWorkspaceFiles(rootOf(place));
      const now = this.#parts.ports.clock.now();
      return readDocument(input, { stores, sectionsOf: (path) => documentSections(files, path), now });
    });

  relate: EngineApi["relate"] = (input, context) =>
    this.#timed("relate", async () => {
      const { lineage, ports, options, settings } = this.#parts;
      const { clock } = ports;
      if (input.action !== "contradictions")
        return relateMemories(
          input,
          { stores: await this.#stores(), lineage, clock, workspace: options.workspace },
          context,
        );
      const parts = { recall: this.#recall, clock, sketches: this.#sketches, settings };
      return { contradictions: [...(await findContradictions(parts, input, context))] };
    });

  lineage: EngineApi["lineage"] = (input, context) =>
    this.#timed("lineage", () => {
      const { workspaceStore: access, lineage, git, ports, options } = this.#parts;
      return reviewLineage(input, { access, lineage, git, clock: ports.clock, workspace: options.workspace }, context);
    });

  share: EngineApi["share"] = (request, context) =>
    this.#timed("share", () => shareMemories(request, this.#sharing(), context));

  /** Memories that answer a question about the code, and the files that they speak of. None where they cannot be asked in time. */
  async pointing(query: string, context: RequestContext): Promise<readonly PointingMemory[]> {
    try {
      if (await this.#recall.isEmpty()) return [];
      const { results } = await this.#recall.search(query, POINTING, MOST_POINTING, context, 0);
      return pointersOf(results.map((recalled) => memoryView(recalled)));
    } catch (error) {
      context.signal?.throwIfAborted();
      this.#parts.ports.logger.log("warn", "files were located without what is remembered of them", { error });
      return [];
    }
  }

  locate: EngineApi["locate"] = (input, context) => this.#roots(context).then((roots) => roots.locate(input));
  searchCode: EngineApi["searchCode"] = (input, context) =>
    this.#roots(context).then((roots) => roots.searchCode(input));
  grep: EngineApi["grep"] = (input, context) => this.#roots(context).then((roots) => roots.grep(input));
  projectStats: EngineApi["projectStats"] = (input, context) =>
    this.#roots(context).then((roots) => roots.stats(input));
  analyze: EngineApi["analyze"] = (input, context) => this.#roots(context).then((roots) => roots.analyze(input));
  codeChunk: EngineApi["codeChunk"] = (input, context) => this.#roots(context).then((roots) => roots.chunk(input));
  indexControl: EngineApi["indexControl"] = (input, context) =>
    this.#roots(context).then((roots) => roots.control(input));

  async #roots(context: RequestContext, others: readonly CodeRoot[] = []): Promise<CodeRoots> {
    return new CodeRoots([...(await this.codeRoots(context)), ...others]);
  }

  /** The folders whose code a request is about, its own first. */
  codeRoots(context: RequestContext): Promise<readonly CodeRoot[]> {
    const { settings, ports } = this.#parts;
    const parts: CodeRootsParts = {
      timed: (operation, work) => this.#timed(operation, work),
      code: this.#code,
      bundles: this.#bundles,
      added: settings.code.folders,
      realPath: ports.realPath,
      pointing: (query) => this.pointing(query, context),
      warnings: async (paths) => {
        if (!settings.negativeMemory || paths.length === 0) return () => [];
        const { stores } = await this.#recall.standing(context);
        return (path) => gotchasAt(path, stores, ports.clock.now());
      },
      memories: async () => countAnchored((await this.#recall.standing(context)).stores, this.#parts.ports.clock.now()),
    };
    return codeRootsOf(parts, context);
  }

  revise: EngineApi["revise"] = (input, context) =>
    this.#timed("revise", async () =>
      reviseMemory(await holderOf(await this.#stores(), input.id), this.#writing(), input, context),
    );

  feedback: EngineApi["feedback"] = (input) =>
    this.#timed("feedback", async () => this.#learning.feedback(await this.#stores(), input));

  /** Resolves when nothing is being learned of ranking. */
  learned(): Promise<void> {
    return this.#learning.settled();
  }

  async forget(input: ForgetInput, context: RequestContext): Promise<ForgetResult> {
    // Without a time for undoing there is no other way than for good.
    const now = input.now === true || this.#parts.settings.forgetGraceHours === 0;
    const accesses = await this.#stores();
    const compared = input.filters === undefined ? [] : await this.#recall.compared(input.filters, context);
    const freshOf = (access: StoreAccess): KnownFreshness | undefined => compared[accesses.indexOf(access)]?.freshness;
    const result = await forgetMemories(accesses, { ...input, now }, freshOf, context.onceKey);
    // What was said in a session was made memories of: for good means there too.
    if (now && input.dryRun !== true && input.undo === undefined) await this.hooks.dropTexts();
    return result;
  }

  forgotten: EngineApi["forgotten"] = async (limit) =>
    listForgotten(await this.#stores(), limit, this.#parts.settings.forgetGraceHours);

  gitState: EngineApi["gitState"] = (context) =>
    this.#parts.git.state(context.workspace ?? this.#parts.options.workspace);

  async stats(context: RequestContext): Promise<StatsResult> {
    const { options, ports, workspaceId } = this.#parts;
    const now = ports.clock.now();
    const { stores } = await this.#recall.standing(context);
    return collectStats({
      workspaceId,
      workspace: context.workspace ?? options.workspace,
      stores,
      accesses: await this.#stores(),
      now,
      planEstimateError: this.#statistics.meanError,
    });
  }

  async health(detailed: boolean, context: RequestContext): Promise<HealthResult> {
    return this.#health.report(detailed, healthProbes(await this.#inspected(context)));
  }

  async importLines(
    lines: AsyncIterable<string>,
    importOptions: ImportOptions,
    context: RequestContext,
  ): Promise<ImportResult> {
    const { lineage, options, workspaceId } = this.#parts;
    const place = await lineage.place(context.workspace ?? options.workspace);
    // What is imported was not learned from the work tree, so a dirty one leaves it on the commit.
    const origin = await lineage.origin(place, context);
    const pending = place.repository !== undefined && origin.commit === undefined;
    return importLines(
      lines,
      importOptions,
      {
        workspace: rootOf(place),
        workspaceId,
        provenance: { ...origin, dirty: false, pending },
        accessOf: (scope) => this.#accessOf(scope),
      },
      context,
    );
  }

  async *exportLines(_context: RequestContext): AsyncIterable<string> {
    yield* exportLines(await this.#stores(), () => this.#parts.ports.clock.now());
  }

  async learn(learnOptions: LearnOptions, context: RequestContext): Promise<LearnResult> {
    const { lineage, settings } = this.#parts;
    const parts = await this.#revertParts(context);
    const origin = await lineage.origin(parts.place, context);
    const learned = await learn({ ...parts, origin, reverts: settings.negativeMemory }, learnOptions, context);
    const shared = await readShared(this.#sharing(), context);
    return Object.values(shared).some((count) => count > 0) ? { ...learned, shared } : learned;
  }

  async #revertParts(context: RequestContext): Promise<RevertParts> {
    const { ports, workspaceStore, workspaceId, git, anchorGuard } = this.#parts;
    const { place, stores } = await this.#recall.standing(context);
    const [seen] = stores;
    if (seen === undefined) throw new HeirloomError("INTERNAL", "The workspace has no store.");
    return {
      ...{ git: ports.git, lineage: git, parser: ports.parser, anchorGuard },
      ...{ access: workspaceStore, place, seen, workspaceId, now: ports.clock.now() },
    };
  }

  /**
   * Resolves when the chosen model has embedded all memories. EMBEDDING_FAILED when it cannot, INVALID_INPUT where no model runs in the
   * background, OWNER_UNREACHABLE when it is another process's to do, and the signal's reason.
   */
  async embedAll(run: EmbedRun): Promise<EmbeddedAll> {
    return embedAll(
      (await this.#stores()).map(({ store }) => store),
      run,
    );
  }

  async inspect(context: RequestContext): Promise<readonly Finding[]> {
    const inspected = await this.#inspected(context);
    const { components } = await this.#health.report(true, healthProbes(inspected));
    return [...(await diagnose(inspected, components)), ...(await sharedFindings(this.#sharing(), context))];
  }

  /** A write that a follower of one of this process's stores sends. */
  async serveWrite(folder: string, write: StoreWrite, body: unknown): Promise<unknown> {
    const access = (await this.#stores()).find(({ store }) => store.folder === folder);
    if (access === undefined) throw new HeirloomError("OWNER_UNREACHABLE", "This process has not opened that store.");
    return access.serve(write, body);
  }

  async close(): Promise<void> {
    const { lineage, git, workspaceStore, noted } = this.#parts;
    this.#explore?.close();
    await Promise.all([this.#code.close(), this.#freshness.close()]);
    await Promise.all([lineage.settled(), this.#learning.settled(), noted()]);
    git.close();
    await Promise.all([workspaceStore.store.close(), this.#userStore?.then(({ store }) => store.close())]);
  }

  /** What the code of work trees is indexed into, beside what tools ask. */
  get code(): Pick<CodeOfTrees, "onStatus" | "rulesChanged" | keyof CodeExplorerApi> {
    return this.#code;
  }

  /** The workspace's store, and the user's as soon as there is one. */
  async #stores(): Promise<readonly StoreAccess[]> {
    const { workspaceStore, options, ports } = this.#parts;
    if (this.#userStore === undefined) {
      const known = ports.files.sizeSync(storeFolder(options.dataFolder, USER_STORE));
      if (known === undefined) return [workspaceStore];
    }
    return [workspaceStore, await this.#openUserStore()];
  }

  async #accessOf(scope: string | undefined): Promise<StoreAccess> {
    return scope === "user" ? this.#openUserStore() : this.#parts.workspaceStore;
  }

  #openUserStore(): Promise<StoreAccess> {
    this.#userStore ??= this.#parts.openStore(USER_STORE).catch((error: unknown) => {
      this.#userStore = undefined;
      throw error;
    });
    return this.#userStore;
  }

  async #inspected(context: RequestContext): Promise<Inspected> {
    const { git, options, ports } = this.#parts;
    return {
      stores: await this.#stores(),
      git,
      workspace: context.workspace ?? options.workspace,
      metrics: this.#metrics,
      meaning: this.#parts.meaning,
      reranking: this.#parts.reranking,
      code: await this.#code.known(context),
      freshness: countFreshness((await this.#recall.standing(context)).stores, ports.clock.now()),
      freeBytes: ports.freeBytes,
    };
  }

  #capture(input: CaptureInput, context: RequestContext, writing: WritingParts): Promise<CaptureResult> {
    return this.#timed("capture", async () =>
      captureMemory(await this.#accessOf(input.scope), writing, input, context),
    );
  }

  #writing(): WritingParts {
    const { lineage, options, workspaceId, workspaceStore, ports } = this.#parts;
    const { drafts, parser } = ports;
    return { lineage, workspace: options.workspace, workspaceId, workspaceStore, warnings: ports, drafts, parser };
  }

  #sharing(): SharingParts {
    const { workspaceStore: access, lineage, admission, ports, options, workspaceId } = this.#parts;
    const { git, clock } = ports;
    return { access, recall: this.#recall, lineage, git, admission, clock, workspace: options.workspace, workspaceId };
  }

  #timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    return timed({ metrics: this.#metrics, clock: this.#parts.ports.clock }, name, work);
  }
}
