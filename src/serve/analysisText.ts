import type { AnalyzeResult, ChunkResult } from "../contract/analyze.ts";
import { counted } from "../contract/counted.ts";
import { linesOfList, type ListName, LIST_NAMES, listsOf, SECTIONS } from "../engine/code/analyze/reportSections.ts";
import { placeText } from "./codeTexts.ts";
import { DATA_NOTICE, quoteLine, quoteMemory } from "./quoteMemory.ts";

/** Of a line that holds what somebody wrote. */
const LONGEST_LINE = 300;

export function analysisText(result: AnalyzeResult): string {
  const { definition, impact } = result;
  const { path, startLine, endLine, kind, name, signature, doc, text } = definition;
  const lists = listsOf(result);
  const paragraphs = [
    `${kind} ${quoteLine(name)} at ${placeText(`${path}:${startLine}-${endLine}`, result.root)}`,
    ...(signature === undefined ? [] : [`Declared as ${quoteLine(signature, LONGEST_LINE)}`]),
    ...(doc === undefined ? [] : [`Its comment says ${quoteLine(doc, LONGEST_LINE)}`]),
    ...LIST_NAMES.flatMap((list) => listText(list, lists)),
    impactText(impact),
    ...(result.uncommitted === true ? ["Its lines differ from HEAD."] : []),
    ...(text === undefined ? [] : [`Its code. ${DATA_NOTICE}\n${quoteMemory(text)}`]),
    ...result.dropped.map(({ what, count, why }) => `Left out: ${count} of ${what}, ${why}.`),
  ];
  return paragraphs.join("\n");
}

export function chunkText({
  path,
  root,
  startLine,
  endLine,
  lines,
  symbol,
  heading,
  text,
  changed,
}: ChunkResult): string {
  const outer = heading.map(({ signature }) => quoteLine(signature)).join(" › ");
  const facts = [
    `${placeText(path, root)}:${startLine}-${endLine} of ${lines} lines`,
    ...(symbol === undefined ? [] : [`in ${quoteLine(symbol)}`]),
    ...(outer === "" ? [] : [`which stands in ${outer}`]),
    ...(changed ? ["the file changed since it was indexed"] : []),
  ];
  return `${facts.join(", ")}. ${DATA_NOTICE}\n${quoteMemory(text)}`;
}

function listText(list: ListName, lists: ReturnType<typeof listsOf>): readonly string[] {
  const lines = linesOfList(list, lists[list]);
  return lines.length === 0
    ? []
    : [`${SECTIONS[list].title}:${lines.map((line) => `\n- ${quoteLine(line, LONGEST_LINE)}`).join("")}`];
}

function impactText({ symbols, files, tests, uncertain, isCut }: AnalyzeResult["impact"]): string {
  if (symbols === 0 && uncertain === 0) return "Nothing that is known is reached by a change of it.";
  const unsure = uncertain === 0 ? "" : `; ${counted(uncertain, "call", "calls")} more may be of it, by the name alone`;
  return `A change reaches ${isCut ? "at least " : ""}${counted(symbols, "place", "places")} in ${counted(files, "file", "files")}, ${counted(tests, "test", "tests")} among them${unsure}.`;
}
