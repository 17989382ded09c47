/**
 * The flight recorder of the real process: its files beside the log, compression on the worker threads of Node, SIGUSR2 to write
 * what is in it now. Without one SIGUSR2 does nothing, instead of ending the process as it would by default.
 */
import { gzip, gzipSync } from "node:zlib";
import { type LoadedConfig, resolveBeside } from "../config/load.ts";
import { recordingFiles } from "../platform/recording-files.ts";
import { createRecorder, type FlightRecorder, segmentLimits } from "../recorder/recorder.ts";
import type { Note, Platform } from "../runner/platform.ts";

export interface RunRecorder {
  readonly platform: Pick<Platform, "record">;
  crashed(): void;
}

/** Where recordings of this configuration are. */
export function recordingDirectory({ baseDirectory, file }: LoadedConfig): string {
  return resolveBeside(resolveBeside(baseDirectory, file.storage.directory), file.recorder.directory);
}

const megabyte = 1_000_000;

export function openRunRecorder(config: LoadedConfig, note: Note): RunRecorder {
  let recorder: FlightRecorder | undefined;
  process.on("SIGUSR2", () => recorder?.write("asked"));
  const { enabled, memoryMb, files, diskMaxMb } = config.file.recorder;
  if (!enabled) return { platform: {}, crashed: () => undefined };
  const store = recordingFiles(recordingDirectory(config), { files, bytes: diskMaxMb * megabyte });
  const record: Platform["record"] = (loaded, platform) => {
    recorder = createRecorder(loaded, platform, {
      store,
      compress: (text, done) => gzip(text, (error, bytes) => done(error === null ? bytes : gzipSync(text))),
      compressNow: (text) => gzipSync(text),
      note,
      limits: { bytesMax: memoryMb * megabyte, ...segmentLimits },
    });
    return recorder;
  };
  return {
    platform: { record },
    crashed() {
      try {
        recorder?.crashed();
      } catch (error) {
        note("error", "no recording of the end", { why: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}
