/**
 * What a flight recorder hears of a running station: every input of the core before its step, what the step led to, what was
 * granted, and the process's own diary. A recorder changes nothing; a station without one runs the same.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import type { Effect } from "../../services/effects.ts";
import type { VerifySignature } from "../../services/requests/asker.ts";
import type { StationInput } from "../../services/station/draft.ts";
import type { Grant, GrantInput } from "../../services/station/grant.ts";
import type { StationState } from "../../services/station/state.ts";
import type { LoadedConfig } from "../config/load.ts";

export interface Recorder {
  /** Before the step, so that a step that fails is on the recording too. */
  enters(was: StationState, input: StationInput): void;
  decided(effects: readonly Effect[]): void;
  granted(input: GrantInput, grant: Grant): void;
  noted(level: string, what: string, detail: Readonly<Record<string, unknown>> | undefined): void;
  /** The same verdicts, remembered where a step asked for them. */
  verify(verify: VerifySignature): VerifySignature;
}

/** What a recorder takes of the platform. */
export interface RecorderPlatform {
  readonly clock: Clock;
  readonly identity: { readonly version: string; readonly commit: string };
}

export type OpenRecorder = (config: LoadedConfig, platform: RecorderPlatform) => Recorder;
