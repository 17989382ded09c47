/**
 * One running station: opens the log, wires the hardware, starts the loop and talks MQTT, all through the platform's ports.
 * The real process and the simulator both start it here. It orders the start (log read, outputs off, then looking, then
 * acting) and the stop; it decides nothing in between.
 */
import { urgentKinds } from "../../services/contract/event-payloads.ts";
import type { Effect } from "../../services/effects.ts";
import type { Durable } from "../../services/journal/durable.ts";
import { isSmoky, mayLeave } from "../../services/station/leaving.ts";
import { pulseStillWanted } from "../../services/station/pulse.ts";
import { bootState, type StationContext } from "../../services/station/state.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { MqttSession } from "../mqtt/session.ts";
import { type AccessLists, createAccessLists } from "./access-lists.ts";
import { type Acts, createActs } from "./acts.ts";
import { type Announcing, announcingOf } from "./announcing.ts";
import { type Arming, createArming } from "./arming.ts";
import { civilClock } from "./civil-clock.ts";
import { type ConnectionWatch, createConnectionWatch } from "./connection-watch.ts";
import { watchDay } from "./day-watch.ts";
import type { Hardware } from "./hardware.ts";
import { hardwareEvents } from "./hardware-events.ts";
import { emptyImage, type Image } from "./image.ts";
import { type InUse, watchInUse } from "./in-use.ts";
import { type JournalDesk, openJournalDesk } from "./journal-desk.ts";
import { createLogFaults } from "./log-faults.ts";
import { createLoop, type Loop } from "./loop.ts";
import type { Platform } from "./platform.ts";
import { recordedPlatform } from "./recorded-platform.ts";
import type { SecurityDesk } from "./security-desk.ts";
import { startedRecord } from "./started-record.ts";
import { openStationSecurity } from "./station-security.ts";
import { openStationSession } from "./station-session.ts";
import { startTelemetry } from "./telemetry.ts";
import { wireHardware } from "./wiring.ts";

export interface RunningStation {
  readonly config: LoadedConfig;
  /** What the core knows of the configuration; operators' parameters are not in it. */
  readonly context: StationContext;
  readonly inUse: InUse;
  readonly loop: Loop;
  readonly hardware: Hardware;
  readonly journal: JournalDesk;
  readonly session: MqttSession | undefined;
  /** Tells the core a fact about the process itself. */
  condition(code: string, subject: string, present: boolean): void;
  /** Stops cleanly: no new swaps, running ones finished or left as debts, outputs off, `offline` said, log closed. */
  stop(reason: string, done: () => void): void;
}

class Station implements RunningStation {
  readonly loop: Loop;
  readonly hardware: Hardware;
  readonly journal: JournalDesk;
  readonly session: MqttSession | undefined;
  readonly config: LoadedConfig;
  readonly context: StationContext;
  readonly inUse: InUse;
  private readonly platform: Platform;
  private readonly acts: Acts;
  private readonly announcing: Announcing;
  private readonly connection: ConnectionWatch;
  private readonly telemetry: ReturnType<typeof startTelemetry> | undefined;
  private readonly security: SecurityDesk;
  private readonly arming: Arming;
  private readonly lists: AccessLists;
  private readonly closeDayWatch: () => void;
  private stopping = false;
  /** Events that could not be put into the contract's form. */
  private unsendable = 0;

  constructor(config: LoadedConfig, given: Platform) {
    const { platform, recorder } = recordedPlatform(config, given);
    this.config = config;
    this.platform = platform;
    this.inUse = watchInUse(config.file);
    this.context = {
      config: config.station,
      members: config.members,
      ownPack: new RegExp(config.station.packs.idPattern),
      verify: platform.verify,
    };
    this.arming = createArming(platform);
    this.lists = createAccessLists(platform, (event) => this.loop.post(event));
    this.journal = this.openJournal();
    this.acts = this.openActs();
    this.announcing = announcingOf({
      file: config.file,
      version: platform.identity.version,
      before: this.journal.durable.announced,
      discover: platform.discover,
      record: (announced) => this.loop.post({ type: "told", record: { kind: "announced", announced } }),
    });
    const image = emptyImage(config.station);
    const boot = bootState(this.context, this.journal.durable, platform.clock.monotonicMs());
    this.loop = createLoop(boot, this.context, {
      clock: platform.clock,
      readings: image,
      apply: (levels, untilMs) => this.hardware.apply(levels, untilMs),
      allOff: () => this.hardware.allOff(),
      carryOut: (effects) => this.acts.carryOut(effects),
      beat: (paused) => this.arming.beat(paused),
      civil: config.station.room === undefined ? undefined : civilClock(config.station.timeZone),
      masterEnabled: () => platform.masterEnable?.isOn() ?? true,
      recorder,
      onDecision:
        platform.onDecision === undefined
          ? undefined
          : (nowMs, event, effects) => platform.onDecision?.({ nowMs, event, effects }),
    });
    this.hardware = this.openHardware(image);
    this.connection = createConnectionWatch(platform.clock, (fault, present) =>
      this.condition(fault, "station", present),
    );
    this.security = openStationSecurity(config, platform, this.journal, {
      post: (event) => this.loop.post(event),
      isStopping: () => this.stopping,
    });
    this.session = this.openSession();
    if (this.session === undefined) this.connection.close();
    this.journal.start();
    this.tellStarted();
    this.tellAnnounced();
    this.loop.start();
    this.lists.start();
    const { clock, memory } = platform;
    this.telemetry =
      this.session === undefined
        ? undefined
        : startTelemetry({
            clock,
            memory,
            context: this.context,
            loop: this.loop,
            hardware: this.hardware,
            session: this.session,
            droppedEvents: () => this.journal.droppedEvents() + this.unsendable,
            inUse: this.inUse,
          });
    this.closeDayWatch = watchDay({
      clock,
      schedule: platform.schedule,
      timeZone: config.station.timeZone,
      post: (event) => this.loop.post(event),
    });
  }

  condition(code: string, subject: string, present: boolean): void {
    this.loop.post({ type: "condition", code, subject, present });
  }

  private openJournal(): JournalDesk {
    const { disk, clock, identity, note } = this.platform;
    return openJournalDesk({
      disk,
      clock,
      logId: identity.logId,
      boot: identity.boot,
      maxBytes: this.config.file.storage.logMaxMb * 1_048_576,
      durableNow: (): Durable => this.loop.state().durable,
      onFault: createLogFaults(note, (code, subject, present) => this.condition(code, subject, present)),
      writtenLate: () => this.session?.noticed(this.journal.log.syncedN(), true),
    });
  }

  private openHardware(image: Image): Hardware {
    const events = hardwareEvents(this.platform, {
      post: (event) => this.loop.post(event),
      bayChanged: (bay) => this.telemetry?.bayChanged(bay),
      roomChanged: () => this.telemetry?.roomChanged(),
    });
    return wireHardware({ file: this.config.file, platform: this.platform, image, events });
  }

  private openActs(): Acts {
    return createActs({
      record: (effects, done) => {
        this.journal.append(effects, (failure) => {
          done(failure);
          const urgent = effects.some(({ publish }) => publish !== undefined && urgentKinds.has(publish.kind));
          if (failure === undefined) this.session?.noticed(this.journal.log.syncedN(), urgent);
        });
      },
      unlock: (effect) => this.unlock(effect),
      prompt: ({ cabinet, prompt }) => this.platform.announce(cabinet, prompt),
      reidentify: ({ bay }) => this.hardware.reidentify(bay),
      release: ({ cabinet }) => this.loop.post({ type: "release-due", cabinet }),
      respond: (effect) => this.respond(effect),
      lost: (swap, why) => {
        this.platform.note("error", "record lost", { swap, why });
        this.loop.post({ type: "journal-failed", swap, why });
      },
      room: {
        written: (token) => this.loop.post({ type: "room-written", token }),
        say: ({ reader, sentence }) => this.platform.note("info", "sentence", { reader, ...sentence }),
        keepList: (text) => this.lists.keep(text),
      },
    });
  }

  private unlock(effect: Extract<Effect, { do: "unlock" }>): void {
    const { bay } = effect;
    if (!pulseStillWanted(this.loop.state(), effect)) {
      this.loop.post({ type: "lock-failed", bay, why: "no longer wanted" });
      return;
    }
    this.loop.post({ type: "lock-sent", bay });
    this.hardware.unlock(bay, (outcome) => {
      if (outcome.is === "driven") this.loop.post({ type: "lock-driven", bay });
      else this.loop.post({ type: "lock-failed", bay, why: outcome.why });
    });
  }

  private respond({ do: _do, ...answer }: Extract<Effect, { do: "respond" }>): void {
    this.session?.answer(answer);
    this.telemetry?.answered();
  }

  private openSession(): MqttSession | undefined {
    const { config, platform, journal, announcing, connection, security, lists } = this;
    return openStationSession({
      config,
      platform,
      journal,
      announcing,
      connection,
      security,
      lists,
      post: (event) => this.loop.post(event),
      unsendable: () => {
        this.unsendable++;
      },
    });
  }

  private tellStarted(): void {
    const open = this.loop.state().recovering.length;
    const { identity } = this.platform;
    this.loop.post({ type: "told", record: startedRecord(this.journal.recovered, identity, this.config.hash, open) });
  }

  /** Before the first connection, which takes at least one turn of the event loop and a handshake. */
  private tellAnnounced(): void {
    const { first } = this.announcing;
    if (this.session !== undefined && first !== undefined)
      this.loop.post({ type: "told", record: { kind: "announced", announced: first } });
  }

  stop(reason: string, done: () => void): void {
    if (this.stopping) return;
    this.stopping = true;
    this.arming.stop();
    const { clock } = this.platform;
    this.loop.post({ type: "stopping" });
    const sinceMs = clock.monotonicMs();
    if (isSmoky(this.loop.state())) this.platform.note("warn", "stop waits", { why: "smoke" });
    const wait = (): void => {
      const waitedMs = clock.monotonicMs() - sinceMs;
      if (mayLeave(this.loop.state(), waitedMs, this.acts.waiting() === 0)) this.finish(reason, done);
      else clock.after(100, wait);
    };
    wait();
  }

  private finish(reason: string, done: () => void): void {
    this.loop.post({ type: "told", record: { kind: "stopping", detail: reason } });
    const written = (): void => {
      if (this.acts.waiting() > 0 && this.journal.log.failure() === undefined) {
        this.platform.clock.after(20, written);
        return;
      }
      this.shutDown(done);
    };
    written();
  }

  private shutDown(done: () => void): void {
    const { masterEnable, schedule } = this.platform;
    this.loop.stop();
    this.hardware.allOff();
    this.telemetry?.stop();
    this.connection.close();
    this.security.close();
    this.closeDayWatch();
    schedule.close();
    const release = (): void => {
      this.hardware.close();
      done();
    };
    const closeLog = (): void => this.journal.close(release);
    const closeMqtt = (): void => (this.session === undefined ? closeLog() : this.session.close(closeLog));
    if (masterEnable === undefined) closeMqtt();
    else masterEnable.close(closeMqtt);
  }
}

export function startStation(config: LoadedConfig, platform: Platform): RunningStation {
  return new Station(config, platform);
}
