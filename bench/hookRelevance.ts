// How well the score of a search tells prompts that memories answer from prompts that they do not: on this repository's own commits and
// documents. It gives the threshold below which a hook says nothing.   usage: node bench/hookRelevance.ts
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { promptQuestions } from "../src/engine/capture/promptQuestions.ts";
import { worthOf } from "../src/engine/compose/groups.ts";
import { OF_NO_WORD, PROMPT_THRESHOLD } from "../src/engine/sessionHooks.ts";
import { defaultSettings } from "../src/contract/settings.ts";
import { printFigure } from "./figure.ts";
import { benchFolder, openBenchEngine } from "./openStore.ts";

/** Prompts as people write them to an agent, about something that this repository's history or documents say. */
const ANSWERED = [
  "Why is sql.js only a projection and the journal the truth?",
  "What happens with a memory that was captured on a dirty tree when I commit?",
  "How does the owner of a store get replaced when its process dies?",
  "Forgetting a memory has to remove its text from the disk, where is that done?",
  "Add a new filter field to the search, how are filters parsed?",
  "The BM25 ranking looks off for short passages, how is the text index built?",
  "I want to add a dependency, what are the rules for that in this project?",
  "How are secrets found and redacted before something is stored?",
  "Which profiles of MCP tools are there and how many tools does core have?",
  "Two worktrees of one repository should share a store, does that work?",
  "Make the rate limit for captures configurable",
  "Fix the recovery of a torn tail in the journal",
  "how do I run only one part of the tests?",
  "The squash merge is not recognised, look at the patch ids please",
  "import should report a bad line with its number and keep the good ones",
  "explain the score that a search returns",
];
/** Prompts that nothing here speaks of, and the small talk of a session. */
const UNANSWERED = [
  "thanks, that looks good",
  "please continue with the next step",
  "run the tests again and tell me what fails",
  "can you make the button a bit bigger and blue?",
  "write a haiku about autumn in Kyoto",
  "what's the weather like tomorrow in Berlin?",
  "add a dark mode toggle to the settings page of the mobile app",
  "why is my kubernetes pod stuck in CrashLoopBackOff?",
  "translate this readme into Spanish",
  "the checkout page shows the wrong currency for Swiss customers",
  "rename the variable foo to customerName",
  "yes do it, and commit when you are done",
  "upgrade React to version 19 and fix the type errors",
  "set up terraform for an S3 bucket with versioning",
  "I think there is a bug in the login form, it submits twice",
  "undo that, it was better before",
];

/** Written after the threshold was chosen by the prompts above. */
const HELD_OUT_ANSWERED = [
  "When does a memory become visible on another branch?",
  "what does doctor --rebuild do exactly",
  "how do we keep the MCP endpoint safe from other websites",
  "the fuzzy search finds too much, where are near terms chosen",
  "how big may one memory be",
  "write a test for a crash of the machine in the middle of a write",
  "where do the engine's settings come from",
  "add an alias for the kinds of another memory system",
  "I opened two windows on two worktrees today. In the second one a capture failed. Who owns the store then, and how do the others write?",
  "The list is slow with many memories. Before you change anything: what do we do about pages, and what does a cursor hold?",
];
const HELD_OUT_UNANSWERED = [
  "ok great, now push it",
  "could you shorten that paragraph a little?",
  "make a slide deck about our quarterly results",
  "why does my docker build fail with exit code 137",
  "add pagination to the customers endpoint of the shop",
  "what do you think about Rust?",
  "no, the other one",
  "please write the summary in German",
  "Our newsletter has a broken link. Please find out which template it comes from and fix the address. Keep the rest as it is.",
];

const folder = benchFolder();
const repository = join(folder.workspace, "../repository");
execFileSync("git", ["clone", "-q", join(import.meta.dirname, ".."), repository]);
const engine = await openBenchEngine(
  { workspace: repository, dataFolder: folder.dataFolder },
  { settings: { ...defaultSettings, signals: { ...defaultSettings.signals, ...OF_NO_WORD } } },
);
const { commits, documents } = await engine.learn({}, {});
/** As a hook finds it. */
const best = async (prompt: string): Promise<number> => {
  const found = await Promise.all(promptQuestions(prompt).map((query) => engine.retrieve({ query, limit: 12 }, {})));
  return Math.max(0, ...found.flatMap(({ memories }) => memories.map(({ score, kind }) => score * worthOf(kind))));
};

await measure("chosen by", ANSWERED, UNANSWERED);
await measure("held out", HELD_OUT_ANSWERED, HELD_OUT_UNANSWERED);

async function measure(prompts: string, answered: readonly string[], unanswered: readonly string[]): Promise<void> {
  const right = await Promise.all(answered.map(best));
  const wrong = await Promise.all(unanswered.map(best));
  if (process.argv.includes("--each"))
    for (const [index, prompt] of [...answered, ...unanswered].entries())
      process.stdout.write(`${([...right, ...wrong][index] ?? 0).toFixed(3)} ${prompt}\n`);
  for (const threshold of [0.2, 0.22, PROMPT_THRESHOLD, 0.26, 0.28, 0.3]) {
    const over = (scores: readonly number[]): number => scores.filter((score) => score >= threshold).length;
    printFigure("hookRelevance", `prompts that a hook adds to (${prompts})`, {
      memories: commits.created + documents.created,
      threshold,
      ofAnswered: over(right) / right.length,
      ofUnanswered: over(wrong) / wrong.length,
      used: threshold === PROMPT_THRESHOLD,
    });
  }
}
await engine.close();
folder.remove();
