import { expect, test } from "vitest";
import { cliReference, toolReference } from "../support/reference.ts";

// `npx vitest run test/docs -u` writes the pages anew from the contract.

test("docs/reference/tools.md says what the contract says", async () => {
  await expect(toolReference()).toMatchFileSnapshot("../../docs/reference/tools.md");
});

test("docs/reference/cli.md says what the command line takes", async () => {
  await expect(cliReference()).toMatchFileSnapshot("../../docs/reference/cli.md");
});
