/** A simulated station with a flight recorder whose files stay in memory, and the builds that its recordings are played with. */
import { gunzipSync, gzipSync } from "node:zlib";
import type { Build } from "../../firmware/recorder/deck.ts";
import { type Recording, readRecording } from "../../firmware/recorder/read.ts";
import {
  createRecorder,
  type FlightRecorder,
  type RecorderTools,
  segmentLimits,
} from "../../firmware/recorder/recorder.ts";
import type { OpenRecorder } from "../../firmware/runner/recording.ts";
import { grantLevels } from "../../services/station/grant.ts";
import { stepStation } from "../../services/station/step.ts";

export interface Recorded {
  readonly record: OpenRecorder;
  /** The recorder of the controller that runs now. */
  recorder(): FlightRecorder;
  /** Files by name, oldest first. */
  readonly files: Map<string, Uint8Array>;
  /** Said by the recorder itself. */
  readonly notes: string[];
}

export const thisBuild: Build = { name: "this build", stepStation, grantLevels };

export function recordedInMemory(limits: Partial<RecorderTools["limits"]> = {}): Recorded {
  const files = new Map<string, Uint8Array>();
  const notes: string[] = [];
  let current: FlightRecorder | undefined;
  const keep = (name: string, parts: readonly Uint8Array[]) => void files.set(name, Buffer.concat(parts));
  return {
    files,
    notes,
    record: (config, platform) => {
      current = createRecorder(config, platform, {
        store: {
          write: (name, parts, done) => {
            keep(name, parts);
            platform.clock.after(0, () => done(undefined));
          },
          writeNow: keep,
        },
        compress: (text, done) => void platform.clock.after(1, () => done(gzipSync(text))),
        compressNow: (text) => gzipSync(text),
        note: (_level, what) => void notes.push(what),
        limits: { bytesMax: 8_000_000, ...segmentLimits, ...limits },
      });
      return current;
    },
    recorder() {
      if (current === undefined) throw new Error("nothing is recorded yet");
      return current;
    },
  };
}

export function readBack(bytes: Uint8Array): Recording {
  const read = readRecording(bytes);
  if (read.is === "refused") throw new Error(read.why);
  return read.recording;
}

export const textOfRecording = (bytes: Uint8Array): string => gunzipSync(bytes).toString("utf8");
