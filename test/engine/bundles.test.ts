import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHost } from "../../src/serve/openHost.ts";
import { EngineInRepository } from "../support/engineInRepository.ts";

const QUEUE = `/** Takes jobs one after the other, and tries each again that failed. */
export class Queue {
  /** Waits twice as long after each failure. */
  retry(job: Job, failures: number): Promise<void> {
    return later(backoff(failures), () => this.run(job));
  }

  run(job: Job): Promise<void> {
    return job.start();
  }
}
`;

let here: EngineInRepository;
beforeEach(async () => {
  here = await EngineInRepository.open("bundles");
  here.repository.commit("src/queue.ts", QUEUE, "a queue of jobs");
  here.repository.commit("src/colour.ts", "export const colours = ['red', 'green'];\n", "colours");
});
afterEach(() => here.close());

const sync = () => here.engine.indexControl({ action: "sync" }, {});
const ask = (query: string, more: object = {}) => here.engine.buildContext({ query, ...more }, {});

describe("a bundle", () => {
  test("draws on memories and code, says what the question was taken for, and is the same each time", async () => {
    const id = await here.remember("We retry a failed job of the queue at most five times: more hid real faults.", {
      kind: "decision",
    });
    await sync();
    const bundle = await ask("why does the queue retry a failed job");
    expect(bundle.intent?.name).toBe("why");
    expect(bundle.code).toEqual({ state: "ready" });
    expect(bundle.items.map(({ ref }) => ref)).toEqual(expect.arrayContaining([id]) as string[]);
    expect(bundle.items.find(({ path }) => path === "src/queue.ts")?.ref).toMatch(/^src\/queue\.ts:\d+-\d+$/u);
    expect(bundle.markdown).toContain("return later(backoff(failures)");
    expect(bundle.markdown.indexOf("## Decisions")).toBeLessThan(bundle.markdown.indexOf("## Code"));
    expect((await ask("why does the queue retry a failed job")).markdown).toBe(bundle.markdown);
    await here.engine.indexControl({ action: "rebuild" }, {});
    expect((await ask("why does the queue retry a failed job")).markdown).toBe(bundle.markdown);
  });

  test("that is asked for again knows what was written, committed, remembered and forgotten meanwhile", async () => {
    const question = "how does the queue retry a job";
    await sync();
    expect((await ask(question)).markdown).toContain("later(backoff(failures)");
    writeFileSync(join(here.repository.root, "src/queue.ts"), QUEUE.replace("backoff(failures)", "fixedDelay"));
    await sync();
    const changed = await ask(question);
    expect(changed.markdown).toContain("later(fixedDelay");
    expect(changed.markdown).not.toContain("backoff(failures)");
    const id = await here.remember("A retry of a job in the queue is logged.", { kind: "rule" });
    expect((await ask(question)).markdown).toContain(id);
    await here.engine.forget({ id }, {});
    expect((await ask(question)).markdown).not.toContain(id);
    here.repository.git("checkout", "-q", "--", ".");
    here.repository.git("checkout", "-q", "-b", "before", "HEAD~2");
    await sync();
    expect((await ask(question)).markdown).not.toContain("later(");
  });

  test("shows no secret that slipped into the code, also not one that became a secret after it was asked for", async () => {
    const token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    const { root } = here.repository;
    writeFileSync(
      join(root, "src/deploy.ts"),
      `export const deployToken = "${token}";\nexport const zone = "wombat-4711-x";\n`,
    );
    await sync();
    const first = await ask("deployToken and zone", { detail: "full" });
    expect(first.markdown).toContain("src/deploy.ts");
    expect(JSON.stringify(first)).not.toContain(token);
    expect(first.markdown).toContain("wombat-4711-x");
    writeFileSync(join(root, ".env"), "ZONE_PASSWORD=wombat-4711-x\n");
    // What .env says is known a second later at most.
    await expect
      .poll(async () => (await ask("deployToken and zone", { detail: "full" })).markdown, { timeout: 5_000 })
      .not.toContain("wombat-4711-x");
  });

  test("shows the code around the line of a frame before all else", async () => {
    await sync();
    const bundle = await ask(
      "Error: no job\n    at Queue.retry (/app/src/queue.ts:5:12)\n    at go (/app/node_modules/x/y.js:1:1)",
    );
    expect(bundle.intent?.name).toBe("error");
    expect(bundle.items[0]).toMatchObject({ path: "src/queue.ts" });
    expect(bundle.items[0]?.why).toContain("frame 1 of the trace: Queue.retry at src/queue.ts:5");
    expect(bundle.markdown).toContain("return later(backoff(failures)");
  });
});

test("the first question to a process that lives on is answered by memories and says that code is not indexed yet, a later one by both", async () => {
  const id = await here.remember("Jobs of the queue are tried again.");
  const host = await openHost({
    ...{ workspace: here.repository.root, dataFolder: here.dataFolder, profiles: ["core"], rateLimited: false },
    ...{ longLived: true, logLevel: "error" },
  });
  try {
    const question = { query: "how does the queue retry a job" };
    const first = await host.engine.buildContext(question, {});
    expect(first.code?.state).toBe("none");
    expect(first.items.map(({ ref }) => ref)).toEqual([id]);
    await expect
      .poll(async () => (await host.engine.buildContext(question, {})).markdown, { timeout: 20_000 })
      .toContain("later(backoff(failures)");
  } finally {
    await host.close();
  }
});

test("where there is no code the bundle is that of memories", async () => {
  const bare = await EngineInRepository.open("bundles-bare", "bare");
  try {
    const id = await bare.remember("Jobs of the queue are tried again.", { scope: "repo" });
    const bundle = await bare.engine.buildContext({ query: "queue jobs" }, {});
    expect(bundle.items.map(({ ref }) => ref)).toContain(id);
  } finally {
    await bare.close();
  }
});
