import { describe, expect, test } from "vitest";
import { filesProblem, fleetCommand } from "../../../simulator/cli/fleet.ts";
import { type FleetOptions, readFleetOptions } from "../../../simulator/cli/fleet-options.ts";

function optionsOf(...args: string[]): FleetOptions {
  const read = readFleetOptions(args, {});
  if (!("options" in read)) throw new Error(JSON.stringify(read));
  return read.options;
}

describe("the words of `yizhan fleet`", () => {
  test("without any, a hundred telemetry stations go to the broker of this computer for a minute", () => {
    expect(optionsOf()).toMatchObject({
      stations: 100,
      kind: "telemetry",
      broker: { url: "mqtt://127.0.0.1:1883" },
      processes: 1,
      steadyMs: 60_000,
      swapsPerDay: 400,
      jitterMs: 500,
      prefix: "fleet",
      storm: false,
      keep: false,
      language: "en",
    });
  });

  test("a thousand telemetry stations or ten whole ones share a process", () => {
    expect(optionsOf("--stations", "2000").processes).toBe(2);
    expect(optionsOf("--stations", "25", "--full")).toMatchObject({ kind: "full", processes: 3 });
    expect(optionsOf("--stations", "2000", "--processes", "4", "--until", "1h30m", "--jitter", "5s")).toMatchObject({
      processes: 4,
      steadyMs: 5_400_000,
      jitterMs: 5_000,
    });
  });

  test.each([
    [["--stations", "0"], "--stations wants"],
    [["--stations", "1.5"], "--stations wants"],
    [["--stations", "30000"], "28,000"],
    [["--stations", "3", "--processes", "4"], "--processes wants"],
    [["--minutes", "1", "--until", "1h"], "not both"],
    [["--minutes", "0"], "--minutes wants"],
    [["--until", "soon"], "--until wants"],
    [["--jitter", "soon"], "--jitter wants"],
    [["--rate", "many"], "--rate wants"],
    [["--broker", "http://here"], "--broker wants"],
    [["--broker", "mqtt://user:secret@here"], "--broker wants"],
    [["--broker", "mqtts://here", "--storm"], "restart the broker"],
    [["--prefix", "Fleet.1"], "--prefix wants"],
    [["--bogus"], "bogus"],
  ])("%j is refused with a reason and the usage", async (args, reason) => {
    let said = "";
    const err = (text: string) => {
      said += text;
    };
    const io = { out: () => undefined, err, env: {} };
    expect(await fleetCommand(args, io)).toBe(2);
    expect(said).toContain(reason);
    expect(said).toContain("yizhan fleet --stations N");
  });

  test("too few files are said before anything starts, with what mends it", () => {
    const options = optionsOf("--stations", "2000");
    expect(filesProblem(options, 1_064)).toBeUndefined();
    expect(filesProblem(options, 1_024)).toContain("ulimit -n 65536");
    expect(filesProblem(options, 1_024)).toContain("--processes 3");
    expect(filesProblem(options, undefined)).toBe(filesProblem(options));
  });
});
