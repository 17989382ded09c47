import { jbdPackLink, packIdOf } from "../../hal/drivers/jbd-pack-link.ts";
import { deviceBench } from "../support/device-bench.ts";
import { fakePackLink, fakePackStatus } from "../support/fake-pack-link.ts";
import { packLinkConformance } from "./pack-link.ts";

packLinkConformance("the JBD driver", (clock) => {
  const { bay, buses, newPack } = deviceBench(clock);
  bay.moveDoor(true);
  return {
    link: jbdPackLink({}, { bus: buses.pack }),
    noticeMs: 16_000,
    put: (pack) => {
      bay.take();
      if (pack === undefined) return;
      bay.insert(newPack(pack));
      bay.plug();
    },
  };
});

packLinkConformance("the fake", (clock) => {
  const link = fakePackLink(clock);
  return {
    link,
    noticeMs: 3_000,
    put: (pack) => link.put(pack === undefined ? undefined : fakePackStatus(packIdOf(pack) ?? "")),
  };
});
