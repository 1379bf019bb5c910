import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

interface Outcome {
  readonly role: "owner" | "follower";
  readonly epoch: number;
  readonly stopped: boolean;
}

/** A real process that claims stores. */
class Racer {
  readonly process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.process = spawn(process.execPath, [join(import.meta.dirname, "../support/claimRacer.ts")]);
    const lines: Interface = createInterface(this.process.stdout);
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async claim(folder: string): Promise<Outcome> {
    this.process.stdin.write(`${folder}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("the racer ended");
    return JSON.parse(line.value) as Outcome;
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await ended;
  }
}

let outer: string;
let racers: Racer[];
const racer = (): Racer => {
  const one = new Racer();
  racers.push(one);
  return one;
};
beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), "heirloom-ownership-"));
  racers = [];
});
afterEach(async () => {
  await Promise.all(racers.map((one) => one.kill()));
  rmSync(outer, { recursive: true });
});

describe.skipIf(process.platform === "win32")("real processes that want to own a store", () => {
  it("never both win, in any of many races", async () => {
    const all = [racer(), racer(), racer()];
    for (let round = 0; round < 150; round++) {
      const folder = join(outer, `store-${round}`);
      const outcomes = await Promise.all(all.map((one) => one.claim(folder)));
      expect(
        outcomes.filter(({ role }) => role === "owner"),
        `round ${round}`,
      ).toHaveLength(1);
      expect(new Set(outcomes.map(({ epoch }) => epoch)).size).toBe(1);
    }
  });

  it("replace an owner that was killed, one of them only, and none that is stopped", async () => {
    const owner = racer();
    const rest = [racer(), racer()];
    const stores = Array.from({ length: 40 }, (_, round) => join(outer, `store-${round}`));
    for (const store of stores) expect((await owner.claim(store)).role).toBe("owner");
    owner.process.kill("SIGSTOP");
    const store = stores[0] ?? "";
    let outcome = await rest[0]?.claim(store);
    // The signal takes a moment to arrive.
    while (outcome?.stopped === false && outcome.role === "follower") outcome = await rest[0]?.claim(store);
    expect(outcome).toEqual({ role: "follower", epoch: 1, stopped: true });
    await owner.kill();
    for (const taken of stores) {
      const outcomes = await Promise.all(rest.map((one) => one.claim(taken)));
      expect(outcomes.filter(({ role }) => role === "owner")).toHaveLength(1);
      expect(outcomes.map(({ epoch }) => epoch)).toEqual([2, 2]);
    }
  });
});
