import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { anchoredFile } from "../../../src/host/explorer/anchoredFile.ts";
import { temporaryFolder } from "../../support/repository.ts";

let folder: string;
let remove: () => void;
beforeEach(() => {
  const scratch = temporaryFolder("anchored-file");
  ({ remove } = scratch);
  folder = join(scratch.folder, "workspace");
  mkdirSync(join(folder, "src"), { recursive: true });
  mkdirSync(join(scratch.folder, "private"));
  writeFileSync(join(scratch.folder, "private/key.txt"), "key");
  writeFileSync(join(folder, "src/first.ts"), "1");
  symlinkSync("first.ts", join(folder, "src/second.ts"));
  symlinkSync(join(scratch.folder, "private"), join(folder, "away"));
  symlinkSync("../../private/key.txt", join(folder, "src/key.txt"));
  symlinkSync(folder, join(scratch.folder, "link"));
});
afterEach(() => remove());

it("is opened in its folder, also by a link that stays there, and in a folder that is a link itself", async () => {
  expect(await anchoredFile(folder, "src/first.ts")).toBe(join(folder, "src/first.ts"));
  expect(await anchoredFile(folder, "src/second.ts")).toBe(join(folder, "src/second.ts"));
  const link = join(folder, "../link");
  expect(await anchoredFile(link, "src/first.ts")).toBe(join(link, "src/first.ts"));
});

it.each(["../private/key.txt", "/etc/passwd", "", ".", "away/key.txt", "src/key.txt", "away"])(
  "is not opened outside: %s",
  async (path) => {
    await expect(anchoredFile(folder, path)).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
  },
);

it("is said to be gone where it is", async () => {
  await expect(anchoredFile(folder, "src/gone.ts")).rejects.toMatchObject({ code: "NOT_FOUND" });
});
