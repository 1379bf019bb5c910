import fc from "fast-check";
import { expect, test } from "vitest";
import { FilesByName } from "../../../../src/engine/code/kept/filesByName.ts";

test("files of a name are those that were added and not removed, in their order", () => {
  const change = fc.record({ name: fc.nat(5_000), file: fc.nat(7), isRemoved: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
      const [files, wanted] = [new FilesByName(), new Map<number, number[]>()];
      for (const { name: any, file, isRemoved } of changes) {
        // Few names, so that they meet, and now and then one far away.
        const name = any > 4_900 ? any : any % 7;
        const known = wanted.get(name) ?? [];
        const number = isRemoved ? (known[file] ?? 0) : (known.at(-1) ?? 0) + 1 + file;
        if (isRemoved) files.remove(name, number);
        else files.add(name, number);
        wanted.set(name, isRemoved ? known.filter((one) => one !== number) : [...known, number]);
      }
      for (const [name, known] of wanted) expect(files.of(name)).toEqual(known);
      const named = [...wanted].filter(([, known]) => known.length > 0).map(([name]) => name);
      expect([...files.names()]).toEqual(named.toSorted((a, b) => a - b));
    }),
  );
});
