import { HeirloomError } from "../../contract/errors.ts";

export interface FieldError {
  /** Path of the field: `title`, `tags[2]`, `metadata.owner.name`. */
  readonly field: string;
  readonly message: string;
}

/** INVALID_INPUT with everything that is wrong in `details.fields`. No value is quoted: it may be a secret. */
export function invalidInput(fields: readonly FieldError[]): HeirloomError {
  const list = fields.map(({ field, message }) => `${field}: ${message}`).join("; ");
  return new HeirloomError("INVALID_INPUT", `The memory was not stored: ${list}.`, { fields });
}
