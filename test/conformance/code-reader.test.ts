import { gm65Reader } from "../../hal/drivers/gm65.ts";
import { deviceBench } from "../support/device-bench.ts";
import { fakeCodeReader } from "../support/fake-code-reader.ts";
import { codeReaderConformance } from "./code-reader.ts";

codeReaderConformance("the GM65 driver", (clock) => {
  const { buses, lines, reader: device } = deviceBench(clock);
  const reader = gm65Reader({}, { bus: buses.reader, clock });
  return {
    reader,
    noticeMs: 40_000,
    show: (text) => device.show(text),
    answering: (answers) => {
      lines.reader.faults.silent = !answers;
    },
  };
});

codeReaderConformance("the fake", (clock) => {
  const reader = fakeCodeReader(clock);
  return { reader, noticeMs: 3_000, show: reader.show, answering: reader.answering };
});
