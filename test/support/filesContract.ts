import { beforeEach, describe, expect, it } from "vitest";
import type { Files } from "../../src/engine/ports.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const bytes = (content: string): Buffer => Buffer.from(content);

/** What every implementation of `Files` has to do. `begin` gives one and an empty folder in it. */
export function describeFiles(name: string, begin: () => Promise<{ files: Files; folder: string }>): void {
  describe(`Files: ${name}`, () => {
    let files: Files;
    let folder: string;
    beforeEach(async () => {
      ({ files, folder } = await begin());
    });
    const write = async (path: string, content: string): Promise<void> => {
      const file = await files.open(path, "append");
      await file.append(bytes(content));
      await file.datasync();
      await file.close();
    };

    it("appends at the end, also after another opening and after a truncation", async () => {
      await write(`${folder}/a`, "one");
      const file = await files.open(`${folder}/a`, "append");
      await file.append(bytes("two"));
      await file.truncate(4);
      await file.append(bytes("!"));
      expect(await file.size()).toBe(5);
      await file.close();
      expect(text(await files.readFile(`${folder}/a`))).toBe("onet!");
      expect(files.sizeSync(`${folder}/a`)).toBe(5);
    });

    it("reads what is there and no more", async () => {
      await write(`${folder}/a`, "0123456789");
      const file = await files.open(`${folder}/a`, "read");
      expect(text(await file.read(2, 3))).toBe("234");
      expect(text(await file.read(8, 100))).toBe("89");
      expect((await file.read(50, 5)).length).toBe(0);
      await file.close();
    });

    it("names what is wrong by Node's codes", async () => {
      await write(`${folder}/a`, "x");
      await expect(files.open(`${folder}/missing`, "read")).rejects.toMatchObject({ code: "ENOENT" });
      await expect(files.open(`${folder}/none/a`, "append")).rejects.toMatchObject({ code: "ENOENT" });
      await expect(files.open(`${folder}/a`, "exclusive")).rejects.toMatchObject({ code: "EEXIST" });
      await expect(files.readFile(`${folder}/missing`)).rejects.toMatchObject({ code: "ENOENT" });
      await expect(files.rename(`${folder}/missing`, `${folder}/b`)).rejects.toMatchObject({ code: "ENOENT" });
      await expect(files.link(`${folder}/missing`, `${folder}/b`)).rejects.toMatchObject({ code: "ENOENT" });
      await expect(files.syncFolder(`${folder}/none`)).rejects.toMatchObject({ code: "ENOENT" });
      const reading = await files.open(`${folder}/a`, "read");
      await expect(reading.append(bytes("y"))).rejects.toMatchObject({ code: "EBADF" });
      await reading.close();
    });

    it("says when a file was last written", async () => {
      const before = Date.now();
      await write(`${folder}/a`, "one");
      // Some file systems keep times to two seconds.
      expect(Math.abs((files.modifiedSync(`${folder}/a`) ?? 0) - before)).toBeLessThan(5_000);
      expect(files.modifiedSync(`${folder}/missing`)).toBeUndefined();
    });

    it("lists names, and nothing for a folder that is missing", async () => {
      await write(`${folder}/b`, "");
      await write(`${folder}/a`, "");
      await files.makeFolder(`${folder}/inner/deep`);
      await write(`${folder}/inner/c`, "");
      expect([...(await files.list(folder))].sort()).toEqual(["a", "b", "inner"]);
      expect(await files.list(`${folder}/none`)).toEqual([]);
    });

    it("renames over what is there, links to a free name only, and removes what may be missing", async () => {
      await write(`${folder}/a`, "new");
      await write(`${folder}/b`, "old");
      await files.rename(`${folder}/a`, `${folder}/b`);
      expect(text(await files.readFile(`${folder}/b`))).toBe("new");
      expect(files.sizeSync(`${folder}/a`)).toBeUndefined();
      await files.link(`${folder}/b`, `${folder}/c`);
      await expect(files.link(`${folder}/b`, `${folder}/c`)).rejects.toMatchObject({ code: "EEXIST" });
      await files.remove(`${folder}/b`);
      await files.remove(`${folder}/b`);
      expect(text(await files.readFile(`${folder}/c`))).toBe("new");
      await files.syncFolder(folder);
    });
  });
}
