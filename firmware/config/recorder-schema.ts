/** The flight recorder's part of the configuration. It says how much may be kept, and nothing about what is recorded. */
import { z } from "zod";
import { path } from "./schema-words.ts";

export const Recorder = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ description: "Record at all." }),
    memoryMb: z.int().min(1).max(64).default(4).meta({
      unit: "MB",
      description: "What the last minutes may take in memory, compressed; the oldest goes first.",
    }),
    directory: path("Where recordings are written; absolute, or relative to the log's directory.").default(
      "recordings",
    ),
    files: z.int().min(1).max(100).default(8).meta({ description: "So many are kept; the oldest goes first." }),
    diskMaxMb: z
      .int()
      .min(1)
      .max(1_024)
      .default(32)
      .meta({ unit: "MB", description: "All of them together; the oldest goes first." }),
  })
  .meta({
    description:
      "The flight recorder: what led to a fault, to be run again on a desk by `yizhan replay`. Members are pseudonyms in it.",
  });
