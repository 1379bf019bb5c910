import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Stamp } from "../../../src/engine/git/stamp.ts";
import { temporaryFolder } from "../../support/repository.ts";

test("a stamp proves nothing until the clock of the file system must have moved on", () => {
  const { folder, remove } = temporaryFolder("stamp");
  const path = join(folder, "file");
  writeFileSync(path, "1");
  const now = Date.now();
  const setAgo = (milliseconds: number) => utimesSync(path, new Date(), new Date(now - milliseconds));
  const racy = () => Stamp.of(path)?.isRacyAt(now);
  expect(racy()).toBe(true);
  setAgo(5_000);
  expect(racy()).toBe(false);
  // A time of whole seconds may come from a file system that knows no others.
  utimesSync(path, new Date(), new Date(Math.floor(now / 1000) * 1000 - 1_000));
  expect(racy()).toBe(true);
  // A time to come is that of another machine's clock.
  setAgo(-60_000);
  expect(racy()).toBe(true);
  remove();
});
