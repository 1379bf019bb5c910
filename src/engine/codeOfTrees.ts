import type { ParseApi } from "../contract/code.ts";
import type {
  IndexInput,
  IndexResult,
  LocateInput,
  LocateResult,
  SearchCodeInput,
  SearchCodeResult,
} from "../contract/codeTools.ts";
import type { RequestContext } from "../contract/engineApi.ts";
import { locate, searchCode } from "./code/codeAnswers.ts";
import type { CodeMeaning } from "./code/codeIndex.ts";
import { CodeService } from "./code/codeService.ts";
import { createTextIndex } from "./indexing/textIndex.ts";
import { type Lineage, rootOf } from "./lineage.ts";
import type { Clock, CodeWatcher, GitRunner, Logger } from "./ports.ts";

export interface CodeParts {
  readonly workspace: string;
  readonly lineage: Lineage;
  readonly git: GitRunner;
  readonly parser: ParseApi;
  readonly watcher: CodeWatcher | undefined;
  readonly meaning: CodeMeaning | undefined;
  /** Takes secrets out of texts of a work tree. */
  readonly redact: (texts: readonly string[], root: string) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Work trees whose index is kept: that of a worktree nobody asks for any more is made again when somebody does. */
const MOST_TREES = 4;

/** How long a question waits for the index, in milliseconds. */
const PATIENCE_MS = 10_000;

function pendingOf(service: CodeService): { readonly pending?: number } {
  const { pending } = service.status();
  return pending === 0 ? {} : { pending };
}

/** The code of each work tree that requests are about. */
export class CodeOfTrees {
  readonly #parts: CodeParts;
  /** By root; the one that was used last is last. */
  readonly #services = new Map<string, CodeService>();

  constructor(parts: CodeParts) {
    this.#parts = parts;
  }

  /** INVALID_INPUT. */
  async locate(input: LocateInput, context: RequestContext): Promise<LocateResult> {
    const service = await this.#upToDate(context);
    const { files } = locate(service, input);
    const told = await this.#parts.redact(
      files.flatMap(({ symbols }) => symbols.map(({ signature }) => signature)),
      service.root,
    );
    let next = 0;
    const shown = files.map((file) => ({
      ...file,
      symbols: file.symbols.map((symbol) => ({ ...symbol, signature: told[next++] ?? "" })),
    }));
    return { files: shown, ...pendingOf(service) };
  }

  /** INVALID_INPUT. */
  async searchCode(input: SearchCodeInput, context: RequestContext): Promise<SearchCodeResult> {
    const service = await this.#upToDate(context);
    const { chunks } = await searchCode(service, input);
    const texts = await this.#parts.redact(
      chunks.map(({ text }) => text),
      service.root,
    );
    return { chunks: chunks.map((chunk, at) => ({ ...chunk, text: texts[at] ?? "" })), ...pendingOf(service) };
  }

  async control({ action, paths }: IndexInput, context: RequestContext): Promise<IndexResult> {
    const service = await this.#serviceOf(context);
    if (action === "clear" || action === "rebuild") await service.clear(paths);
    if (action === "sync" || action === "rebuild") await service.sync();
    return service.status();
  }

  /** The first index of a large tree is not waited for to its end: what is there answers, and says what is missing. */
  async #upToDate(context: RequestContext): Promise<CodeService> {
    const service = await this.#serviceOf(context);
    const syncing = service.follow();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([syncing, late]).finally(() => clearTimeout(timer));
    // Nobody is there to hear of it any more; its status tells.
    syncing.catch(() => undefined);
    return service;
  }

  async #serviceOf(context: RequestContext): Promise<CodeService> {
    const { workspace, lineage, git, parser, watcher, meaning, clock, logger } = this.#parts;
    const asked = context.workspace ?? workspace;
    const root = rootOf(await lineage.place(asked));
    const known = this.#services.get(root);
    const service =
      known ??
      new CodeService({
        root,
        parser,
        git,
        ...(watcher === undefined ? {} : { watcher }),
        head: async () => (await lineage.place(asked)).repository?.head,
        createTextIndex,
        ...(meaning === undefined ? {} : { meaning }),
        clock,
        logger,
      });
    this.#services.delete(root);
    this.#services.set(root, service);
    for (const oldest of this.#services.keys()) {
      if (this.#services.size <= MOST_TREES) break;
      this.#services.get(oldest)?.close();
      this.#services.delete(oldest);
    }
    return service;
  }

  close(): void {
    for (const service of this.#services.values()) service.close();
    this.#services.clear();
  }
}
