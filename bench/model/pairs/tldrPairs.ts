import { oneLine, type Pair } from "./pair.ts";

/** A page of tldr: what a command is for, and what each of its examples does. */
export function tldrPairs(path: string, text: string): Pair[] {
  const name = path.slice(path.lastIndexOf("/") + 1, -3);
  const purpose = text
    .split("\n")
    .filter((line) => line.startsWith("> ") && !line.includes("More information"))
    .map((line) => line.slice(2))
    .join(" ");
  const examples = [...text.matchAll(/^- (.*?):?\s*\n\s*\n`(.*?)`/gmu)];
  return [
    { kind: "command", left: oneLine(purpose), right: `${name} command` },
    ...examples.map(([, does = "", command = ""]) => ({
      kind: "command",
      left: does.replace(/[[\]]/gu, ""),
      right: `${name} ${command.replace(/\{\{|\}\}/gu, "")}`,
    })),
  ];
}
