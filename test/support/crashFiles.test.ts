import { describe, expect, it } from "vitest";
import { CrashFiles } from "./crashFiles.ts";
import { describeFiles } from "./filesContract.ts";
import { seededRandom } from "./seededRandom.ts";

describeFiles("CrashFiles", async () => {
  const files = new CrashFiles();
  await files.makeFolder("/store");
  return { files, folder: "/store" };
});

describe("CrashFiles after a crash", () => {
  const states = (files: CrashFiles): readonly CrashFiles[] =>
    Array.from({ length: 300 }, (_, seed) => files.afterCrash(seededRandom(seed)));

  it("keeps what was synced, and may lose, tear or keep what was not", async () => {
    const files = new CrashFiles();
    await files.makeFolder("/d");
    const file = await files.open("/d/a", "append");
    await file.append(Buffer.from("safe"));
    await file.datasync();
    await files.syncFolder("/d");
    await file.append(Buffer.from("risky"));
    const seen = new Set<string>();
    for (const state of states(files)) seen.add(Buffer.from(await state.readFile("/d/a")).toString());
    expect([...seen].every((content) => content.startsWith("safe"))).toBe(true);
    expect(seen).toContain("safe");
    expect(seen).toContain("saferisky");
    expect(seen).toContain("saferis");
    expect(seen).toContain("safe\0\0\0\0\0");
  });

  it("may forget names that were not synced, in any combination, though the content was", async () => {
    const files = new CrashFiles();
    await files.makeFolder("/d");
    for (const name of ["a", "b"]) {
      const file = await files.open(`/d/${name}`, "append");
      await file.append(Buffer.from(name));
      await file.datasync();
    }
    const seen = new Set<string>();
    for (const state of states(files)) seen.add([...(await state.list("/d"))].sort().join());
    expect([...seen].sort()).toEqual(["", "a", "a,b", "b"]);
    await files.syncFolder("/d");
    await files.rename("/d/a", "/d/b");
    const renamed = new Set<string>();
    for (const state of states(files)) {
      renamed.add([...(await state.list("/d"))].sort().join() + Buffer.from(await state.readFile("/d/b")).toString());
    }
    expect([...renamed].sort()).toEqual(["a,bb", "ba"]);
  });
});
