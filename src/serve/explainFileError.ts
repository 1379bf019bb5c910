import { HeirloomError } from "../contract/errors.ts";

/**
 * What a failed file operation means to who gave the command: INVALID_INPUT for a path that cannot be what it was given for, FORBIDDEN_PATH for
 * a missing permission, STORAGE_FULL for missing room. Everything else stays what it is. `path`: as it was given, where that is known.
 */
export function explainFileError(thrown: unknown, path?: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof HeirloomError || !("code" in thrown)) return thrown;
  const code = String(thrown.code);
  const known = WHAT_TO_DO[code];
  if (known === undefined) return thrown;
  const named = path ?? ("path" in thrown && typeof thrown.path === "string" ? thrown.path : "a file");
  return new HeirloomError(known.code, `${named}: ${known.message}`, { cause: code }, { cause: thrown });
}

const permission = {
  code: "FORBIDDEN_PATH",
  message: "there is no permission to use it; name another, or make it accessible to this user.",
} as const;
const room = {
  code: "STORAGE_FULL",
  message: "there is no room on its disk; free some, or name another disk.",
} as const;
const invalid = (message: string) => ({ code: "INVALID_INPUT", message }) as const;

const WHAT_TO_DO: Readonly<
  Record<string, { readonly code: "INVALID_INPUT" | "FORBIDDEN_PATH" | "STORAGE_FULL"; readonly message: string }>
> = {
  ENOENT: invalid("there is no such file, or its folder does not exist; make the folder first, or name another."),
  ENOTDIR: invalid("one of the folders on its path is a file; name another path."),
  EISDIR: invalid("it is a folder; name a file."),
  ENOTEMPTY: invalid("it is a folder; name a file."),
  EEXIST: invalid("it exists already and cannot be replaced; name another."),
  ENAMETOOLONG: invalid("the name is too long; name a shorter path."),
  ELOOP: invalid("its symbolic links lead in a circle; name another path."),
  EINVAL: invalid("the system does not accept this path; name another."),
  ERR_INVALID_ARG_VALUE: invalid("the system does not accept this path; name another."),
  EACCES: permission,
  EPERM: permission,
  EROFS: permission,
  ENOSPC: room,
  EDQUOT: room,
  EFBIG: room,
};
