import type { EngineApi, RequestContext } from "../../src/contract/engineApi.ts";
import { HeirloomError } from "../../src/contract/errors.ts";
import { resolveKind } from "../../src/contract/kinds.ts";
import { MAX_CONTENT_BYTES, type Memory, type MemoryView } from "../../src/contract/memory.ts";

/**
 * A twin of the engine for tests of the transports alone: it keeps memories in an array and finds them by shared words. It knows no
 * journal, no git, no screening, no ranking, no duplicates and no filters, so nothing that a test learns from it says anything of the
 * real engine. Besides the contract it has hooks by which a test makes a call slow, makes it fail, or sees who asked.
 */
export class MemoryEngine implements EngineApi {
  readonly memories: Memory[] = [];
  /** The contexts of all calls, oldest first. */
  readonly contexts: RequestContext[] = [];
  /** Awaited by each call before it does anything. */
  before: (method: string, context: RequestContext) => Promise<void> | void = () => undefined;

  async capture(...[input, context]: Parameters<EngineApi["capture"]>): ReturnType<EngineApi["capture"]> {
    await this.#enter("capture", context);
    if (Buffer.byteLength(input.content) > MAX_CONTENT_BYTES) {
      throw new HeirloomError("PAYLOAD_TOO_LARGE", "A memory holds at most 1 MB: store it in parts");
    }
    const kind = input.kind === undefined ? { kind: "note" as const } : resolveKind(input.kind);
    if (kind === undefined) throw new HeirloomError("INVALID_INPUT", "There is no such kind", { fields: ["kind"] });
    const provenance = { at: 0, dirty: false, pending: false };
    const sessionId = input.sessionId ?? context.sessionId;
    const memory: Memory = {
      id: `m${String(this.memories.length + 1)}`,
      kind: kind.kind,
      scope: input.scope ?? "repo",
      eventType: input.eventType,
      content: input.content,
      ...(input.title === undefined ? {} : { title: input.title }),
      tags: input.tags ?? [],
      metadata: input.metadata ?? {},
      anchors: input.anchors ?? [],
      timestamp: this.memories.length,
      ...(sessionId === undefined ? {} : { sessionId }),
      workspaceId: "twin",
      provenance,
      mergedFrom: [],
      tokens: Math.ceil(input.content.length / 4),
      parts: [],
      revision: 1,
      flags: [],
      signature: "",
    };
    this.memories.push(memory);
    return { id: memory.id, outcome: "created", redactions: 0, provenance: { dirty: false, pending: false } };
  }

  async feedback(...[input, context]: Parameters<EngineApi["feedback"]>): ReturnType<EngineApi["feedback"]> {
    await this.#enter("feedback", context);
    return { recorded: (input.ids ?? []).length + (input.id === undefined ? 0 : 1) };
  }

  async locate(...[, context]: Parameters<EngineApi["locate"]>): ReturnType<EngineApi["locate"]> {
    await this.#enter("locate", context);
    return { files: [], intent: { name: "task", confidence: 1, why: [] } };
  }

  async searchCode(...[, context]: Parameters<EngineApi["searchCode"]>): ReturnType<EngineApi["searchCode"]> {
    await this.#enter("searchCode", context);
    return { chunks: [] };
  }

  async analyze(...[{ target }, context]: Parameters<EngineApi["analyze"]>): ReturnType<EngineApi["analyze"]> {
    await this.#enter("analyze", context);
    const definition = { path: target, startLine: 1, endLine: 1, kind: "file", name: target };
    const impact = { reached: [], symbols: 0, files: 0, tests: 0, uncertain: 0, isCut: false };
    const lists = {
      others: [],
      callers: [],
      callees: [],
      imports: [],
      references: [],
      bases: [],
      derived: [],
      tests: [],
    };
    const more = {
      routes: [],
      configuration: [],
      memories: [],
      history: [],
      changesWith: [],
      evidence: [],
      dropped: [],
    };
    return { target, definition, impact, ...lists, ...more, tokens: 0 };
  }

  async codeChunk(...[{ path = "" }, context]: Parameters<EngineApi["codeChunk"]>): ReturnType<EngineApi["codeChunk"]> {
    await this.#enter("codeChunk", context);
    const place = { path, startLine: 1, endLine: 1, lines: 1 };
    return { ...place, text: "", heading: [], imports: [], changed: false };
  }

  async grep(...[, context]: Parameters<EngineApi["grep"]>): ReturnType<EngineApi["grep"]> {
    await this.#enter("grep", context);
    return { matches: [], counts: { lines: 0, files: 0, searched: 0 } };
  }

  async projectStats(...[, context]: Parameters<EngineApi["projectStats"]>): ReturnType<EngineApi["projectStats"]> {
    await this.#enter("projectStats", context);
    return {
      total: { files: 0, lines: 0, bytes: 0 },
      languages: [],
      roles: {},
      testShare: 0,
      symbols: {},
      ...{ largest: [], mostChanged: [], mostImported: [], mostCalled: [], manifests: [], entryPoints: [] },
      index: await this.indexControl({ action: "status" }, context),
      memories: { anchored: 0, byKind: {} },
    };
  }

  async indexControl(...[, context]: Parameters<EngineApi["indexControl"]>): ReturnType<EngineApi["indexControl"]> {
    await this.#enter("indexControl", context);
    return { state: "empty", files: 0, chunks: 0, symbols: 0, pending: 0, leftOut: {} };
  }

  async retrieve(...[input, context]: Parameters<EngineApi["retrieve"]>): ReturnType<EngineApi["retrieve"]> {
    await this.#enter("retrieve", context);
    const words = new Set(input.query.toLowerCase().split(/\W+/u).filter(Boolean));
    const scored = this.memories
      .map((memory) => ({ memory, score: words.size === 0 ? 1 : overlap(words, memory.content) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || b.memory.timestamp - a.memory.timestamp)
      .slice(0, input.limit ?? 10);
    return { memories: scored.map(({ memory, score }) => viewOf(memory, score)), tookMs: 0 };
  }

  async buildContext(
    ...[input, context]: Parameters<EngineApi["buildContext"]>
  ): ReturnType<EngineApi["buildContext"]> {
    const { memories } = await this.retrieve({ query: input.query }, context);
    return {
      markdown: memories.map(({ id, content }) => `- [${id}] ${JSON.stringify(content)}`).join("\n"),
      tokens: 1,
      items: memories.map(({ id }) => ({ ref: id, tokens: 1, why: "shares words" })),
      dropped: [],
      stoppedBecause: "Nothing more matches.",
    };
  }

  async contextProgressive(
    ...[input, context]: Parameters<EngineApi["contextProgressive"]>
  ): ReturnType<EngineApi["contextProgressive"]> {
    return this.buildContext({ query: input.query }, context);
  }

  async packs(...[, context]: Parameters<EngineApi["packs"]>): ReturnType<EngineApi["packs"]> {
    await this.#enter("packs", context);
    return { file: ".heirloom/packs.json", packs: [], problems: [] };
  }

  async revise(...[input, context]: Parameters<EngineApi["revise"]>): ReturnType<EngineApi["revise"]> {
    await this.#enter("revise", context);
    const index = this.memories.findIndex(({ id }) => id === input.id);
    const old = this.memories[index];
    if (old === undefined) throw notFound(input.id);
    this.memories[index] = { ...old, content: input.content ?? old.content, revision: old.revision + 1 };
    return { id: old.id, revision: old.revision + 1 };
  }

  async forget(...[input, context]: Parameters<EngineApi["forget"]>): ReturnType<EngineApi["forget"]> {
    await this.#enter("forget", context);
    const index = this.memories.findIndex(({ id }) => id === input.id);
    if (index === -1) throw notFound(input.id ?? "");
    const [gone] = this.memories.splice(index, 1);
    return { forgotten: 1, ids: gone === undefined ? [] : [gone.id] };
  }

  async forgotten(): ReturnType<EngineApi["forgotten"]> {
    return [];
  }

  async gitState(context: RequestContext): ReturnType<EngineApi["gitState"]> {
    await this.#enter("gitState", context);
    return { repository: true, branch: "main", detached: false, dirty: false, remotes: [] };
  }

  async health(_detailed: boolean, context: RequestContext): ReturnType<EngineApi["health"]> {
    await this.#enter("health", context);
    return { status: "healthy", version: "0.0.0-twin", uptimeSeconds: 0, components: {} };
  }

  async stats(context: RequestContext): ReturnType<EngineApi["stats"]> {
    await this.#enter("stats", context);
    const visible = this.memories.length;
    return {
      workspaceId: "twin",
      workspace: "/twin",
      stores: [],
      byKind: {},
      byScope: {},
      visible,
      hidden: 0,
      pending: 0,
    };
  }

  async get(id: string, context: RequestContext): ReturnType<EngineApi["get"]> {
    await this.#enter("get", context);
    const memory = this.memories.find((candidate) => candidate.id === id);
    if (memory === undefined) throw notFound(id);
    return { memory, view: viewOf(memory, 1) };
  }

  async upsert(...[input, context]: Parameters<EngineApi["upsert"]>): ReturnType<EngineApi["upsert"]> {
    await this.#enter("upsert", context);
    const report: Awaited<ReturnType<EngineApi["upsert"]>>["report"] = [];
    for (const [index, { eventType = "note", ...item }] of input.items.entries()) {
      const { id } = await this.capture({ ...item, eventType }, context);
      report.push({ index, outcome: "created", id, strategy: "skip", changes: [] });
    }
    const counts = { created: report.length, merged: 0, skipped: 0, refused: 0, redactions: 0 };
    return { ...counts, comparedBy: "words", report, dryRun: false };
  }

  async document(...[input, context]: Parameters<EngineApi["document"]>): ReturnType<EngineApi["document"]> {
    await this.#enter("document", context);
    const { memory } = await this.get(input.parentId ?? input.itemId ?? "", context);
    const { id, content: text, tokens, metadata } = memory;
    return { parentId: id, parts: [{ id, index: 0, text, tokens }], count: 1, complete: true, missing: [], metadata };
  }

  async relate(...[, context]: Parameters<EngineApi["relate"]>): ReturnType<EngineApi["relate"]> {
    await this.#enter("relate", context);
    return { contradictions: [] };
  }

  async lineage(...[, context]: Parameters<EngineApi["lineage"]>): ReturnType<EngineApi["lineage"]> {
    await this.#enter("lineage", context);
    return { offered: [], elsewhere: [] };
  }

  async share(...[, context]: Parameters<EngineApi["share"]>): ReturnType<EngineApi["share"]> {
    await this.#enter("share", context);
    return { folder: ".heirloom/memories", trusted: false, pending: [], problems: [] };
  }

  importLines(): ReturnType<EngineApi["importLines"]> {
    throw new Error("No transport imports");
  }

  learn(): ReturnType<EngineApi["learn"]> {
    throw new Error("No transport learns");
  }

  inspect(): ReturnType<EngineApi["inspect"]> {
    throw new Error("No transport inspects");
  }

  exportLines(): ReturnType<EngineApi["exportLines"]> {
    throw new Error("No transport exports");
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #enter(method: string, context: RequestContext): Promise<void> {
    this.contexts.push(context);
    await this.before(method, context);
  }
}

function overlap(words: ReadonlySet<string>, content: string): number {
  const present = content
    .toLowerCase()
    .split(/\W+/u)
    .filter((word) => words.has(word));
  return new Set(present).size / words.size;
}

function viewOf(memory: Memory, score: number): MemoryView {
  const { id, content, title, kind, scope, eventType, sessionId, workspaceId, metadata, tags, anchors } = memory;
  return {
    id,
    content,
    ...(title === undefined ? {} : { title }),
    kind,
    scope,
    eventType,
    score,
    timestamp: new Date(memory.timestamp).toISOString(),
    ...(sessionId === undefined ? {} : { sessionId }),
    workspaceId,
    metadata,
    tags: [...tags],
    anchors: [...anchors],
    freshness: anchors.length === 0 ? "unanchored" : "unchecked",
    visibility: "visible",
    reasons: ["shares words"],
  };
}

function notFound(id: string): HeirloomError {
  return new HeirloomError("NOT_FOUND", `There is no memory ${id}`);
}
