import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DocumentResult } from "../../src/contract/document.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("document");
});
afterEach(() => here.close());

const README = "# Shop\n\nIt sells boats.\n\n## Install\n\nRun make.\n\n## Licence\n\nFree for all.\n";
const read = (input: Parameters<typeof here.engine.document>[0]): Promise<DocumentResult> =>
  here.engine.document(input, {});
const texts = ({ parts }: DocumentResult): readonly string[] => parts.map(({ text }) => text.split("\n").at(-1) ?? "");
const idOf = (document: DocumentResult, words: string): string =>
  document.parts.find(({ text }) => text.includes(words))?.id ?? "";

async function learned(text = README): Promise<DocumentResult> {
  here.repository.commit("README.md", text);
  await here.engine.learn({}, {});
  return read({ parentId: "document:README.md" });
}

describe("a document of the workspace", () => {
  test("is its sections in the order of the file, found by its id and by any of its memories", async () => {
    const whole = await learned();
    expect(whole).toMatchObject({ parentId: "document:README.md", title: "README.md", complete: true, missing: [] });
    expect(texts(whole)).toEqual(["It sells boats.", "Run make.", "Free for all."]);
    expect(whole.parts[1]).toMatchObject({ index: 1, headings: ["Shop", "Install"], startLine: 5, endLine: 7 });
    expect(whole.metadata).toMatchObject({ sections: 3, kinds: ["fact"] });
    expect(await read({ itemId: idOf(whole, "Free") })).toEqual(whole);
  });

  test("follows the file as it is now: new sections are not learned yet, changed and removed ones say so", async () => {
    await learned();
    here.repository.write(
      "README.md",
      "# Shop\n\n## News\n\nOpen on Sunday.\n\n## Install\n\nRun ninja.\n\n# Shop\n\nIt sells boats.\n",
    );
    const now = await read({ parentId: "document:README.md" });
    expect(now.complete).toBe(false);
    expect(now.missing.map(({ why, headings, startLine }) => [why, headings, startLine])).toEqual([
      ["not learned", ["Shop", "News"], 3],
    ]);
    expect(now.parts.map(({ text, drift }) => [text.split("\n").at(-1), drift])).toEqual([
      ["Run make.", "changed"],
      ["It sells boats.", undefined],
      ["Free for all.", "gone"],
    ]);
  });

  test("names the section that was forgotten, without its text, and has it back when that is undone", async () => {
    const whole = await learned();
    const id = idOf(whole, "make");
    const { undoToken = "" } = await here.engine.forget({ id }, {});
    for (const asked of [{ parentId: "document:README.md" }, { itemId: id }]) {
      const left = await read(asked);
      expect(texts(left)).toEqual(["It sells boats.", "Free for all."]);
      expect(left).toMatchObject({
        complete: false,
        missing: [{ id, why: "forgotten", headings: ["Shop", "Install"] }],
      });
      expect(JSON.stringify(left)).not.toContain("make");
    }
    await here.engine.forget({ undo: undoToken }, {});
    expect(await read({ itemId: id })).toEqual(whole);
  });

  test("names what another branch has of it, and gives that where it is asked for", async () => {
    const whole = await learned();
    here.repository.git("checkout", "-q", "-b", "side");
    const side = await learned(`${README}\n## Side\n\nOnly here.\n`);
    expect(side.complete).toBe(true);
    here.repository.git("checkout", "-q", "main");
    const main = await read({ parentId: "document:README.md" });
    expect(texts(main)).toEqual(texts(whole));
    expect(main).toMatchObject({ complete: true, elsewhere: [{ id: idOf(side, "Only here"), why: "hidden" }] });
    // The same section in the file here is one that is missing.
    here.repository.write("README.md", `${README}\n## Side\n\nOnly here.\n`);
    const both = await read({ parentId: "document:README.md" });
    expect(both).toMatchObject({ complete: false, missing: [{ id: idOf(side, "Only here"), why: "hidden" }] });
    const shown = await read({ parentId: "document:README.md", includeHidden: true });
    expect(shown).toMatchObject({ complete: true });
    expect(shown.parts.at(-1)?.hiddenBecause).toMatch(/branch side/u);
  });

  test("is told from what is remembered where its file is gone", async () => {
    const whole = await learned();
    await here.engine.forget({ id: idOf(whole, "boats") }, {});
    rmSync(join(here.repository.root, "README.md"));
    const left = await read({ parentId: "document:README.md" });
    expect(texts(left)).toEqual(["Run make.", "Free for all."]);
    expect(left).toMatchObject({ complete: false, source: { readable: false }, missing: [{ why: "forgotten" }] });
  });

  test("names a section that expired", async () => {
    const whole = await learned();
    const id = idOf(whole, "boats");
    await here.engine.revise({ id, ttlSeconds: 1 }, {});
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await read({ parentId: "document:README.md" })).toMatchObject({ missing: [{ id, why: "expired" }] });
  });

  test("says the same after a restart and to a window that follows", async () => {
    const whole = await learned();
    await here.engine.forget({ id: idOf(whole, "boats") }, {});
    const left = await read({ parentId: "document:README.md" });
    const follower = await here.another();
    expect(await follower.engine.document({ parentId: "document:README.md" }, {})).toEqual(left);
    await follower.close();
    await here.reopen();
    expect(await read({ parentId: "document:README.md" })).toEqual(left);
  });

  test("reads no file outside of the workspace, whatever a memory calls its path", async () => {
    const document = { path: "../../../etc/passwd", section: "x", hash: "y" };
    const id = await here.remember("# Users\n\nroot", { eventType: "document", metadata: { document } });
    const found = await read({ itemId: id });
    expect(found).toMatchObject({ source: { readable: false }, count: 1 });
    expect(JSON.stringify(found)).not.toContain("/bin/");
  });
});

describe("a long memory", () => {
  const paragraphs = Array.from(
    { length: 12 },
    (_, n) => `## Topic ${n}\n\n${`Sentence about topic ${n}. `.repeat(30).trim()}`,
  );

  test("is its passages in order, which make its text again, page by page", async () => {
    const content = paragraphs.join("\n\n").trim();
    const id = await here.remember(content, { title: "Topics", metadata: { team: "x" } });
    const whole = await read({ itemId: id });
    expect(whole).toMatchObject({ parentId: id, title: "Topics", complete: true, metadata: { team: "x" } });
    expect(whole.parts.map(({ text }) => text).join("")).toBe(content);
    expect(whole.parts.map(({ index }) => index)).toEqual(whole.parts.map((_, index) => index));
    expect(content.split("\n")[(whole.parts[3]?.startLine ?? 0) - 1]).toContain(whole.parts[3]?.text.split("\n")[0]);
    const pages: string[] = [];
    for (let from: number | undefined = 0; from !== undefined;) {
      const page = await read({ parentId: id, from, limit: 5 });
      expect(page.count).toBe(whole.count);
      pages.push(...page.parts.map(({ text }) => text));
      from = page.nextFrom;
    }
    expect(pages.join("")).toBe(content);
  });

  test("of one passage is one part; one that is hidden here is named and not shown", async () => {
    here.repository.git("checkout", "-q", "-b", "side");
    here.repository.commit("side.txt");
    const id = await here.remember("short");
    expect(await read({ itemId: id })).toMatchObject({ count: 1, parts: [{ id, text: "short" }], complete: true });
    here.repository.git("checkout", "-q", "main");
    const hidden = await read({ itemId: id });
    expect(hidden).toMatchObject({ parts: [], complete: false, missing: [{ id, why: "hidden" }] });
    expect(await read({ itemId: id, includeHidden: true })).toMatchObject({
      complete: true,
      parts: [{ text: "short" }],
    });
  });
});

test.each([
  [{}, "INVALID_INPUT"],
  [{ parentId: "a", itemId: "a" }, "INVALID_INPUT"],
  [{ itemId: "nothing" }, "NOT_FOUND"],
  [{ parentId: "document:README.md" }, "NOT_FOUND"],
])("%o is %s", async (input, code) => {
  await expect(read(input)).rejects.toMatchObject({ code });
});
