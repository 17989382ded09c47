import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Three projects: everything that runs inside this process; tests that start the built program as processes of their own, file
// by file, because its processes need the machine to themselves; and the campaign that runs tests over seeded bugs.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/real/**", "test/seeded-bugs/campaign.test.ts", "node_modules/**", "dist/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Left to itself the runner spares a core, which on a machine of two is half of it.
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          name: "seeded-bugs",
          include: ["test/seeded-bugs/campaign.test.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { concurrent: false },
        },
      },
    ],
  },
});
