import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DocumentCandidate, documentCandidates } from "../../../src/engine/capture/documentCandidates.ts";
import { planDocuments } from "../../../src/engine/capture/planDocuments.ts";
import { openWorkspaceFiles } from "../../../src/engine/capture/workspaceFiles.ts";
import { temporaryFolder } from "../../support/repository.ts";

let folder: string;
let remove: () => void;
let root: string;
let skipped: [string, string][];

beforeEach(() => {
  ({ folder, remove } = temporaryFolder("documents"));
  root = join(folder, "repo");
  mkdirSync(root);
  skipped = [];
});
afterEach(() => remove());

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function capture(): Promise<DocumentCandidate[]> {
  const all: DocumentCandidate[] = [];
  const options = { onSkipped: (path: string, why: string) => void skipped.push([path, why]) };
  for await (const one of documentCandidates(openWorkspaceFiles(root), options)) all.push(one);
  return all;
}

const brief = (all: readonly DocumentCandidate[]) =>
  all.map(({ candidate: { kind, title, anchors } }) => `${kind} | ${title} | ${anchors?.[0]?.path}`);

describe("what a project says about itself", () => {
  test("rules, decisions and facts, from where they are usually kept", async () => {
    write("README.md", "# Boat\n\nIt floats.\n\n## Install\n\nnpm i boat\n");
    write("AGENTS.md", "# Rules\n\nBe kind.\n");
    write("CONTRIBUTING.md", "Tests first.\n");
    write("CHANGELOG.md", "# Changelog\n\n## 1.1.0\n\n- faster\n\n## 1.0.0\n\n- first\n");
    write(".github/copilot-instructions.md", "Use tabs.\n");
    write(".cursor/rules/style.mdc", "---\nglobs: x\n---\nNo semicolons.\n");
    write(".cursorrules", "Answer briefly.\n");
    write(
      "docs/adr/2024/0001-use-sqlite.md",
      "# 1. Use SQLite\n\n## Status\n\nAccepted\n\n## Decision\n\nSQLite it is.\n",
    );
    write("docs/adr/template.md", "# Title\n\nText\n");
    write("docs/guide.md", "# Not captured\n\nText\n");
    write("src/README.md", "# Not captured\n\nText\n");
    expect(brief(await capture())).toEqual([
      "rule | AGENTS: Rules | AGENTS.md",
      "rule | .cursorrules | .cursorrules",
      "rule | style | .cursor/rules/style.mdc",
      "rule | copilot-instructions | .github/copilot-instructions.md",
      "rule | CONTRIBUTING | CONTRIBUTING.md",
      "decision | 0001-use-sqlite: 1. Use SQLite | docs/adr/2024/0001-use-sqlite.md",
      "fact | README: Boat | README.md",
      "fact | README: Install | README.md",
      "fact | CHANGELOG: 1.1.0 | CHANGELOG.md",
      "fact | CHANGELOG: 1.0.0 | CHANGELOG.md",
    ]);
    expect(skipped).toEqual([]);
  });

  test("decisions, rules and gotchas where a heading names them, in any document but a changelog or a decision", async () => {
    write(
      "README.md",
      "# Rules\n\nA game.\n\n## Design decisions\n\nIn rounds.\n\n### Storage\n\nSQLite.\n\n## 3. Known issues:\n\nSlow.\n\n" +
        "## Naming conventions\n\ncamelCase.\n\n## How rules are applied\n\nIn turn.\n",
    );
    write("AGENTS.md", "# Working here\n\nBe kind.\n\n## Gotchas\n\nThe clock is wrong.\n");
    write("CHANGELOG.md", "# Changelog\n\n## 1.0.0\n\n### Known issues\n\n- slow\n");
    write("docs/adr/1.md", "# Use SQLite\n\n## Known issues\n\nNone.\n");
    expect(brief(await capture()).map((line) => line.split(" | ").slice(0, 2).join(" | "))).toEqual([
      "rule | AGENTS: Working here",
      "gotcha | AGENTS: Gotchas",
      "decision | 1: Use SQLite",
      "fact | README: Rules",
      "decision | README: Design decisions",
      "decision | README: Design decisions › Storage",
      "gotcha | README: 3. Known issues:",
      "rule | README: Naming conventions",
      "fact | README: How rules are applied",
      "fact | CHANGELOG: 1.0.0 › Known issues",
    ]);
  });

  test("a section is anchored to its lines and knows its document", async () => {
    write("README.md", "# Boat\n\nIt floats.\n\n## Install\n\nnpm i boat\n");
    const install = (await capture())[1];
    expect(install?.candidate).toMatchObject({
      content: "## Install\n\nnpm i boat",
      eventType: "document",
      scope: "lineage",
      anchors: [{ path: "README.md", startLine: 5, endLine: 7 }],
      metadata: { document: { path: "README.md", section: install?.supersedesKey } },
    });
    expect(install?.idempotencyKey.length).toBeLessThanOrEqual(256);
  });

  test("a decision stays whole, with its status, unless it is very long", async () => {
    write("adr/1.md", "# One\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n");
    write("adr/2.md", `# Two\n\n## Status\n\nAccepted\n\n## Context\n\n${"Why. ".repeat(4000)}\n`);
    const all = await capture();
    expect(all.map(({ candidate }) => candidate.title)).toEqual(["1: One", "2: Status", "2: Context"]);
    expect(all[0]?.candidate.content).toContain("Accepted");
    expect(all[0]?.candidate.content).toContain("Why.");
  });
});

describe("a workspace is hostile input", () => {
  test("nothing outside of it is read, through no kind of link", async () => {
    writeFileSync(join(folder, "secret.md"), "# Secret\n\nkey\n");
    mkdirSync(join(folder, "outside"));
    writeFileSync(join(folder, "outside", "1.md"), "# Outside\n\ntext\n");
    symlinkSync("../secret.md", join(root, "README.md"));
    symlinkSync(join(folder, "secret.md"), join(root, "AGENTS.md"));
    symlinkSync("../outside", join(root, "adr"));
    // A sibling whose path begins like the root's.
    mkdirSync(`${root}-other`);
    writeFileSync(join(`${root}-other`, "x.md"), "text");
    symlinkSync("../repo-other/x.md", join(root, "CHANGELOG.md"));
    expect(await capture()).toEqual([]);
    expect(skipped.sort()).toEqual([
      ["AGENTS.md", "outside the workspace"],
      ["CHANGELOG.md", "outside the workspace"],
      ["README.md", "outside the workspace"],
    ]);
  });

  test("a link inside the root is the file that it names, read once", async () => {
    write("AGENTS.md", "Be kind.\n");
    symlinkSync("AGENTS.md", join(root, "CLAUDE.md"));
    expect(brief(await capture())).toEqual(["rule | AGENTS | AGENTS.md"]);
  });

  test("binary, large, odd and broken files are refused and named", async () => {
    write("README.md", new Uint8Array([35, 32, 0, 65]));
    write("CHANGELOG.md", "x".repeat(1_048_577));
    execFileSync("mkfifo", [join(root, "AGENTS.md")]);
    symlinkSync("nowhere", join(root, "CLAUDE.md"));
    symlinkSync("CONTRIBUTING.md", join(root, "CONTRIBUTING.md"));
    mkdirSync(join(root, "GEMINI.md"));
    expect(await capture()).toEqual([]);
    expect(skipped.sort()).toEqual([
      ["AGENTS.md", "no regular file"],
      ["CHANGELOG.md", "too large"],
      ["CLAUDE.md", "missing"],
      ["CONTRIBUTING.md", "unreadable"],
      ["README.md", "binary"],
    ]);
  });

  test("of a document with very many sections the first ones are taken", async () => {
    write("CHANGELOG.md", Array.from({ length: 1500 }, (_, n) => `## ${n}\ntext\n`).join(""));
    expect(await capture()).toHaveLength(1000);
    expect(skipped).toEqual([["CHANGELOG.md", "all after the first 1000 sections"]]);
  });

  test("a folder without anything, or that is not there, gives nothing", async () => {
    expect(await capture()).toEqual([]);
    rmSync(root, { recursive: true });
    expect(await capture()).toEqual([]);
  });
});

describe("a second reading", () => {
  /** The memories that captures and revisions so far have made. */
  const remembered = (all: readonly DocumentCandidate[]) =>
    all.map(({ candidate }, index) => ({
      id: `m${index}`,
      metadata: candidate.metadata,
      anchors: candidate.anchors ?? [],
      timestamp: index,
    }));

  test("of the same documents changes nothing", async () => {
    write("README.md", "# A\n\none\n\n## B\n\ntwo\n\n## B\n\nthree\n");
    const first = await capture();
    const second = await capture();
    expect(second).toEqual(first);
    expect(new Set(first.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
    expect(planDocuments(second, remembered(first))).toEqual({ capture: [], revise: [], gone: [], unchanged: 3 });
  });

  test("revises the section that changed, captures the new one, and names the one that is gone", async () => {
    write("README.md", "# A\n\none\n\n## B\n\ntwo\n\n## C\n\nthree\n");
    const first = await capture();
    write("README.md", "# A\n\none\n\n## B\n\nTWO\n\n## D\n\nfour\n");
    const second = await capture();
    const plan = planDocuments(second, remembered(first));
    expect(plan.revise.map(({ id, candidate }) => [id, candidate.candidate.content])).toEqual([["m1", "## B\n\nTWO"]]);
    expect(plan.capture.map(({ candidate }) => candidate.title)).toEqual(["README: D"]);
    expect(plan.gone).toEqual(["m2"]);
    expect(plan.unchanged).toBe(1);
    expect(second[1]?.supersedesKey).toBe(first[1]?.supersedesKey);
    expect(second[1]?.idempotencyKey).not.toBe(first[1]?.idempotencyKey);
  });

  test("knows sections that only moved, and line ends of Windows", async () => {
    write("README.md", "# A\n\none\n\n## B\n\ntwo\n");
    const first = await capture();
    write("README.md", "Preface.\r\n\r\n# A\r\n\r\none\r\n\r\n## B\r\n\r\ntwo\r\n");
    expect(planDocuments(await capture(), remembered(first))).toMatchObject({ revise: [], gone: [], unchanged: 2 });
  });

  test("keeps, of two memories of one section, the one with the right text", async () => {
    write("README.md", "# A\n\none\n");
    const [one] = await capture();
    write("README.md", "# A\n\nother\n");
    const [other] = await capture();
    if (one === undefined || other === undefined) throw new Error("no sections");
    expect(planDocuments([one], remembered([one, other]))).toMatchObject({ revise: [], gone: ["m1"], unchanged: 1 });
  });

  test("leaves memories alone that carry no mark of a section", () => {
    const strangers = [{}, { document: null }, { document: ["x"] }, { document: { section: 5, hash: "x" } }];
    const earlier = strangers.map((metadata, index) => ({ id: `s${index}`, metadata, anchors: [], timestamp: 0 }));
    expect(planDocuments([], earlier)).toEqual({ capture: [], revise: [], gone: [], unchanged: 0 });
  });
});

test("rules and decisions are anchored to the files that they name in backticks, and to nothing else", async () => {
  write("src/db/open.ts", "export {};\n");
  write("tool.config.js", "export {};\n");
  symlinkSync("/etc/hostname", join(root, "src/outside.txt"));
  write(
    "AGENTS.md",
    "Open the database in `src/db/open.ts` and `./src/db/open.ts:3`, never by hand; see `tool.config.js#run`, `../x.ts`, " +
      "`src/gone.ts`, `src/outside.txt`, `v1.2` and `/etc/passwd`.\n",
  );
  write("README.md", "Begin in `src/db/open.ts`.\n");
  const anchors = (await capture()).map(({ candidate }) => candidate.anchors?.map(({ path }) => path));
  expect(anchors).toEqual([["AGENTS.md", "src/db/open.ts", "tool.config.js"], ["README.md"]]);
});
