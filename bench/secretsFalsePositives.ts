/**
 * Screens every commit message of real repositories and counts what would be redacted and what would be flagged, per 10,000 messages. Public
 * repositories hold next to no live secret in their messages, so nearly every redaction is a false one; the masked examples let a person judge.
 *
 *   node bench/secretsFalsePositives.ts --repo DIR [DIR...]      DIR: a work tree or a git directory
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findRandomTokens } from "../src/engine/admit/entropy.ts";
import { normaliseContent } from "../src/engine/admit/normalise.ts";
import { screen } from "../src/engine/admit/screen.ts";

const folders = process.argv.slice(2).filter((argument) => argument !== "--repo");
if (folders.length === 0) {
  console.error("usage: node bench/secretsFalsePositives.ts --repo DIR [DIR...]");
  process.exit(2);
}
for (const folder of folders) console.log(JSON.stringify(await measure(folder)));

async function measure(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const run = promisify(execFile);
  const { stdout } = await run("git", ["-C", folder, "log", "--all", "--format=%B%x00"], { maxBuffer: 1 << 30 });
  const messages = stdout
    .split("\0")
    .map(normaliseContent)
    .filter((message) => message !== "");
  const redactedBy = new Map<string, number>();
  const examples: string[] = [];
  let redactedMessages = 0;
  let flaggedMessages = 0;
  for (const message of messages) {
    const screened = screen(message, []);
    for (const rule of screened.rules) redactedBy.set(rule, (redactedBy.get(rule) ?? 0) + 1);
    if (screened.rules.length > 0) {
      redactedMessages++;
      if (examples.length < 10) examples.push(`redacted: ${around(screened.text)}`);
    }
    if (screened.highEntropy) {
      flaggedMessages++;
      if (examples.length < 20) examples.push(`flagged: ${masked(message)}`);
    }
  }
  const per10k = (count: number): number => Math.round((count / messages.length) * 100_000) / 10;
  return {
    figure: "secret false positives on commit messages",
    folder,
    messages: messages.length,
    redactedPer10k: per10k(redactedMessages),
    flaggedPer10k: per10k(flaggedMessages),
    redactedBy: Object.fromEntries(redactedBy),
    examples,
  };
}

/** The marker with what stands around it. */
function around(text: string): string {
  const at = text.indexOf("[redacted:");
  return text.slice(Math.max(0, at - 40), at + 60).replaceAll("\n", " ");
}

/** The first flagged run, letters and digits replaced by their class, so that a real secret is not printed. */
function masked(text: string): string {
  const [first] = findRandomTokens(text).tokens;
  if (first === undefined) return "";
  const mask = text.slice(first.start, first.end).replace(/[a-z]/gu, "a").replace(/[A-Z]/gu, "A").replace(/\d/gu, "0");
  return text.slice(Math.max(0, first.start - 30), first.start).replaceAll("\n", " ") + mask;
}
