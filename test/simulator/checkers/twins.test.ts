/** What a board does that bears the address of another one on its line is that one's: no controller hears it, or can tell. */
import { describe, expect, test } from "vitest";
import type { ConfigFile } from "../../../firmware/config/schema.ts";
import { timedThingsEnd } from "../../../simulator/checkers/appliances.ts";
import { compressorRests } from "../../../simulator/checkers/room-service.ts";
import { hearsForeignWords } from "../../../simulator/checkers/twins.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { Troubles } from "../../../simulator/faults/troubles.ts";
import { judgeBench } from "../../support/judge-bench.ts";
import { roomBench } from "../room/room-bench.ts";

const twins = "two-on-one-address";

describe("a tap that runs for a minute", () => {
  test.each([
    ["is excused while its board bears another's address", "device room-1", true],
    [
      "is found where another board bears the address of its own, which hears what is meant for it",
      "device room-2",
      false,
    ],
    ["is found where boards of another line share an address", "device extra-a", false],
  ])("%s", (_says, where, isExcused) => {
    const bench = judgeBench("room-station");
    bench.judge(timedThingsEnd);
    const output = "amenity/hot-water/tap";
    const over = bench.troubles.begin(twins, where);
    bench.tell({ type: "room-output", output, on: true });
    bench.seconds(60);
    over();
    bench.seconds(2);
    bench.tell({ type: "room-output", output, on: false });
    expect(bench.found.length === 0).toBe(isExcused);
    bench.found.length = 0;
    bench.tell({ type: "room-output", output, on: true });
    bench.seconds(60);
    expect(bench.found, "long after the boards were told apart").not.toEqual([]);
  });

  test.each([
    ["relay-2", []],
    ["relay-1", ["I11: heater of bay 3"]],
  ])("so is the heater of a bay: %s", (device, found) => {
    const bench = judgeBench();
    bench.judge(timedThingsEnd);
    bench.troubles.begin(twins, `device ${device}`);
    bench.bay(3).heaterRelayOn = true;
    bench.seconds(bench.config.station.charging.heaterMaxOnMs / 1_000 + 60);
    expect(bench.found.slice(0, 1).map((what) => what.split(" is on")[0])).toEqual(found);
  });
});

describe("a compressor that starts too early", () => {
  test.each([
    ["is excused while its board bears another's address", "device room-2", []],
    [
      "is found where another board bears the address of its own, which hears what is meant for it",
      "device room-1",
      [
        "R-rest: the fridge's compressor rested 4 s",
        "R-rest: the fridge's compressor was started against its pressure",
      ],
    ],
  ])("%s", (_says, where, found) => {
    const bench = roomBench();
    bench.judge(compressorRests);
    const turn = (on: boolean, seconds: number): void => {
      bench.load("fridge/compressor", on);
      bench.pass(1);
      // What the compressor did shows once somebody looks at the fridge.
      expect(bench.room.fridge?.airC).toBeDefined();
      bench.pass(seconds - 1);
    };
    const over = bench.troubles.begin(twins, where);
    turn(true, 60);
    turn(false, 4);
    turn(true, 30);
    expect(bench.found).toEqual(found);
    over();
    turn(false, 30);
    bench.found.length = 0;
    turn(true, 30);
    expect(bench.found, "the first start of its own").toHaveLength(2);
  });
});

test("a sensor that took a wrong address on the line of a relay board switches nothing", () => {
  const devices = [
    { id: "relays", kind: "waveshare-relay-d", bus: "line" },
    { id: "others", kind: "waveshare-relay-d", bus: "line" },
    { id: "air", kind: "xy-md02", bus: "line" },
  ];
  const heard = (where: string): boolean => {
    const troubles = new Troubles(createVirtualClock({ wallStartMs: 0 }));
    troubles.begin(twins, `device ${where}`);
    return hearsForeignWords("relays", { file: { devices } as unknown as ConfigFile, troubles });
  };
  expect(["others", "air", "relays"].map(heard)).toEqual([true, false, false]);
});
