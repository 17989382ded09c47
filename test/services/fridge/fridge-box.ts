/** A box with a compressor, a door and air around it; seconds pass. Enough to watch the rules, no model of any fridge. */
import { FridgeConfig } from "../../../services/fridge/config.ts";
import { type FridgeFault, fridgeFaults } from "../../../services/fridge/faults.ts";
import { fridgeLevels, interlockFridge } from "../../../services/fridge/levels.ts";
import type { FridgeLook } from "../../../services/fridge/look.ts";
import { emptyFridge, type FridgeDurable, type FridgeRecord, foldFridge } from "../../../services/fridge/records.ts";
import { type FridgeRefusal, judgeFridgeRequest } from "../../../services/fridge/release.ts";
import { type FridgeState, newFridge } from "../../../services/fridge/state.ts";
import { stepFridge } from "../../../services/fridge/step.ts";

const dayStartMs = 1_780_000_000_000;
const stocked: FridgeDurable = { ...emptyFridge, left: 40 };

export class Fridge {
  readonly config: FridgeConfig;
  state: FridgeState;
  durable: FridgeDurable;
  airC: number | undefined = 4;
  evaporatorC: number | undefined = -8;
  ambientC = 25;
  shut: boolean | undefined = true;
  date = "2026-07-01";
  minuteOfDay = 720;
  second: number;
  works = true;
  compressor = false;
  heater = false;
  readonly records: FridgeRecord[] = [];

  constructor(config: Readonly<Record<string, unknown>> = {}, durable = stocked, second = 0) {
    this.config = FridgeConfig.parse(config);
    this.durable = durable;
    this.second = second;
    this.state = newFridge(second * 1_000, durable.aboveMs);
  }

  look(): FridgeLook {
    const nowMs = this.second * 1_000;
    const heard = <T>(value: T | undefined) =>
      value === undefined ? undefined : ({ value, atMs: nowMs, quality: "good" } as const);
    return {
      nowMs,
      wall: { ms: dayStartMs + nowMs, date: this.date, minuteOfDay: this.minuteOfDay },
      airC: heard(this.airC),
      evaporatorC: heard(this.evaporatorC),
      ambientC: heard(this.ambientC),
      doorShut: heard(this.shut),
      powerW: undefined,
      stock: undefined,
    };
  }

  seen() {
    return { state: this.state, durable: this.durable, look: this.look() };
  }

  write(record: FridgeRecord): void {
    this.records.push(record);
    this.durable = foldFridge(this.durable, record, dayStartMs + this.second * 1_000);
  }

  run(seconds: number, each: () => void = () => {}): this {
    for (let count = 0; count < seconds; count++) {
      this.second++;
      if (this.airC !== undefined && this.works)
        this.airC +=
          (this.compressor ? -0.02 : 0) + (this.ambientC - this.airC) * (this.shut === false ? 0.002 : 0.0002);
      const { state, records } = stepFridge(this.state, this.look(), this.durable, this.config);
      this.state = state;
      for (const record of records) this.write(record);
      const levels = interlockFridge(fridgeLevels(state, this.config), this.look(), this.config);
      this.compressor = levels.compressor;
      this.heater = levels.defrostHeater;
      each();
    }
    return this;
  }

  ask(member: string, id = "r1"): FridgeRefusal | "released" {
    const answer = judgeFridgeRequest({ id, member }, this.seen(), this.config);
    if ("refused" in answer) return answer.refused;
    this.write(answer.record);
    this.state = answer.state;
    return "released";
  }

  take(member: string): FridgeRefusal | "released" {
    const answer = this.ask(member);
    if (answer !== "released") return answer;
    this.shut = false;
    this.run(5);
    this.shut = true;
    this.run(2);
    return answer;
  }

  faults(): readonly FridgeFault[] {
    return fridgeFaults(this.seen(), this.config);
  }
}
