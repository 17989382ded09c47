/**
 * A stand-in for the controller, just good enough to serve simulated riders: it sees the truth instead of sensors, opens
 * doors through the lock boards, and says the station's sentences. Tests of the riders need no more.
 */
import { encodeLockPulse } from "../../hal/codecs/lock-8a.ts";
import type { Wire } from "../../hal/ports/wire.ts";
import type { BayTruth, TruthEvent } from "../../simulator/truth-types.ts";
import type { Cue } from "../../simulator/visit-types.ts";
import { BAYS_PER_CABINET, type SmallStation } from "./small-station.ts";

interface Service {
  readonly credential: string;
  inBay: number | undefined;
  outBay: number | undefined;
  reopens: number;
}

const REOPENS = 3;
const WINDOW_MS = 60_000;
const CHECK_MS = 2_000;

export class PuppetStation {
  /** Members without a pack whose deposit was accepted. */
  readonly owed = new Set<string>();
  served = 0;
  private readonly station: SmallStation;
  private readonly known: ReadonlySet<string>;
  private readonly locks = new Map<string, Wire>();
  private readonly services = new Map<string, Service>();

  constructor(station: SmallStation, credentials: readonly string[]) {
    this.station = station;
    this.known = new Set(credentials);
    for (const cabinet of station.config.cabinets) {
      const talk = station.talk(`/locks-${cabinet.id}`);
      this.locks.set(cabinet.id, talk.wire);
    }
    station.world.onTruth((event) => this.happened(event));
  }

  private say(cabinet: string, promptId: string, cue: Cue, elsewhere = true): void {
    this.station.world.prompt(cabinet, { promptId, cue, code: promptId, elsewhere });
  }

  private open(bay: BayTruth): void {
    const pulse = encodeLockPulse(1, ((bay.bay - 1) % BAYS_PER_CABINET) + 1);
    if (pulse !== undefined) this.locks.get(bay.cabinet)?.write(pulse);
  }

  private bays(cabinet: string): readonly BayTruth[] {
    return this.station.world.truth.cabinets.find((candidate) => candidate.id === cabinet)?.bays ?? [];
  }

  private later(ms: number, run: () => void): void {
    this.station.clock.after(ms, run);
  }

  private happened(event: TruthEvent): void {
    if (event.type === "scan") this.later(50, () => this.scanned(event.cabinet, event.text));
    if (event.type === "door" && !event.open) this.later(CHECK_MS, () => this.shut(event.bay));
  }

  private scanned(cabinet: string, credential: string): void {
    const running = this.services.get(cabinet);
    if (running?.credential === credential) return;
    if (!this.known.has(credential)) this.say(cabinet, "refused-unknown", "refused", false);
    else if (running !== undefined) this.say(cabinet, "refused-busy", "refused");
    else this.begin(cabinet, credential);
  }

  private begin(cabinet: string, credential: string): void {
    const ready = this.bays(cabinet).find((bay) => bay.ready);
    const empty = this.bays(cabinet).find((bay) => bay.empty);
    const owed = this.owed.has(credential);
    if (ready === undefined) this.say(cabinet, "refused-no-pack", "refused");
    else if (empty === undefined && !owed) this.say(cabinet, "refused-no-empty", "refused");
    else {
      const service: Service = { credential, inBay: undefined, outBay: undefined, reopens: 0 };
      this.services.set(cabinet, service);
      if (owed) this.release(cabinet, service);
      else if (empty !== undefined) {
        service.inBay = empty.bay;
        this.open(empty);
        this.say(cabinet, "insert-pack", "insert");
      }
      this.later(4 * WINDOW_MS, () => this.end(cabinet, service));
    }
  }

  private end(cabinet: string, service: Service): void {
    if (this.services.get(cabinet) === service) this.services.delete(cabinet);
  }

  private release(cabinet: string, service: Service): void {
    const bay = this.bays(cabinet).find((candidate) => candidate.ready);
    this.owed.add(service.credential);
    service.reopens = 0;
    if (bay === undefined) {
      this.say(cabinet, "owed", "ended");
      this.end(cabinet, service);
      return;
    }
    service.outBay = bay.bay;
    this.open(bay);
    this.say(cabinet, "take-pack", "take");
  }

  private shut(number: number): void {
    const bay = this.station.world.truth.bay(number);
    const service = this.services.get(bay.cabinet);
    if (service === undefined || bay.doorOpen) return;
    if (number === service.inBay && service.outBay === undefined) this.inspected(bay, service);
    else if (number === service.outBay) this.taken(bay, service);
  }

  private inspected(bay: BayTruth, service: Service): void {
    if (bay.pack !== undefined && bay.plugged) this.judged(bay, service);
    else if (service.reopens++ < REOPENS) {
      const something = bay.foreignObject || bay.pack !== undefined;
      this.say(bay.cabinet, something ? "push-plug" : "insert-again", something ? "push-plug" : "insert");
      this.open(bay);
    } else {
      this.say(bay.cabinet, "cancelled-nothing", "ended");
      this.end(bay.cabinet, service);
    }
  }

  private judged(bay: BayTruth, service: Service): void {
    if ((bay.pack?.socPct ?? 0) < 100) {
      this.release(bay.cabinet, service);
      return;
    }
    this.open(bay);
    this.later(200, () => this.say(bay.cabinet, "already-full", "take-back"));
    this.later(30_000, () => this.end(bay.cabinet, service));
  }

  private taken(bay: BayTruth, service: Service): void {
    if (bay.pack === undefined) {
      this.served++;
      this.owed.delete(service.credential);
      this.say(bay.cabinet, "completed", "done");
      this.end(bay.cabinet, service);
    } else if (service.reopens++ < REOPENS) {
      this.open(bay);
      this.say(bay.cabinet, "take-again", "take");
    } else {
      this.say(bay.cabinet, "owed", "ended");
      this.end(bay.cabinet, service);
    }
  }
}
