import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { FolderCalls } from "../contract/window.ts";
import { type CodeRoot, CodeRoots, unreachableRoot } from "../engine/codeRoots.ts";
import type { Engine } from "../engine/engine.ts";
import type { PeerEngine } from "./peerRoutes.ts";

/** The engine that a request is for, and the request's context as that engine has to see it. */
export interface Reached {
  readonly engine: Engine;
  readonly context: RequestContext;
}
/** Finds the engine of a request, waiting until it is open. Throws what opening it threw. */
export type Reach = (context: RequestContext) => Promise<Reached>;

/** Everything else that a question about code is asked of, beside the engine of its request: the other folders of a window. */
export type ReachOthers = (context: RequestContext) => Promise<readonly CodeRoot[]>;

/** A bundle has something to say without the other folders: it waits so long for those whose stores are still being opened, in milliseconds. */
const OPENING_MS = 1_000;
const STILL_OPENING = [
  unreachableRoot(
    "other folders",
    new HeirloomError("OWNER_UNREACHABLE", "They are still being opened: ask again later."),
  ),
];

/** The calls of an engine, of its explorer and of its hooks, each sent to the engine that the request is for. */
export function routedCalls(reach: Reach, reachOthers: ReachOthers = async () => []): FolderCalls {
  const to = async <T>(
    context: RequestContext,
    call: (engine: Engine, here: RequestContext) => Promise<T>,
  ): Promise<T> => {
    const { engine, context: here } = await reach(context);
    return call(engine, here);
  };
  const code = async <T>(context: RequestContext, call: (roots: CodeRoots) => Promise<T>): Promise<T> => {
    const { engine, context: here } = await reach(context);
    const [own, others] = await Promise.all([engine.codeRoots(here), reachOthers(context)]);
    return call(new CodeRoots([...own, ...others]));
  };
  const othersSoon = async (context: RequestContext): Promise<readonly CodeRoot[]> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly CodeRoot[]>(
      (resolve) => (timer = setTimeout(resolve, OPENING_MS, STILL_OPENING)),
    );
    return Promise.race([reachOthers(context), late]).finally(() => clearTimeout(timer));
  };
  return {
    capture: (input, context) => to(context, (engine, here) => engine.capture(input, here)),
    retrieve: (input, context) => to(context, (engine, here) => engine.retrieve(input, here)),
    buildContext: (input, context) =>
      to(context, async (engine, here) => engine.buildContext(input, here, await othersSoon(context))),
    revise: (input, context) => to(context, (engine, here) => engine.revise(input, here)),
    feedback: (input, context) => to(context, (engine, here) => engine.feedback(input, here)),
    forget: (input, context) => to(context, (engine, here) => engine.forget(input, here)),
    forgotten: (limit, context) => to(context, (engine, here) => engine.forgotten(limit, here)),
    gitState: (context) => to(context, (engine, here) => engine.gitState(here)),
    health: (detailed, context) => to(context, (engine, here) => engine.health(detailed, here)),
    stats: (context) => to(context, (engine, here) => engine.stats(here)),
    get: (id, context) => to(context, (engine, here) => engine.get(id, here)),
    upsert: (input, context) => to(context, (engine, here) => engine.upsert(input, here)),
    document: (input, context) => to(context, (engine, here) => engine.document(input, here)),
    relate: (input, context) => to(context, (engine, here) => engine.relate(input, here)),
    lineage: (input, context) => to(context, (engine, here) => engine.lineage(input, here)),
    share: (input, context) => to(context, (engine, here) => engine.share(input, here)),
    locate: (input, context) => code(context, (roots) => roots.locate(input)),
    searchCode: (input, context) => code(context, (roots) => roots.searchCode(input)),
    grep: (input, context) => code(context, (roots) => roots.grep(input)),
    projectStats: (input, context) => code(context, (roots) => roots.stats(input)),
    // The state of one folder is told without waiting until all others are open.
    indexControl: (input, context) =>
      input.root === undefined
        ? to(context, (engine, here) => engine.indexControl(input, here))
        : code(context, (roots) => roots.control(input)),
    analyze: (input, context) => code(context, (roots) => roots.analyze(input)),
    codeChunk: (input, context) => code(context, (roots) => roots.chunk(input)),
    contextProgressive: (input, context) =>
      to(context, async (engine, here) => engine.contextProgressive(input, here, await othersSoon(context))),
    packs: (input, context) => to(context, (engine, here) => engine.packs(input, here)),
    inspect: (context) => to(context, (engine, here) => engine.inspect(here)),
    browse: (query, context) => to(context, ({ explore }, here) => explore.browse(query, here)),
    browseRows: (rows, context) => to(context, ({ explore }, here) => explore.browseRows(rows, here)),
    detail: (id, context, query) => to(context, ({ explore }, here) => explore.detail(id, here, query)),
    lanes: (part, context) => to(context, ({ explore }, here) => explore.lanes(part, here)),
    duplicates: (options, context) => to(context, ({ explore }, here) => explore.duplicates(options, here)),
    merge: (input, context) => to(context, ({ explore }, here) => explore.merge(input, here)),
    anchoredIn: (path, context) => to(context, ({ explore }, here) => explore.anchoredIn(path, here)),
    vitals: (context) => to(context, ({ explore }, here) => explore.vitals(here)),
    followCode: (context) => to(context, ({ code }, here) => code.followCode(here)),
    findSymbols: (query, context) => to(context, ({ code }, here) => code.findSymbols(query, here)),
    hook: (event, input, context) => to(context, ({ hooks }, here) => hooks.hook(event, input, here)),
    receipts: (options, context) => to(context, ({ hooks }, here) => hooks.receipts(options, here)),
  };
}

/** The same for who serves it: with what streams, and with the writes that other processes send. Closing is up to who opened the engines. */
export function routedEngine(
  reach: Reach,
  serveWrite: PeerEngine["serveWrite"],
  reachOthers?: ReachOthers,
): PeerEngine {
  return {
    ...routedCalls(reach, reachOthers),
    learn: async (options, context) => {
      const { engine, context: here } = await reach(context);
      return engine.learn(options, here);
    },
    importLines: async (lines, options, context) => {
      const { engine, context: here } = await reach(context);
      return engine.importLines(lines, options, here);
    },
    async *exportLines(context) {
      const { engine, context: here } = await reach(context);
      yield* engine.exportLines(here);
    },
    serveWrite,
    close: () => Promise.resolve(),
  };
}
