import { expect, test } from "vitest";
import { plainMessage } from "../../src/host/plainMessage.ts";

/** As VS Code 1.139 finds links in a notification: linkedText.ts. Commands among them are run by a click. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/giu;

test("no name of a file or a folder becomes a link in a notification", () => {
  const text = "There is no folder /tmp/[Mend it](command:workbench.action.terminal.new): open another one.";
  expect(text).toMatch(LINK);
  expect(plainMessage(text)).not.toMatch(LINK);
  expect(plainMessage("Nothing was forgotten.")).toBe("Nothing was forgotten.");
});
