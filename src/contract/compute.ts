/** What a text is embedded for: some models read a question in another way than what is to answer it. */
export type EmbeddingPurpose = "passage" | "query";

/** A model as it was loaded. */
export interface LoadedModel {
  /** First 16 hexadecimal digits of the SHA-256 of its files. */
  readonly digest: string;
  readonly dimensions: number;
}

export interface EmbedCall {
  /** Absolute path of the model's folder. */
  readonly folder: string;
  readonly texts: readonly string[];
  readonly purpose: EmbeddingPurpose;
  readonly signal?: AbortSignal | undefined;
}

export interface RerankCall {
  /** Absolute path of the cross-encoder's folder. */
  readonly folder: string;
  readonly query: string;
  readonly passages: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** What the compute thread does. A model is loaded by whichever call names it first, and kept until another one is named. */
export interface ComputeApi {
  /** EMBEDDING_FAILED. */
  load(folder: string): Promise<LoadedModel>;
  /** The vectors one after the other, each of unit length, zeros for white space. EMBEDDING_FAILED. */
  embed(call: EmbedCall): Promise<Float32Array>;
  /** How well each passage answers the query, 0..1, as one that reads both together judges it. EMBEDDING_FAILED. */
  rerank(call: RerankCall): Promise<Float32Array>;
}

/** What the compute thread is started with. */
export interface ComputeOptions {
  /** The most bytes that a model may take while it runs, its weights among them. */
  readonly memoryLimitBytes: number;
}
