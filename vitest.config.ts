import { defineConfig } from "vitest/config";

/** A shared machine stalls now and then: CI tries a failed test once more and says so. Here it just fails. */
const retry = process.env["CI"] === undefined ? 0 : 1;
/** How long a state is waited for that comes by itself: the default of a second is too short there. */
const expect = { poll: { timeout: 10_000 } };

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/countReporter.ts"],
    projects: [
      {
        test: {
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**"],
          retry,
          expect,
          // A test of the command line starts twenty processes, which a busy machine gives five seconds each.
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        // A real editor, at another time than everything else: it wants the processors for itself.
        test: {
          name: "editor",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: "test/e2e/support/setup.ts",
          fileParallelism: false,
          retry,
          expect,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
