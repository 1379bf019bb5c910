import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HookScene } from "../support/hookScene.ts";

let scene: HookScene;
beforeEach(async () => {
  scene = new HookScene("brief");
  scene.repository.commit("src/charge.ts", "export async function charge(order) {}\n");
  await scene.open();
});
afterEach(() => scene.close());

const hook: HookScene["hook"] = (...asked) => scene.hook(...asked);
const remember: HookScene["remember"] = (...asked) => scene.remember(...asked);

describe("what a session is told at its start", () => {
  test("whole texts in the brief while they fit, and what does not fit cut between its items", async () => {
    const list = await remember("rule", "- Always use cents\n- Never import src/legacy");
    const steps = await remember("rule", "One write, from call to disk: 1. Append the frame. 2. Sync the file.");
    const first = await hook("SessionStart");
    expect(first.context).toContain("- Always use cents\n- Never import src/legacy");
    expect(first.context).toContain(
      `[mem:${steps}] One write, from call to disk: 1. Append the frame. 2. Sync the file.`,
    );
    expect(first.receipt?.items.map(({ ref }) => ref).sort()).toEqual([list, steps].sort());

    const items = Array.from({ length: 90 }, (_, item) => `- Table ${item} is never written to by others`);
    const long = await remember("rule", items.join("\n"));
    const { context = "", receipt } = await hook("SessionStart");
    expect(context).toContain("- Always use cents\n- Never import src/legacy");
    expect(context).toContain("- Table 9 is never written to by others\n");
    expect(context).toContain(`(cut here; the whole is memory://${long})`);
    expect(
      context
        .split("\n")
        .filter((line) => line.startsWith("- Table"))
        .every((line) => items.includes(line)),
    ).toBe(true);
    expect(receipt?.items.find(({ ref }) => ref === long)?.why).toContain("cut to fit the budget");
    // Its rest may still answer a prompt.
    const asked = await hook("UserPromptSubmit", { prompt: "Which table is never written to by others?" });
    expect(asked.context).toContain(long);
  });

  test("no section of a document that the agent reads by itself", async () => {
    const section = (path: string) => ({ eventType: "document", metadata: { document: { path } } });
    const claude = await remember("rule", "Money is kept in cents everywhere.", section("CLAUDE.md"));
    const agents = await remember("rule", "Never import from the legacy folder.", section("AGENTS.md"));
    const { context, receipt } = await hook("SessionStart");
    expect(context).toContain(agents);
    expect(context).not.toContain(claude);
    expect(receipt?.dropped).toMatchObject([{ ref: claude, why: "the agent reads CLAUDE.md itself" }]);
    const input = { session_id: "another-session", cwd: scene.repository.root };
    const copilot = await scene.engine.hooks.hook("SessionStart", input, { agent: "copilot" });
    expect(copilot.receipt?.items.map(({ ref }) => ref)).toEqual([claude]);
  });
});

test("a prompt is told a gotcha and not only the commit that it comes from, also where the prompt says it in the plural", async () => {
  scene.repository.write("src/invoice.ts", "export const total = 1;\n");
  scene.repository.git("add", "-A");
  const message =
    "Round invoice totals half-even\n\nThe tax office rejects invoices whose lines do not add up to the total, so round at the end.";
  scene.repository.git("commit", "-q", "-m", message);
  scene.repository.commit("src/mail.ts", "export const queue = [];\n");
  await scene.engine.learn({}, {});
  const gotcha = await remember(
    "gotcha",
    "Never round an invoice per line: the tax office rejects totals that do not add up. Round at the end.",
  );
  await remember("decision", "Invoice numbers are never reused, also for cancelled orders.");
  const { receipt } = await hook("UserPromptSubmit", { prompt: "I want to change how invoices are rounded" });
  expect(receipt?.items.map(({ ref }) => ref)[0]).toBe(gotcha);
});
