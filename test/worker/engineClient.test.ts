import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startEngine } from "../../src/worker/engineClient.ts";
import { folderOf } from "../support/engineWindow.ts";
import { temporaryFolder } from "../support/repository.ts";

/** A thread that runs this text. */
const thread = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

describe("the engine worker's client", () => {
  it("starts the worker that is built, with nothing but what lies beside it", async () => {
    const { folder, remove } = temporaryFolder("built");
    const client = startEngine(join(import.meta.dirname, "../../dist/engineWorker.js"));
    try {
      const options = { dataFolder: join(folder, "data"), folders: [folderOf(folder)], settings: {} };
      await client.api.openWindow({ ...options, logLevel: "warn" });
      await client.api.capture({ eventType: "note", content: "Larks sing over the field." }, {});
      const { markdown } = await client.api.buildContext({ query: "larks" }, {});
      expect(markdown).toContain("Larks sing");
    } finally {
      await client.close();
      remove();
    }
  });

  it("ends a thread that does not answer when it is closed, and one that is stuck", async () => {
    for (const code of ["setInterval(() => {}, 1000)", "for (;;);"]) {
      const client = startEngine(thread(code));
      const asked = client.api.folders().catch((error: unknown) => error);
      await client.close();
      expect(await client.exit).toMatchObject({ expected: true });
      expect(await asked).toMatchObject({ code: "OWNER_UNREACHABLE" });
    }
  });

  it("tells what nobody caught in the thread, and restarts nothing", async () => {
    const client = startEngine(thread("setTimeout(() => { throw new Error('a bug') }, 20)"));
    const asked = client.api.folders().catch((error: unknown) => error);
    expect(await client.exit).toMatchObject({ expected: false, code: 1, error: { message: "a bug" } });
    expect(await asked).toMatchObject({ code: "OWNER_UNREACHABLE" });
    await client.close();
  });

  it("tells that its code is missing", async () => {
    const client = startEngine("/nowhere/engineWorker.js");
    const { expected, error } = await client.exit;
    expect(expected).toBe(false);
    expect(error?.message).toContain("/nowhere/engineWorker.js");
  });
});
