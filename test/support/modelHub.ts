import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, sep } from "node:path";

export const REVISION = "0123456789abcdef0123456789abcdef01234567";

/** A hub on this machine that serves one model out of a folder as the Hugging Face hub does, and fails in the ways that it is told. */
export class ModelHub {
  readonly #server: Server;
  readonly #id: string;
  readonly #folder: string;
  /** Paths of all requests with the range that each asked for, oldest first. */
  readonly requests: string[] = [];
  /** The next so many answers with a file end after so many bytes. */
  cut: { answers: number; readonly afterBytes: number } | undefined;
  /** What is sent in place of a file. */
  readonly replaced = new Map<string, Buffer>();
  /** Every answer has this status and no body. */
  status: number | undefined;
  ranges = true;
  /** Sends the first ten bytes of a file and then nothing more. */
  stalls = false;

  private constructor(id: string, folder: string) {
    this.#id = id;
    this.#folder = folder;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async serve(id: string, folder: string): Promise<ModelHub> {
    const hub = new ModelHub(id, folder);
    await new Promise<void>((resolve) => hub.#server.listen(0, "127.0.0.1", resolve));
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "";
    const { range } = request.headers;
    this.requests.push(range === undefined ? url : `${url} ${range}`);
    if (this.status !== undefined) {
      response.writeHead(this.status).end();
      return;
    }
    if (url === `/api/models/${this.#id}?blobs=true`) {
      response.end(JSON.stringify(this.#description()));
      return;
    }
    const path = url.replace(`/${this.#id}/resolve/${REVISION}/`, "");
    if (path === url || !existsSync(join(this.#folder, path))) {
      response.writeHead(404).end();
      return;
    }
    this.#send(this.replaced.get(path) ?? readFileSync(join(this.#folder, path)), range, response);
  }

  #send(bytes: Buffer, range: string | undefined, response: ServerResponse): void {
    const from = range === undefined || !this.ranges ? 0 : Number(/^bytes=(\d+)-$/u.exec(range)?.[1]);
    const body = bytes.subarray(from);
    if (from > 0) response.setHeader("content-range", `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": body.length });
    if (this.stalls) {
      response.write(body.subarray(0, Math.max(0, 10 - from)));
      return;
    }
    if (this.cut !== undefined && this.cut.answers > 0 && body.length > this.cut.afterBytes) {
      this.cut.answers -= 1;
      // A reader may lose what arrives together with the end.
      response.write(body.subarray(0, this.cut.afterBytes), () => setTimeout(() => response.socket?.end(), 50));
      return;
    }
    response.end(body);
  }

  #description(): object {
    const files = readdirSync(this.#folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(this.#folder, name)).isFile())
      .map((name) => name.split(sep).join("/"));
    return {
      id: this.#id,
      sha: REVISION,
      siblings: files.map((rfilename) => {
        const bytes = readFileSync(join(this.#folder, rfilename));
        const blobId = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        const isLarge = rfilename.endsWith(".onnx");
        return { rfilename, size: bytes.length, blobId, ...(isLarge ? { lfs: { sha256, size: bytes.length } } : {}) };
      }),
    };
  }
}
