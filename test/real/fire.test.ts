/**
 * Fire and the emergency stop in the real program on pseudo-terminals: everything off, everybody called out, and the extinguisher
 * released once, whoever dies in the middle of it.
 */
import { afterEach, describe, expect, test } from "vitest";
import { guardedYaml } from "../support/guarded-yaml.ts";
import { missingTools, type RealStation, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";

const missing = missingTools();
let station: RealStation | undefined;

afterEach(async () => {
  await station?.stop();
  station = undefined;
});

interface CabinetNow {
  readonly alarmOn: boolean;
  readonly aerosolOn: boolean;
  readonly aerosolReleases: number;
}

async function cabinetNow(at: RealStation): Promise<CabinetNow> {
  const { cabinets } = (await at.truth()) as unknown as { readonly cabinets: readonly CabinetNow[] };
  return cabinets[0] as CabinetNow;
}

const closed = async (at: RealStation) => (await at.truth()).bays.filter((bay) => bay.contactorClosed).length;

async function charging(): Promise<RealStation> {
  const at = await startRealStation({ edit: guardedYaml, hardwareArgs: ["--soc", "0.5"] });
  station = at;
  at.startController();
  await until(async () => (await closed(at)) >= 2, { timeoutMs: 60_000, what: "two contactors to close" });
  return at;
}

const seen = (at: RealStation, type: string, key: string) => at.saw(type, (line) => line[key] === true);

describe.runIf(missing.length === 0)("the real program", () => {
  test("answers smoke and a closed conductor, dies while the extinguisher is released, and does not release it again", async () => {
    const at = await charging();
    at.order({ do: "smoke", cabinet: "a", on: true });
    await until(() => seen(at, "alarm", "on") && seen(at, "exit", "free"), {
      timeoutMs: 10_000,
      what: "alarm and exit",
    });
    await until(async () => (await closed(at)) === 0, { timeoutMs: 10_000, what: "every contactor to open" });
    expect((await cabinetNow(at)).aerosolReleases).toBe(0);
    at.order({ do: "conductor", cabinet: "a", on: true });
    await until(async () => (await cabinetNow(at)).aerosolOn, { timeoutMs: 20_000, what: "the release" });
    await at.killController("SIGKILL");
    await until(async () => !(await cabinetNow(at)).aerosolOn, { timeoutMs: 5_000, what: "the lease to end" });
    const before = at.controllerLines.length;
    at.startController();
    await until(async () => (await cabinetNow(at)).alarmOn, { timeoutMs: 30_000, what: "the alarm after the restart" });
    // The second call to leave comes ten seconds after the first: long after a release would have.
    const calls = () => at.controllerLines.slice(before).filter((line) => line.includes('"evacuate"')).length;
    await until(() => calls() >= 2, { timeoutMs: 60_000, what: "people to be told twice to leave" });
    expect((await cabinetNow(at)).aerosolReleases).toBe(1);
    expect(await closed(at)).toBe(0);
  });

  test("opens every contactor when the emergency stop is pressed, and charges again when it is released", async () => {
    const at = await charging();
    at.order({ do: "emergency-stop", pressed: true });
    await until(async () => (await closed(at)) === 0, { timeoutMs: 10_000, what: "every contactor to open" });
    at.order({ do: "emergency-stop", pressed: false });
    await until(async () => (await closed(at)) >= 1, { timeoutMs: 60_000, what: "a contactor to close" });
  });
});
