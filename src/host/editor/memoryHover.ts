import * as vscode from "vscode";
import { counted } from "./counted.ts";
import type { AnchoredRow } from "./placeAnchors.ts";

/** The most memories that one hover shows. */
const MOST = 5;

/** Memories as a hover. Their text is appended as text: nothing in it becomes Markdown, HTML or a command. */
export function memoryHover(memories: readonly AnchoredRow[]): vscode.MarkdownString {
  const hover = new vscode.MarkdownString();
  hover.isTrusted = false;
  hover.supportHtml = false;
  memories.slice(0, MOST).forEach((row, index) => {
    if (index > 0) hover.appendMarkdown("\n\n---\n\n");
    hover.appendMarkdown("**").appendText(row.title).appendMarkdown("**\n\n");
    if (row.excerpt !== row.title) hover.appendText(row.excerpt).appendMarkdown("\n\n");
    hover.appendMarkdown("*").appendText(originOf(row)).appendMarkdown("*");
  });
  if (memories.length > MOST) hover.appendMarkdown(`\n\n${counted(memories.length - MOST)} more`);
  return hover;
}

function originOf({ kind, freshness, branch, timestamp, agent }: AnchoredRow): string {
  const parts = [kind, freshness === "unanchored" ? undefined : freshness, branch, agent];
  return [...parts.filter((part) => part !== undefined), new Date(timestamp).toLocaleDateString()].join(" · ");
}
