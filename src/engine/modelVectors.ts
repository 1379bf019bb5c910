import type { Memory } from "../contract/memory.ts";
import { FollowingIndex, type IndexKind } from "./followingIndex.ts";
import type { Logger } from "./ports.ts";
import type { DirectEmbedder, EmbedderPort, Projection, ProjectionDelta, VectorIndex } from "./seams.ts";

/** The vectors of one model, as a cache keeps them. */
export interface SavedVectors {
  /** Id of the model. */
  readonly model: string;
  /** Whether every memory has its vectors, but for those that came last. */
  readonly whole: boolean;
  readonly bytes: Uint8Array;
}

/** The vectors of one store by one model, as they follow the projection. */
export interface FollowedVectors {
  readonly embedder: EmbedderPort;
  /** Why it has no vectors, or not those of what came last. */
  readonly problem: string | undefined;
  /** Memories that wait for their vectors, as far as somebody asked. */
  readonly waiting: number;
  /** The index, where it can answer now; otherwise it is being made from now on. */
  open(): VectorIndex | undefined;
  /** Takes a change of the projection in, soon. */
  follow(delta: ProjectionDelta): void;
  takeInDuringSync(): void;
  /** For a cache; undefined where there is nothing to keep. */
  save(): SavedVectors | undefined;
  /** The projection is another one: everything is to be made anew. */
  drop(): void;
  close(): void;
}

export interface DirectVectorsParts {
  readonly embedder: DirectEmbedder;
  readonly kind: IndexKind<VectorIndex>;
  readonly projection: () => Projection;
  readonly logger: Logger;
}

/** Those of a model that answers in this thread: a memory has its vectors before the next search. */
export class DirectVectors implements FollowedVectors {
  readonly embedder: DirectEmbedder;
  readonly waiting = 0;
  readonly #parts: DirectVectorsParts;
  readonly #following: FollowingIndex<VectorIndex>;
  #problem: string | undefined;

  constructor(parts: DirectVectorsParts, saved: SavedVectors | undefined) {
    this.embedder = parts.embedder;
    this.#parts = parts;
    // A process that never searches by meaning need not load the model.
    this.#following = new FollowingIndex(parts.kind, parts.logger, saved?.bytes, false);
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  open(): VectorIndex | undefined {
    try {
      const index = this.#following.openSoon(this.#parts.projection());
      this.#problem = undefined;
      return index;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== this.#problem) this.#parts.logger.log("warn", "no vectors can be made", { error });
      this.#problem = why;
      return undefined;
    }
  }

  follow(delta: ProjectionDelta): void {
    this.#following.follow(delta);
  }

  takeInDuringSync(): void {
    this.#following.takeInDuringSync();
  }

  save(): SavedVectors | undefined {
    let model = "";
    const bytes = this.#following.save(this.#parts.projection(), (index) => {
      model = index.model;
      return index.save();
    });
    return bytes === undefined ? undefined : { model, whole: true, bytes };
  }

  drop(): void {
    this.#following.drop();
  }

  close(): void {
    this.#following.close();
  }
}

/** A passage is embedded with what it stands under: the title of its memory and its headings. */
export function passagesOf({ title = "", content, parts }: Memory): readonly string[] {
  const under = content.startsWith(title) ? "" : `${title}\n`;
  if (parts.length === 0) return [under + content];
  return parts.map(({ start, end, headings }) => `${under}${headings.join("\n")}\n${content.slice(start, end)}`);
}
