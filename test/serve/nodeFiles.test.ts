import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { nodeFiles } from "../../src/serve/nodeFiles.ts";
import { describeFiles } from "../support/filesContract.ts";

const folders: string[] = [];
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "heirloom-files-"));
  folders.push(folder);
  return folder;
}
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describeFiles("nodeFiles", async () => ({ files: nodeFiles, folder: await temporaryFolder() }));

describe.skipIf(process.platform === "win32")("nodeFiles on a system with modes", () => {
  it("lets nobody else read what it creates", async () => {
    const folder = join(await temporaryFolder(), "outer", "inner");
    await nodeFiles.makeFolder(folder);
    for (const how of ["append", "exclusive"] as const) await (await nodeFiles.open(join(folder, how), how)).close();
    expect((await stat(join(folder, ".."))).mode & 0o777).toBe(0o700);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "append"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "exclusive"))).mode & 0o777).toBe(0o600);
  });
});

it("makes a folder in one that was there, once more too, and says where it cannot be", async () => {
  const folder = await temporaryFolder();
  await nodeFiles.makeFolder(join(folder, "a", "b", "c"));
  await nodeFiles.makeFolder(join(folder, "a", "b", "c"));
  expect((await stat(join(folder, "a", "b", "c"))).isDirectory()).toBe(true);
  await (await nodeFiles.open(join(folder, "file"), "append")).close();
  await expect(nodeFiles.makeFolder(join(folder, "file"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(nodeFiles.makeFolder(join(folder, "file", "a", "b"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

it("makes a folder also where several make those above it at once", async () => {
  const folder = await temporaryFolder();
  for (let round = 0; round < 20; round++) {
    const path = join(folder, String(round), "data folder/heirloom/bin");
    await Promise.all(Array.from({ length: 6 }, () => nodeFiles.makeFolder(path)));
  }
});

it.skipIf(process.platform !== "linux")("ends where the system lets nobody make a folder", async () => {
  await expect(nodeFiles.makeFolder("/proc/none/of/it")).rejects.toMatchObject({ code: "ENOENT" });
});
