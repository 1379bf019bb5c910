import { describe, expect, it } from "vitest";
import { claimOwnership, type Ownership } from "../../../src/engine/journal/ownership.ts";
import type { Files, Peers, ProcessIdentity } from "../../../src/engine/ports.ts";
import { CrashFiles } from "../../support/crashFiles.ts";
import { nodeError, withFaults } from "../../support/faultFiles.ts";
import { silentLogger } from "../../support/journalEvents.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const FOLDER = "/store";
type State = "alive" | "stopped" | "dead";

/** Processes of one machine; a test says which of them live. */
class Machine {
  readonly files = new CrashFiles();
  readonly states = new Map<number, State>();

  claim(pid: number, files: Files = this.files): Promise<Ownership> {
    this.states.set(pid, this.states.get(pid) ?? "alive");
    return claimOwnership(files, FOLDER, this.peers(pid), { logger: silentLogger });
  }

  peers(pid: number): Peers {
    const self: ProcessIdentity = { pid, started: `start of ${pid}` };
    return {
      self,
      probe: (identity) => Promise.resolve(this.states.get(identity.pid) ?? "dead"),
      call: () => Promise.reject(new Error("not called here")),
      address: () => Promise.resolve({ url: `http://127.0.0.1:${pid}`, token: `token ${pid}` }),
    };
  }
}

async function ownerOf(machine: Machine, pid: number, files?: Files): Promise<Extract<Ownership, { role: "owner" }>> {
  const ownership = await machine.claim(pid, files);
  if (ownership.role !== "owner") throw new Error(`process ${pid} became a follower`);
  return ownership;
}

describe("the ownership of a store", () => {
  it("goes to the first, and tells the others who and where it is", async () => {
    const machine = new Machine();
    const first = await ownerOf(machine, 1);
    expect(first.epoch).toBe(1);
    expect(first.claim.fence()).toBe(true);
    expect(await machine.claim(2)).toEqual({
      role: "follower",
      owner: {
        identity: { pid: 1, started: "start of 1" },
        address: { url: "http://127.0.0.1:1", token: "token 1" },
        epoch: 1,
      },
      stopped: false,
    });
  });

  it("cleans up what processes left that ended while they claimed it, and leaves nothing when its own disk is full", async () => {
    const machine = new Machine();
    await machine.files.makeFolder(FOLDER);
    for (const name of ["owner-1.77-1.tmp", "owner-1.78-3.tmp", "owner-9.79-1.tmp", "mine.tmp"]) {
      await (await machine.files.open(`${FOLDER}/${name}`, "exclusive")).close();
    }
    const { files, faults } = withFaults(machine.files);
    faults.append = () => Promise.reject(nodeError("ENOSPC"));
    await expect(machine.claim(1, files)).rejects.toMatchObject({ code: "STORAGE_FULL" });
    expect(await machine.files.list(FOLDER)).toHaveLength(4);
    await ownerOf(machine, 2);
    // That of a later epoch may be of a process that is still at it.
    expect([...(await machine.files.list(FOLDER))].sort()).toEqual(["mine.tmp", "owner-1.json", "owner-9.79-1.tmp"]);
  });

  it("passes on when the owner is dead or has released it, in a new epoch that fences the old one off", async () => {
    const machine = new Machine();
    const first = await ownerOf(machine, 1);
    machine.states.set(1, "dead");
    const second = await ownerOf(machine, 2);
    expect(second.epoch).toBe(2);
    expect([first.claim.fence(), second.claim.fence()]).toEqual([false, true]);
    await second.claim.release();
    expect(second.claim.fence()).toBe(false);
    const third = await ownerOf(machine, 3);
    expect(third.epoch).toBe(3);
    await first.claim.release();
    await second.claim.release();
    expect(third.claim.fence()).toBe(true);
    expect(await machine.claim(4)).toMatchObject({ role: "follower", owner: { epoch: 3 } });
  });

  it("stays with an owner that is only stopped", async () => {
    const machine = new Machine();
    await ownerOf(machine, 1);
    machine.states.set(1, "stopped");
    expect(await machine.claim(2)).toMatchObject({ role: "follower", stopped: true, owner: { epoch: 1 } });
  });

  it("is not wedged by a claim that cannot be read: the next epoch fences its owner off", async () => {
    for (const content of [
      "",
      "{",
      "null",
      '{"pid":1}',
      '{"pid":-1,"started":"","url":"","token":"","epoch":1}',
      "\0\0\0",
    ]) {
      const machine = new Machine();
      const first = await ownerOf(machine, 1);
      machine.files.put(`${FOLDER}/owner-1.json`, Buffer.from(content));
      const second = await ownerOf(machine, 2);
      expect([first.claim.fence(), second.claim.fence()]).toEqual([false, true]);
    }
  });

  it("waits for a claim that is just being written on a file system without links", async () => {
    const machine = new Machine();
    const withoutLinks = new Proxy(machine.files, {
      get: (target, key) => {
        if (key === "link") return () => Promise.reject(nodeError("EPERM"));
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    await machine.files.makeFolder(FOLDER);
    machine.files.put(`${FOLDER}/owner-1.json`, Buffer.from('{"pid":'));
    const claiming = machine.claim(2, withoutLinks);
    const whole = { pid: 1, started: "start of 1", url: "http://127.0.0.1:1", token: "token 1", epoch: 1 };
    setTimeout(() => machine.files.put(`${FOLDER}/owner-1.json`, Buffer.from(JSON.stringify(whole))), 30);
    machine.states.set(1, "alive");
    expect((await claiming).role).toBe("follower");
    machine.states.set(1, "dead");
    expect((await ownerOf(machine, 3, withoutLinks)).epoch).toBe(2);
  });

  it("never uses an epoch again that has written, although somebody removed the claims", async () => {
    const machine = new Machine();
    await machine.files.makeFolder(FOLDER);
    machine.files.put(`${FOLDER}/segment-1-7-1.log`, Buffer.from(""));
    expect((await ownerOf(machine, 1)).epoch).toBe(8);
  });

  it("keeps only the last claims, and an owner from long ago stays fenced off", async () => {
    const machine = new Machine();
    const first = await ownerOf(machine, 1);
    for (let pid = 2; pid < 30; pid++) {
      machine.states.set(pid - 1, "dead");
      await ownerOf(machine, pid);
    }
    expect((await machine.files.list(FOLDER)).length).toBeLessThan(12);
    expect(first.claim.fence()).toBe(false);
  });

  it("is won by one of many racers only, however their steps interleave", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const machine = new Machine();
      if (seed % 2 === 0) {
        await ownerOf(machine, 1);
        machine.states.set(1, "dead");
      }
      const slow = new Proxy(machine.files, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== "function") return value;
          if (key === "sizeSync") return value.bind(target) as unknown;
          return async (...given: unknown[]): Promise<unknown> => {
            for (let turns = Math.floor(random() * 4); turns > 0; turns--)
              await new Promise((resolve) => setImmediate(resolve));
            return (value as (...given: unknown[]) => Promise<unknown>).apply(target, given);
          };
        },
      });
      const outcomes = await Promise.all([2, 3, 4, 5].map((pid) => machine.claim(pid, slow)));
      const owners = outcomes.filter((outcome) => outcome.role === "owner");
      expect(owners, `seed ${seed}`).toHaveLength(1);
      expect(owners[0]?.claim.fence()).toBe(true);
    }
  });

  it("leaves a claim that can be read, or none, whenever the machine goes down", async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = seededRandom(seed);
      const machine = new Machine();
      const disks: CrashFiles[] = [];
      machine.files.onChange = () => disks.push(machine.files.afterCrash(random));
      const first = await ownerOf(machine, 1);
      await first.claim.release();
      const second = await ownerOf(machine, 2);
      disks.push(machine.files.afterCrash(random));
      machine.files.onChange = () => undefined;
      for (const [index, disk] of disks.entries()) {
        const rebooted = new Machine();
        const next = await ownerOf(rebooted, 9, disk);
        expect(next.claim.fence()).toBe(true);
        if (index === disks.length - 1) expect(next.epoch).toBe(second.epoch + 1);
      }
    }
  });
});
