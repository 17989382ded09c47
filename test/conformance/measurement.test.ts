import type { XyMd02Scale } from "../../hal/codecs/xy-md02.ts";
import { xyMd02 } from "../../hal/drivers/xy-md02.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { fakeThermometer } from "../support/fake-thermometer.ts";
import { roomBench } from "../support/room-bench.ts";
import { type MeasurementBench, measurementConformance } from "./measurement.ts";

function open(side: "thermometer" | "hygrometer", scale: XyMd02Scale): (clock: VirtualClock) => MeasurementBench {
  return (clock) => {
    const { sensor, air, buses } = roomBench(clock, scale);
    return {
      sensor: xyMd02({ address: 1, scale }, { bus: buses.sensor })[side],
      noticeMs: 15_000,
      set(sample) {
        sensor.fault = sample === "silent" ? "gone" : sample === "nonsense" ? "open" : undefined;
        if (typeof sample !== "number") return;
        if (side === "thermometer") air.tempC = sample;
        else air.humidityPct = sample;
      },
    };
  };
}

const TEMPERATURES = [4.5, 5, -40, -20.5, 0, 21.5, 60] as const;
const HUMIDITIES = [40.5, 41, 0, 0.1, 99.9, 100] as const;

for (const scale of [10, 100] as const) {
  const name = (side: string) => `the ${side} of the XY-MD02 driver in steps of ${1 / scale}`;
  measurementConformance(name("thermometer"), { unit: "°C", values: TEMPERATURES, open: open("thermometer", scale) });
  measurementConformance(name("hygrometer"), { unit: "%RH", values: HUMIDITIES, open: open("hygrometer", scale) });
}

measurementConformance("the fake", {
  unit: "%RH",
  values: HUMIDITIES,
  open: (clock) => {
    const fake = fakeThermometer(clock);
    return { sensor: fake, noticeMs: 3_500, set: fake.set };
  },
});
