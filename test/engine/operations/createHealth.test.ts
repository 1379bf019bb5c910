import { expect, test } from "vitest";
import { createHealth } from "../../../src/engine/operations/createHealth.ts";

let now = 1000;
const options = { version: "1.2.3", clock: { monotonic: () => now }, probeTimeoutMs: 30 };
const well = () => ({ status: "healthy", message: "works", details: { rows: 5 } }) as const;

test("the worst component decides, and details come only when asked for", async () => {
  const health = createHealth({ journal: well, git: () => ({ status: "degraded", message: "no git here" }) }, options);
  now += 2500;
  expect(await health.report(false)).toEqual({
    status: "degraded",
    version: "1.2.3",
    uptimeSeconds: 2.5,
    components: {
      journal: { status: "healthy", message: "works" },
      git: { status: "degraded", message: "no git here" },
    },
  });
  expect((await health.report(true)).components["journal"]?.details).toEqual({ rows: 5 });
});

test("a probe that throws, rejects or hangs is unhealthy and harms no other", async () => {
  let told = false;
  const report = await createHealth(
    {
      throws: () => {
        throw new Error("it broke");
      },
      rejects: () => Promise.reject(new Error("it broke later")),
      hangs: (signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => (told = true));
        }),
      index: well,
    },
    options,
  ).report(false);
  expect(report.status).toBe("unhealthy");
  expect(report.components).toEqual({
    throws: { status: "unhealthy", message: "it broke" },
    rejects: { status: "unhealthy", message: "it broke later" },
    hangs: { status: "unhealthy", message: "No answer within 30 ms." },
    index: { status: "healthy", message: "works" },
  });
  expect(told).toBe(true);
});

test("probes of the request join the others", async () => {
  const report = await createHealth({ index: well }, options).report(false, {
    place: () => ({ status: "unhealthy", message: "the folder is gone" }),
  });
  expect(report).toMatchObject({
    status: "unhealthy",
    components: { index: { status: "healthy" }, place: { status: "unhealthy" } },
  });
});
