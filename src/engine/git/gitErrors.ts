import { HeirloomError } from "../../contract/errors.ts";
import { GitFailure } from "../ports.ts";

/**
 * What a failed run of git means for a person. UNTRUSTED_WORKSPACE when git refuses the repository because another user owns it,
 * INTERNAL for everything else. An error of another kind is returned as it is.
 */
export function explainGitFailure(error: unknown, root: string): unknown {
  if (!(error instanceof GitFailure)) return error;
  if (error.stderr.includes("dubious ownership") || error.stderr.includes("is owned by someone else")) {
    return new HeirloomError(
      "UNTRUSTED_WORKSPACE",
      `git refuses this repository because another user owns it; if you trust it, run: git config --global --add safe.directory "${root}"`,
      { root },
      { cause: error },
    );
  }
  if (error.exitCode === undefined) {
    return new HeirloomError(
      "INTERNAL",
      `${error.message}; check that git is installed and can read ${root}`,
      { root },
      { cause: error },
    );
  }
  return new HeirloomError(
    "INTERNAL",
    `${error.message}; run the same in ${root} to see what is wrong`,
    { root },
    { cause: error },
  );
}
