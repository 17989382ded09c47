/**
 * Everything a running station needs from outside, as ports. The real process fills it with adapters, the simulator with the
 * other side of every wire; nothing behind it can tell which.
 */
import type { OpenBrokerLink } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Disk } from "../../hal/ports/disk.ts";
import type { Gpio } from "../../hal/ports/gpio.ts";
import type { Random } from "../../hal/ports/random.ts";
import type { Schedule } from "../../hal/ports/schedule.ts";
import type { TextFiles } from "../../hal/ports/text-files.ts";
import type { OpenWire } from "../../hal/ports/wire.ts";
import type { Effect } from "../../services/effects.ts";
import type { StationEvent } from "../../services/events.ts";
import type { Announced } from "../../services/journal/durable.ts";
import type { Prompt } from "../../services/prompts.ts";
import type { VerifySignature } from "../../services/requests/asker.ts";
import type { ConfigFile } from "../config/schema.ts";
import type { OpenExpander } from "../expander/expander.ts";
import type { OpenRecorder } from "./recording.ts";

/** The output that feeds every contactor, held by the guardian as long as the loop beats. */
export interface MasterEnablePort {
  arm(): void;
  beat(): void;
  isOn(): boolean;
  close(done: () => void): void;
}

export type NoteLevel = "debug" | "info" | "warn" | "error" | "fatal";
/** The process's own diary (pino): for technicians, never for machines, never with secrets or whole member ids. */
export type Note = (level: NoteLevel, what: string, detail?: Readonly<Record<string, unknown>>) => void;

/** One text beside the log, the old one or the new one, never half of each. */
export interface KeptText {
  read(): string | undefined;
  /** Failing to write it down is no reason to stop; it says so itself. */
  write(text: string): void;
}

/** A small note beside the log: which log there was, how far it had come, and what the security settings were. */
export type SecurityMark = KeptText;

/** One decision, for digests, recorders and checkers. */
export interface Decision {
  readonly nowMs: number;
  readonly event: StationEvent;
  readonly effects: readonly Effect[];
}

export interface RetainedText {
  readonly topic: string;
  /** "" empties the topic. */
  readonly payload: string;
}

export interface DiscoveryInput {
  readonly file: ConfigFile;
  readonly version: string;
  /** What earlier configurations announced. */
  readonly before: Announced;
}

/** What a convention wants to be said. */
export interface Discovery {
  readonly messages: readonly RetainedText[];
  /** Whoever reads them says this when it starts, not retained: then they and all state are wanted again. */
  readonly birth: { readonly topic: string; readonly payload: string };
}

export type Discover = (input: DiscoveryInput) => Discovery;

export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly openWire: OpenWire;
  readonly textFiles: TextFiles;
  readonly gpio: Gpio | undefined;
  /** Expander boards; there where one is configured. */
  readonly openExpander?: OpenExpander | undefined;
  readonly disk: Disk;
  readonly schedule: Schedule;
  readonly openBroker: OpenBrokerLink | undefined;
  readonly masterEnable: MasterEnablePort | undefined;
  /** Hex SHA-256. */
  readonly digest: (text: string) => string;
  /** Of operators' requests. */
  readonly verify: VerifySignature;
  readonly memory: () => { readonly rssMb: number; readonly heapMb: number };
  readonly note: Note;
  /** Shows and speaks a sentence at a cabinet. */
  readonly announce: (cabinet: string, prompt: Prompt) => void;
  readonly onDecision?: (decision: Decision) => void;
  /** The flight recorder, where there is one. */
  readonly record?: OpenRecorder;
  /** Home Assistant's discovery; loaded only where it is configured. */
  readonly discover?: Discover;
  readonly identity: {
    readonly version: string;
    readonly commit: string;
    readonly boot: string;
    readonly logId: string;
    /** Wall ms of the source this was built from: it cannot be earlier than that. */
    readonly sourceMs?: number;
  };
  /** What must be known even if the log is gone. */
  readonly securityMark?: SecurityMark;
  /** The signed access list, as it was last accepted. */
  readonly accessList?: KeptText;
}
