import type { HookInput } from "../../contract/hooks.ts";

const MOST_LINES = 8;
const MOST_CHARACTERS = 1_000;
/** No more of an output is looked at: the beginning names what failed, the end sums it up. */
const LOOKED_AT = 16_384;

const EXIT_CODE =
  /^\W*(?:(?:the )?(?:command|process) )?(?:exit(?:ed)?(?: with)?(?: exit)? (?:code|status)|exit code)[:= ]+(-?\d+)/imu;
const SAYS_WHAT = /error|fail|exception|expected|received|assert|cannot|can't|not found|undefined|panic|traceback/iu;

/**
 * How a command of an agent ended, by what its tool answered, and what it printed (whole lines of its beginning and end). Undefined when the
 * answer does not tell, or a person broke it off.
 */
export function commandOutcome(
  input: Pick<HookInput, "tool_response" | "error"> & Readonly<Record<string, unknown>>,
  failed: boolean,
): { readonly failed: boolean; readonly output: string } | undefined {
  if (input["is_interrupt"] === true) return undefined;
  const response = failed ? (input.error ?? input.tool_response) : input.tool_response;
  const fields = typeof response === "object" && response !== null ? (response as Record<string, unknown>) : {};
  if (fields["interrupted"] === true) return undefined;
  const text = textOf(response, fields);
  const code = [fields["exit_code"], fields["exitCode"], fields["returnCode"], fields["code"]].find(
    (one) => typeof one === "number",
  );
  const written = EXIT_CODE.exec(text)?.[1];
  const wrong =
    failed ||
    (code !== undefined && code !== 0) ||
    (written !== undefined && Number(written) !== 0) ||
    fields["is_error"] === true ||
    fields["success"] === false;
  return wrong || response !== undefined ? { failed: wrong, output: text } : undefined;
}

function textOf(response: unknown, fields: Readonly<Record<string, unknown>>): string {
  const texts = typeof response === "string" ? [response] : [];
  for (const field of ["stderr", "error", "message", "stdout", "output", "content", "text"]) {
    const value = fields[field];
    if (typeof value === "string") texts.push(value);
    else if (Array.isArray(value))
      for (const part of value as readonly unknown[])
        if (typeof part === "object" && part !== null && "text" in part && typeof part.text === "string")
          texts.push(part.text);
  }
  const text = texts.filter((one) => one !== "").join("\n");
  if (text.length <= 2 * LOOKED_AT) return text;
  // Half a line may hold half a secret, which nobody would know for one.
  const head = text.slice(0, LOOKED_AT);
  const tail = text.slice(-LOOKED_AT);
  return `${head.slice(0, head.lastIndexOf("\n") + 1)}${tail.slice(tail.indexOf("\n") + 1)}`;
}

/** The lines of an output that name what is wrong, else the first ones. Secrets are to be taken out before: a cut may fall into one. */
export function errorLines(text: string): string {
  const lines = text
    .replace(/\u001b\[[0-9;?]*[a-zA-Z]/gu, "")
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !EXIT_CODE.test(line));
  const telling = lines.filter((line) => SAYS_WHAT.test(line));
  const shown = [...new Set(telling.length > 0 ? telling : lines)].slice(0, MOST_LINES).join("\n");
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS - 1)}…` : shown;
}
