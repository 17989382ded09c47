/** An operator's request opens no bay where something burns, nor under an emergency stop, and is told why. */
import { describe, expect, test } from "vitest";
import { pack } from "../../support/bench-config.ts";
import { burn, latches, smoke, station } from "../../support/burning-station.ts";
import type { StationBench } from "../../support/station-bench.ts";

function open(bench: StationBench, bay: number): string {
  const request = { verb: "open", id: `op-${bench.steps}`, bay, expiresAt: bench.wallMs + 30_000 } as const;
  bench.step({ type: "request", request });
  bench.pass(10_000);
  const answer = bench.told.findLast(({ effect }) => effect.do === "respond")?.effect;
  if (answer?.do !== "respond") throw new Error("nobody answered");
  return answer.reason ?? answer.status;
}

describe("a request to open a bay", () => {
  test("is carried out while everything is calm, and in the cabinet next to a fire", () => {
    expect(open(station(), 3)).toBe("ok");
    const bench = station();
    smoke(bench);
    expect(open(bench, 6)).toBe("ok");
  });

  test.each<[string, string, (bench: StationBench) => void]>([
    ["in smoke", "smoke", (bench) => smoke(bench)],
    [
      "in heat that lasts",
      "smoke",
      (bench) => {
        bench.bay(4).pack = pack("yz-low-4", { cellTempsC: [85] });
        bench.pass(5_000);
      },
    ],
    [
      "with a latch standing, smoke gone and everything cold",
      "runaway",
      (bench) => {
        burn(bench);
        bench.pass(10_000);
        smoke(bench, false);
        bench.bay(4).pack = pack("yz-burnt");
        bench.pass(300_000);
        expect(latches(bench)).toEqual(["c-1"]);
      },
    ],
    [
      "under an emergency stop",
      "emergency-stop",
      (bench) => {
        bench.safety.emergencyStop = true;
        bench.step({ type: "noticed" });
      },
    ],
  ])("is refused %s", (_story, reason, happen) => {
    const bench = station();
    happen(bench);
    expect(open(bench, 3)).toBe(reason);
    expect(bench.pulses).toEqual([]);
    expect(bench.openBays()).toEqual([]);
  });
});
