import { HeirloomError } from "../../contract/errors.ts";

/**
 * What a failed file operation means to the caller. No room (ENOSPC, EDQUOT, EFBIG) is STORAGE_FULL; a refusal of the operating system
 * (EACCES, EPERM, EROFS) is FORBIDDEN_PATH, the one code of the closed list that speaks of a path that may not be used, so that nobody
 * frees space in vain, and so is a path that cannot be a folder (ENOTDIR, ELOOP, ENAMETOOLONG); everything else is INTERNAL.
 */
export function storageError(thrown: unknown, doing: string, folder: string): HeirloomError {
  if (thrown instanceof HeirloomError) return thrown;
  const code = errorCode(thrown);
  const details = { folder, ...(code === undefined ? {} : { cause: code }) };
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new HeirloomError(
        "STORAGE_FULL",
        `There is no room to ${doing} in ${folder}: free some disk space and try again. What was acknowledged before is safe.`,
        details,
        { cause: thrown },
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new HeirloomError(
        "FORBIDDEN_PATH",
        `No permission to ${doing} in ${folder} (${code}): make the folder and its files accessible to this user, or name another with --data.`,
        details,
        { cause: thrown },
      );
    case "ENOTDIR":
    case "ELOOP":
    case "ENAMETOOLONG":
      return new HeirloomError(
        "FORBIDDEN_PATH",
        `Could not ${doing}: ${folder} cannot be a folder (${code}). Name another with --data.`,
        details,
        { cause: thrown },
      );
    default:
      return new HeirloomError(
        "INTERNAL",
        `Could not ${doing} in ${folder} (${code ?? "unknown error"}): run \`heirloom doctor\`.`,
        details,
        { cause: thrown },
      );
  }
}

/** Node's code of an error, such as ENOENT. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}
