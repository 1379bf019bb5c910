import { z } from "zod";
import { HeirloomError } from "../../contract/errors.ts";
import { presetOf } from "../../contract/models.ts";
import { HubRequest, refusedBy, unreachable } from "./hubRequest.ts";

/** A file of a model, and how it is known to be the right one. */
export interface WantedFile {
  /** Below the model's folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal: SHA-256 of the bytes, or git's id of them as a blob (SHA-1), which is what the hub tells of small files. */
  readonly digest: { readonly kind: "sha256" | "git-blob"; readonly hex: string };
}

export interface WantedModel {
  readonly id: string;
  /** The commit on the hub. */
  readonly revision: string;
  readonly files: readonly WantedFile[];
}

const NEEDED = ["config.json", "tokenizer.json", "tokenizer_config.json"];
const WEIGHTS = ["onnx/model_quantized.onnx", "onnx/model.onnx"];
/** How tokens become one vector, and what is written before a text; absent in most. */
const OPTIONAL = ["1_Pooling/config.json", "config_sentence_transformers.json"];

/** What is used of the hub's answer to `GET /api/models/OWNER/NAME?blobs=true`. */
const hubModel = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/u),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.int().nonnegative(),
      blobId: z.string().regex(/^[0-9a-f]{40}$/u),
      lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/u) }).nullish(),
    }),
  ),
});

/** The files of a model: as they were pinned for a preset, else as the hub tells of its newest commit. NOT_FOUND, EMBEDDING_FAILED. */
export async function wantedModel(hub: string, id: string, signal: AbortSignal): Promise<WantedModel> {
  const preset = presetOf(id);
  if (preset !== undefined) {
    const files = preset.files.map(({ path, bytes, sha256 }): WantedFile => ({
      path,
      bytes,
      digest: { kind: "sha256", hex: sha256 },
    }));
    return { id, revision: preset.revision, files };
  }
  const { sha, siblings } = await askHub(hub, id, signal);
  const known = new Map(siblings.map((file) => [file.rfilename, file]));
  const weights = WEIGHTS.find((path) => known.has(path));
  const missing = NEEDED.filter((path) => !known.has(path));
  if (weights === undefined || missing.length > 0)
    throw new HeirloomError(
      "EMBEDDING_FAILED",
      `${id} is no model for transformers.js: it has no ${weights === undefined ? WEIGHTS.join(" or ") : missing.join(" and no ")}. Look for one with the library "transformers.js" on the hub.`,
      { id },
    );
  const files = [...NEEDED, ...OPTIONAL, weights, `${weights}_data`].flatMap((path): readonly WantedFile[] => {
    const file = known.get(path);
    if (file === undefined) return [];
    const { size: bytes, blobId, lfs } = file;
    return [{ path, bytes, digest: lfs ? { kind: "sha256", hex: lfs.sha256 } : { kind: "git-blob", hex: blobId } }];
  });
  return { id, revision: sha, files };
}

async function askHub(hub: string, id: string, signal: AbortSignal): Promise<z.infer<typeof hubModel>> {
  const request = new HubRequest(`${hub}/api/models/${id}?blobs=true`, signal);
  let text = "";
  try {
    const response = await request.send();
    if (!response.ok) throw refusedBy(hub, id, "description", response.status);
    const decoder = new TextDecoder();
    for await (const chunk of request.chunksOf(response)) text += decoder.decode(chunk, { stream: true });
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof HeirloomError ? error : unreachable(hub, error);
  }
  try {
    return hubModel.parse(JSON.parse(text));
  } catch (cause) {
    throw new HeirloomError(
      "EMBEDDING_FAILED",
      `${hub} describes ${id} in a way that is not understood: is it a hub?`,
      { id },
      { cause },
    );
  }
}
