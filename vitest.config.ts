import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** What must happen within so many seconds of a real process is seen file by file: its processes need the machine to themselves. */
const alone = ["dead-man", "fire", "kill-campaign", "operate-bays", "room-door", "swap", "watching"].map(
  (name) => `test/real/${name}.test.ts`,
);

// Four projects, one after the other: everything that runs inside this process; the campaign that runs tests over seeded bugs;
// tests that start the built program as processes of their own and mostly wait for them; and those of them that must be alone.
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
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts"],
          exclude: alone,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "alone",
          include: alone,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
