import { cpSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openHost } from "../../src/serve/openHost.ts";
import { asking, EngineInRepository } from "../support/engineInRepository.ts";

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("merge-crash");
});
afterEach(() => here.close());

/** Journal segments below the data folder with their sizes. */
function segments(dataFolder: string): ReadonlyMap<string, number> {
  const names = readdirSync(dataFolder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => /journal/u.test(name) && statSync(join(dataFolder, name)).isFile());
  return new Map(files.map((name) => [name, statSync(join(dataFolder, name)).size]));
}

test("a merge that a crash cut off anywhere has not happened at all", async () => {
  const keep = await here.remember("kept", { tags: ["a"] });
  const drop = await here.remember("dropped", { tags: ["b"], metadata: { team: "x" } });
  // What is learned of their commit beside them is written by then, so that nothing but the merge follows.
  await here.reopen();
  const before = segments(here.dataFolder);
  await here.explore.merge({ keep, drop, content: "one text for both" }, {});
  const [grown, ...others] = [...segments(here.dataFolder)].filter(([name, size]) => before.get(name) !== size);
  expect(others).toEqual([]);
  const [name, size] = grown ?? ["", 0];
  const from = before.get(name) ?? 0;
  await here.reopen();
  const whole = (await here.explore.browse(asking(), {})).rows.map(({ id }) => id);
  expect(whole).toEqual([keep]);

  const steps = 12;
  for (let step = 0; step < steps; step++) {
    const cut = from + Math.floor(((size - from) * step) / steps);
    const copy = `${here.dataFolder}-${step}`;
    cpSync(here.dataFolder, copy, { recursive: true });
    truncateSync(join(copy, name), cut);
    dropEverythingBut(copy, name, before);
    const host = await openHost({
      workspace: here.repository.root,
      dataFolder: copy,
      profiles: ["core"],
      rateLimited: false,
      longLived: false,
      logLevel: "error",
    });
    const { rows } = await host.engine.explore.browse(asking(), {});
    expect(rows.map(({ id, title }) => [id, title])).toEqual([
      [drop, "dropped"],
      [keep, "kept"],
    ]);
    expect((await host.engine.get(keep, {})).memory).toMatchObject({ tags: ["a"], mergedFrom: [], revision: 1 });
    await host.close();
    rmSync(copy, { recursive: true });
  }
});

/** As the disk was at the crash: no later segment, no cache, and no claim of the process that goes on in the test. */
function dropEverythingBut(dataFolder: string, segment: string, known: ReadonlyMap<string, number>): void {
  const store = segment.slice(0, segment.indexOf("/journal"));
  for (const entry of readdirSync(join(dataFolder, store), { withFileTypes: true }))
    if (entry.name !== "journal") rmSync(join(dataFolder, store, entry.name), { recursive: true });
  for (const name of segments(dataFolder).keys()) if (!known.has(name)) rmSync(join(dataFolder, name));
}
