/**
 * I21: every event that the log acknowledged reaches the broker at least once, and reads as one sequence after repeats are dropped.
 * Judged by the broker's inbox and the disk.
 */
import { newestEvents } from "../../firmware/runner/log-inspection.ts";
import { topicRoot } from "../../services/contract/topics.ts";
import type { Checker, DiskCheckerSetup, WholeSetup } from "./checker.ts";
import { isRotten } from "./excuses.ts";

/** A gap that is older than this while the station is connected is not one of the network. */
const gapMsMax = 600_000;
const idsKept = 2_000;
const droppable = "telemetry";

interface Gap {
  readonly seq: number;
  readonly sinceMs: number;
}

interface Stream {
  /** Everything up to here came. */
  upTo: number;
  readonly beyond: Set<number>;
  gap: Gap | undefined;
}

interface Told {
  readonly id: string;
  readonly stream: string;
  readonly seq: number;
}

const decoder = new TextDecoder();

function toldIn(payload: Uint8Array): Told | undefined {
  try {
    const { id, stream, seq } = JSON.parse(decoder.decode(payload)) as Partial<Told>;
    return typeof id === "string" && typeof stream === "string" && typeof seq === "number"
      ? { id, stream, seq }
      : undefined;
  } catch {
    return undefined;
  }
}

class Inbox {
  readonly streams = new Map<string, Stream>();
  private readonly ids = new Map<string, string>();

  /** What is wrong with it, when it came before as something else. */
  take({ id, stream, seq }: Told, nowMs: number): string | undefined {
    const place = `${stream} ${seq}`;
    const before = this.ids.get(place);
    this.ids.set(place, id);
    if (this.ids.size > idsKept) this.ids.delete(this.ids.keys().next().value ?? "");
    const own = this.streams.get(stream) ?? { upTo: 0, beyond: new Set<number>(), gap: undefined };
    this.streams.set(stream, own);
    this.note(own, seq, nowMs);
    return before === undefined || before === id ? undefined : `${place} is ${id}, and was ${before}`;
  }

  private note(own: Stream, seq: number, nowMs: number): void {
    if (seq <= own.upTo) return;
    own.beyond.add(seq);
    while (own.beyond.delete(own.upTo + 1)) own.upTo++;
    const isGap = own.beyond.size > 0;
    if (!isGap) own.gap = undefined;
    else if (own.gap?.seq !== own.upTo + 1) own.gap = { seq: own.upTo + 1, sinceMs: nowMs };
  }

  has(stream: string, seq: number): boolean {
    const own = this.streams.get(stream);
    return own !== undefined && (seq <= own.upTo || own.beyond.has(seq));
  }

  /** Nobody ever wrote it down: numbers go on behind it. */
  forgo(own: Stream): void {
    own.upTo++;
    while (own.beyond.delete(own.upTo + 1)) own.upTo++;
    own.gap = own.beyond.size > 0 ? { seq: own.upTo + 1, sinceMs: own.gap?.sinceMs ?? 0 } : undefined;
  }
}

/** Whether the log on the disk holds this event now. */
const isWritten = ({ disk }: Pick<DiskCheckerSetup, "disk">, stream: string, seq: number): boolean =>
  newestEvents(disk).some((event) => event.stream === stream && event.seq === seq);

export function everyEventArrives(setup: WholeSetup): Checker {
  const { clock, broker, disk, config, report, looked } = setup;
  const prefix = `${topicRoot(config.stationId)}event/`;
  const inbox = new Inbox();
  let connectedSinceMs: number | undefined;
  let everRotted = false;
  const connectedMs = (): number => (connectedSinceMs === undefined ? 0 : clock.nowMs - connectedSinceMs);
  function lookAt(name: string, own: Stream): void {
    const { gap } = own;
    if (gap === undefined || name === droppable) return;
    looked();
    if (clock.nowMs - gap.sinceMs < gapMsMax || connectedMs() < gapMsMax) return;
    if (isWritten(setup, name, gap.seq)) report("I21", `${name} ${gap.seq} is in the log and never came`);
    inbox.forgo(own);
  }
  /** What the log holds, was written ten minutes ago and did not come although the broker was there. */
  function lookAtTail(): void {
    if (connectedMs() < gapMsMax) return;
    const oldMs = clock.wallMs() - gapMsMax;
    for (const { stream, seq, at } of newestEvents(disk)) {
      if (stream === droppable || at > oldMs) continue;
      looked();
      if (!inbox.has(stream, seq)) report("I21", `${stream} ${seq} never came`);
    }
  }
  return {
    invariant: "I21",
    says: "every event in the log reaches the broker, and one number of a stream is always the same event",
    looksAt: "events in the broker's inbox, against the log on the disk",
    excuses: "no connection, events that never reached the disk, and a medium that rots",
    onMessage({ topic, payload, retained }) {
      if (retained || !topic.startsWith(prefix)) return;
      const told = toldIn(payload);
      looked();
      if (told === undefined) return report("I21", `${topic} holds no event`);
      const wrong = inbox.take(told, clock.nowMs);
      if (wrong === undefined) return;
      everRotted ||= isRotten(setup);
      if (!everRotted) report("I21", wrong);
    },
    onLook() {
      // What the medium lost, the log counts again: somebody has to look, and is told so.
      everRotted ||= isRotten(setup);
      connectedSinceMs = broker.hasStation() ? (connectedSinceMs ?? clock.nowMs) : undefined;
      for (const [name, own] of inbox.streams) lookAt(name, own);
    },
    onFinish: lookAtTail,
  };
}
