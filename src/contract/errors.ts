/** The closed list of error codes. Their names are part of the public contract. */
export const ERROR_CODES = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "PAYLOAD_TOO_LARGE",
  "RATE_LIMIT_EXCEEDED",
  "STORAGE_FULL",
  "STORE_CORRUPT",
  "UNSUPPORTED_VERSION",
  "EMBEDDING_FAILED",
  "QUERY_TIMEOUT",
  "FORBIDDEN_PATH",
  "UNTRUSTED_WORKSPACE",
  "UNAUTHORIZED",
  "OWNER_UNREACHABLE",
  "INTERNAL",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What crosses a process boundary in place of a thrown error. */
export interface ErrorShape {
  readonly code: ErrorCode;
  /** One line for a person: what is wrong and what to do. */
  readonly message: string;
  /** Machine-readable particulars: field errors, retryAfterSeconds, paths. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The only error that is thrown on purpose. Callers branch on `code`, never on the message. */
export class HeirloomError extends Error {
  override readonly name = "HeirloomError";
  readonly code: ErrorCode;
  readonly details?: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details?: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    if (details !== undefined) this.details = details;
  }

  toJSON(): ErrorShape {
    return { code: this.code, message: this.message, ...(this.details === undefined ? {} : { details: this.details }) };
  }
}

/** Any thrown value as the shape that is shown and sent; what is not ours becomes INTERNAL. */
export function toErrorShape(thrown: unknown): ErrorShape {
  if (thrown instanceof HeirloomError) return thrown.toJSON();
  return { code: "INTERNAL", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
