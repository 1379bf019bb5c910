import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HookAnswer } from "../../src/contract/hooks.ts";
import { type Host, openHost } from "../../src/serve/openHost.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

let scratch: ReturnType<typeof temporaryFolder>;
let repository: TestRepository;
let host: Host;
beforeEach(async () => {
  scratch = temporaryFolder("warnings");
  repository = TestRepository.init(join(scratch.folder, "shop"));
  repository.commit("src/money.ts", MONEY, "Add money");
  host = await open();
});
afterEach(async () => {
  await host.close();
  scratch.remove();
});

const MONEY = `export function cents(amount: string): number {
  const [whole = "0", part = "0"] = amount.split(".");
  return Number(whole) * 100 + Number(part);
}

export function format(cents: number): string {
  return \`\${cents / 100} €\`;
}
`;
const FLOATS = MONEY.replace("Number(whole) * 100 + Number(part)", "Number.parseFloat(amount) * 100");
const open = (): Promise<Host> =>
  openHost({
    workspace: repository.root,
    dataFolder: join(scratch.folder, "data"),
    profiles: ["core"],
    rateLimited: false,
    longLived: true,
  });
/** Floats were tried in `cents`, and reverted; the id of the commit that did it. */
async function reverted(): Promise<string> {
  const tried = repository.commit("src/money.ts", FLOATS, "Read amounts as floats");
  repository.git("revert", "--no-edit", tried);
  await host.engine.learn({}, {});
  return repository.head();
}
const edit = (before: string, session = "one-session", tool: object = {}): Promise<HookAnswer> =>
  host.engine.hooks.hook(
    "PreToolUse",
    {
      session_id: session,
      cwd: repository.root,
      tool_name: "Edit",
      tool_input: { file_path: join(repository.root, "src/money.ts"), old_string: before, new_string: "x" },
      ...tool,
    },
    { workspace: repository.root, agent: "claude-code" },
  );

describe("before an edit", () => {
  test("the revert is told with its commit and place, once a session", async () => {
    const back = await reverted();
    const { context = "", receipt } = await edit("return Number(whole)");
    expect(context).toMatch(
      new RegExp(
        `^- src/money\\.ts \\(cents\\), commit ${back.slice(0, 12)}: .*Read amounts as floats.*\\[mem:\\w+\\]$`,
        "mu",
      ),
    );
    expect(receipt?.tokens).toBeLessThanOrEqual(400);
    expect((await edit("return Number(whole)")).context ?? "").not.toContain("Before you edit");
    expect((await edit("return Number(whole)", "another-session")).context).toContain("Before you edit");
    expect(await host.engine.hooks.receipts({ limit: 5 }, {})).toMatchObject([
      { items: [{ title: "Reverted: Read amounts as floats", why: "warns before an edit of src/money.ts" }] },
      { items: [{ title: "Reverted: Read amounts as floats" }] },
    ]);
  });

  test("elsewhere in the file it is no warning, as soon as the code is indexed", async () => {
    await reverted();
    await host.engine.indexControl({ action: "sync" }, {});
    expect((await edit("cents / 100")).context ?? "").not.toContain("Before you edit");
    expect((await edit("return Number(whole)")).context).toContain("Before you edit");
  });

  test("it follows its file to another name, and not to another of the old one", async () => {
    const back = await reverted();
    mkdirSync(join(repository.root, "lib"));
    repository.git("mv", "src/money.ts", "lib/amounts.ts");
    const asked = { file_path: "lib/amounts.ts", old_string: "return Number(whole)", new_string: "x" };
    // The first question has the anchors looked for.
    await expect
      .poll(async () => (await edit("", `session-${Math.random()}`, { tool_input: asked })).context ?? "", {
        timeout: 10_000,
      })
      .toContain(`- lib/amounts.ts (cents), commit ${back.slice(0, 12)}`);
  });

  test("where the change came back, or another branch never had it, there is none", async () => {
    repository.git("branch", "elsewhere");
    const back = await reverted();
    repository.git("checkout", "-q", "elsewhere");
    expect((await edit("return Number(whole)")).context).toBeUndefined();
    repository.git("checkout", "-q", "main");
    repository.git("revert", "--no-edit", back);
    await host.engine.learn({}, {});
    expect((await edit("return Number", "a-third-session")).context).toBeUndefined();
  });

  test("a failed attempt that somebody wrote down warns too", async () => {
    const { id } = await host.engine.capture(
      {
        eventType: "failed_attempt",
        content: "Formatting by Intl was tried and is too slow for the export.",
        anchors: [{ path: "src/money.ts", symbol: "format" }],
      },
      {},
    );
    expect((await host.engine.get(id, {})).memory.kind).toBe("gotcha");
    expect((await edit("cents / 100")).context).toContain("(format), commit");
  });

  test("switched off, nothing is learned of reverts and nothing warns", async () => {
    await host.close();
    writeFileSync(join(scratch.folder, "data", "settings.json"), JSON.stringify({ negativeMemory: false }));
    host = await open();
    await reverted();
    const { memories } = await host.engine.retrieve({ query: "", filters: { kind: "gotcha" } }, {});
    expect(memories).toEqual([]);
    await host.engine.capture({ eventType: "gotcha", content: "Cents only.", anchors: [{ path: "src/money.ts" }] }, {});
    expect((await edit("return Number(whole)")).context ?? "").not.toContain("Before you edit");
    const { files } = await host.engine.locate({ query: "cents of an amount" }, {});
    expect(files[0]).not.toHaveProperty("warnings");
  });
});

test("files that are located carry what went wrong in them", async () => {
  const back = await reverted();
  const { files } = await host.engine.locate({ query: "cents of an amount" }, {});
  expect(files[0]).toMatchObject({
    path: "src/money.ts",
    warnings: [{ commit: back, symbols: ["cents"], text: expect.stringContaining("Read amounts as floats") as string }],
  });
});
