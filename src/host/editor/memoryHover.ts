import * as vscode from "vscode";
import { counted } from "../../contract/counted.ts";
import type { AnchoredRow } from "./placeAnchors.ts";
import { withoutLinks } from "./withoutLinks.ts";

/** The most memories that one hover shows. */
const MOST = 5;

/** Memories as a hover. Nothing in their text becomes Markdown, HTML, a link or a command. */
export function memoryHover(memories: readonly AnchoredRow[]): vscode.MarkdownString {
  const hover = new vscode.MarkdownString();
  hover.isTrusted = false;
  hover.supportHtml = false;
  memories.slice(0, MOST).forEach((row, index) => {
    if (index > 0) hover.appendMarkdown("\n\n---\n\n");
    hover.appendMarkdown(`**${asText(row.title)}**\n\n`);
    if (row.excerpt !== "") hover.appendMarkdown(`${asText(row.excerpt)}\n\n`);
    hover.appendMarkdown(`*${asText(originOf(row))}*`);
  });
  if (memories.length > MOST) hover.appendMarkdown(`\n\n${counted(memories.length - MOST)} more`);
  return hover;
}

function originOf({ kind, freshness, freshnessReason, branch, timestamp, agent }: AnchoredRow): string {
  const isChanged = freshness === "drifted" || freshness === "orphaned";
  const word = freshness === "unanchored" ? undefined : isChanged ? (freshnessReason ?? freshness) : freshness;
  const parts = [kind, word, branch, agent];
  return [...parts.filter((part) => part !== undefined), new Date(timestamp).toLocaleDateString()].join(" · ");
}

function asText(text: string): string {
  const escaped = withoutLinks(new vscode.MarkdownString().appendText(text.replace(/\s+/gu, " ").trim()).value);
  // Lines break at spaces only, and appendText leaves none. The first stays hard: `1. x` would begin a list.
  return escaped.replace(/(?<=&nbsp;.*)&nbsp;/gu, " ");
}
