import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAnchorGuard, type WorkspaceLinks } from "../../../src/engine/admit/anchorGuard.ts";

let scratch: string;
let workspace: string;
let asked: string[];
let now: number;
const links: WorkspaceLinks = {
  realPath: (path) => {
    asked.push(path);
    return realpath(path).catch(() => undefined);
  },
  linksIn: (folder) => {
    asked.push(folder);
    return readdir(folder, { withFileTypes: true }).then(
      (entries) => entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name),
      () => undefined,
    );
  },
  monotonic: () => now,
};
beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "heirloom-links-")));
  workspace = join(scratch, "workspace");
  mkdirSync(join(workspace, "src", "deep"), { recursive: true });
  mkdirSync(join(scratch, "workspace-beside"));
  writeFileSync(join(scratch, "secret.txt"), "");
  writeFileSync(join(workspace, "src", "a.ts"), "");
  asked = [];
  now = 0;
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const outside = async (...paths: readonly string[]): Promise<readonly string[]> => [
  ...(await createAnchorGuard(links)(workspace, paths)),
];

describe.skipIf(process.platform === "win32")("an anchor's path", () => {
  test("without a link is inside, whether it exists or not", async () => {
    expect(await outside(".", "src", "src/a.ts", "src/none/of/it.ts", "src/a.ts/below", "gone.ts")).toEqual([]);
  });

  test("that a link leads out is found, for folders and files, however it is written", async () => {
    symlinkSync("/etc", join(workspace, "link"));
    symlinkSync("../secret.txt", join(workspace, "file"));
    symlinkSync("../../..", join(workspace, "src", "deep", "up"));
    symlinkSync("../workspace-beside", join(workspace, "beside"));
    const out = ["link", "link/passwd", "link/none", "file", "src/deep/up/secret.txt", "beside/x"];
    expect(await outside(...out, "src/a.ts")).toEqual(out);
  });

  test("that a link leads elsewhere inside is followed from there", async () => {
    symlinkSync("src", join(workspace, "lib"));
    symlinkSync("/etc", join(workspace, "src", "out"));
    expect(await outside("lib", "lib/a.ts", "lib/out/passwd")).toEqual(["lib/out/passwd"]);
  });

  test("over a link that leads nowhere, or in a circle, is taken for one that leads out", async () => {
    symlinkSync("/none/such", join(workspace, "dangling"));
    symlinkSync("circle", join(workspace, "circle"));
    expect(await outside("dangling", "circle/x")).toEqual(["dangling", "circle/x"]);
  });

  test("is inside a workspace that is itself reached over a link", async () => {
    symlinkSync(workspace, join(scratch, "alias"));
    symlinkSync("src", join(workspace, "lib"));
    expect([...(await createAnchorGuard(links)(join(scratch, "alias"), ["lib/a.ts", "src/a.ts"]))]).toEqual([]);
  });
});

describe("many anchors", () => {
  test("cost one look at each folder, and none for those without; a second later links are looked at again", async () => {
    const guard = createAnchorGuard(links);
    expect([...(await guard(workspace, []))]).toEqual([]);
    expect(asked).toEqual([]);
    await guard(
      workspace,
      Array.from({ length: 500 }, (_, index) => `src/file${index}.ts`),
    );
    await guard(
      workspace,
      Array.from({ length: 500 }, (_, index) => `src/deep/file${index}.ts`),
    );
    expect(asked).toEqual([workspace, workspace, join(workspace, "src"), join(workspace, "src", "deep")]);
    if (process.platform === "win32") return;
    symlinkSync("/etc", join(workspace, "late"));
    now = 1_000;
    expect([...(await guard(workspace, ["late/passwd"]))]).toEqual(["late/passwd"]);
  });
});
