import { dpm86Charger } from "../../hal/drivers/dpm86.ts";
import { deviceBench } from "../support/device-bench.ts";
import { fakeCharger } from "../support/fake-charger.ts";
import { chargerConformance } from "./charger.ts";

for (const outputReadable of [true, false]) {
  chargerConformance(`the DPM86xx driver (output ${outputReadable ? "read back" : "taken on its word"})`, (clock) => {
    const { bay, buses, newPack } = deviceBench(clock);
    bay.place(newPack("a"), true);
    bay.setContactorRelay(true);
    const charger = dpm86Charger({ address: 1, outputReadable }, { bus: buses.charger, clock });
    return {
      charger,
      settleMs: 8_000,
      noticeMs: 35_000,
      outMa: () => {
        bay.look();
        return bay.chargeMa;
      },
      answering: (answers) => {
        bay.faults.chargerSilent = !answers;
      },
    };
  });
}

chargerConformance("the fake", (clock) => {
  const charger = fakeCharger(clock);
  return { charger, settleMs: 1_000, noticeMs: 3_000, outMa: charger.outMa, answering: charger.answering };
});
