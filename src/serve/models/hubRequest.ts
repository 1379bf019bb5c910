import { HeirloomError } from "../../contract/errors.ts";

const HUB = "https://huggingface.co";
/** After so long without a byte, in milliseconds, a connection is taken for dead. */
const SILENCE_MS = 30_000;

/** Where models come from: the Hugging Face hub, or the mirror that its own tools are told of by this variable. */
export function hubAddress(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const mirror = environment["HF_ENDPOINT"] ?? "";
  return mirror === "" ? HUB : mirror.replace(/\/+$/u, "");
}

/** A request that is given up when `signal` says so, or when nothing has come for a while. */
export class HubRequest {
  readonly #url: string;
  readonly #silence = new AbortController();
  readonly #signal: AbortSignal;
  readonly #silenceMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string, signal: AbortSignal, silenceMs = SILENCE_MS) {
    this.#url = url;
    this.#signal = AbortSignal.any([signal, this.#silence.signal]);
    this.#silenceMs = silenceMs;
  }

  /** The answer, whatever its status. Throws what fetch throws, and the signal's reason. */
  async send(headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    this.#wait();
    try {
      return await fetch(this.#url, { headers: { "user-agent": "heirloom", ...headers }, signal: this.#signal });
    } finally {
      clearTimeout(this.#timer);
    }
  }

  async *chunksOf(response: Response): AsyncGenerator<Uint8Array> {
    if (response.body === null) return;
    this.#wait();
    try {
      for await (const chunk of response.body) {
        this.#wait();
        yield chunk as Uint8Array;
      }
    } finally {
      clearTimeout(this.#timer);
    }
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#silence.abort(new Error(`nothing came for ${this.#silenceMs / 1000} s`));
    }, this.#silenceMs);
  }
}

/** What an answer without what was asked for means. NOT_FOUND, EMBEDDING_FAILED. */
export function refusedBy(hub: string, id: string, what: string, status: number): HeirloomError {
  if (status === 404 || status === 401 || status === 403)
    return new HeirloomError(
      "NOT_FOUND",
      `${hub} has no ${what} of ${id} for everybody (${status}). Look at its name; one that needs an account can be put into a folder by hand, and the setting that is to use it set to its path.`,
      { id, status },
    );
  return new HeirloomError("EMBEDDING_FAILED", `${hub} answered ${status} for ${what} of ${id}; try again later.`, {
    id,
    status,
  });
}

/** The connection failed, and trying again did not help. EMBEDDING_FAILED. */
export function unreachable(hub: string, error: unknown): HeirloomError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = code === "" ? (cause instanceof Error ? cause.message : String(cause)) : code;
  return new HeirloomError(
    "EMBEDDING_FAILED",
    `${hub} cannot be reached (${why}). Look at the network, set HF_ENDPOINT to a mirror, or copy the model's folder from another machine and give its path to the setting that is to use it. What was fetched is kept: the same command goes on from there.`,
    { hub, cause: why },
    { cause: error },
  );
}
