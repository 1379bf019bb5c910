import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { isThisProcess, processState, selfIdentity } from "../../src/serve/processIdentity.ts";

const module = new URL("../../src/serve/processIdentity.ts", import.meta.url).href;
let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
});

/** A process that tells who it is and then waits. */
async function begin(): Promise<ReturnType<typeof selfIdentity>> {
  const source = `import { selfIdentity } from ${JSON.stringify(module)}; console.log(JSON.stringify(selfIdentity())); setInterval(() => {}, 1000);`;
  child = spawn(process.execPath, ["--input-type=module", "--eval", source], { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("stdout is piped");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return JSON.parse(line.toString()) as ReturnType<typeof selfIdentity>;
}

async function until(state: string, identity: ReturnType<typeof selfIdentity>): Promise<void> {
  while (processState(identity) !== state) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("the identity of a process", () => {
  it("is the same whenever it is asked, and alive", () => {
    expect(selfIdentity()).toEqual(selfIdentity());
    expect(processState(selfIdentity())).toBe("alive");
  });

  it("is this process's own, not another's, nor that of the same pid in another container", async () => {
    expect(isThisProcess(selfIdentity())).toBe(true);
    expect(isThisProcess(await begin())).toBe(false);
    expect(isThisProcess({ pid: process.pid, started: "linux:boot:4026531836:1" })).toBe(false);
    // Where the time is counted back from now it is a little off.
    expect(isThisProcess({ pid: process.pid, started: "darwin:1700000000000" })).toBe(true);
  });

  it("tells a living process, and a dead one", async () => {
    const identity = await begin();
    expect(processState(identity)).toBe("alive");
    child?.kill("SIGKILL");
    await until("dead", identity);
  });

  it.skipIf(process.platform !== "linux")("tells a stopped process from a dead one, and sees it go on", async () => {
    const identity = await begin();
    child?.kill("SIGSTOP");
    await until("stopped", identity);
    child?.kill("SIGCONT");
    await until("alive", identity);
  });

  it.skipIf(process.platform !== "linux")(
    "does not take another process for the one that had its pid, before or after a reboot",
    () => {
      const { pid, started } = selfIdentity();
      expect(processState({ pid, started: started.replace(/\d+$/u, "1") })).toBe("dead");
      expect(processState({ pid, started: started.replace(/^linux:[^:]*/u, "linux:another-boot") })).toBe("dead");
    },
  );

  it.skipIf(process.platform !== "linux")(
    "does not call a process dead that it cannot see, in another pid namespace",
    () => {
      const { started } = selfIdentity();
      expect(processState({ pid: 999_999, started: started.replace(/:[^:]*:(\d+)$/u, ":1:$1") })).toBe("alive");
    },
  );
});
