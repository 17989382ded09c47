import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { memoryMb } from "./processes.mjs";

const SETTLE_MS = 3_000;

process.once("message", async ({ root, lines, watchMs }) => {
  const { SerialPort } = createRequire(`${root}/package.json`)("serialport");
  let heardBytes = 0;
  for (const { path, baudRate, stopBits, perSecond, request } of lines) {
    const port = new SerialPort({ path, baudRate, stopBits, highWaterMark: 1_024 });
    port.on("data", (chunk) => {
      heardBytes += chunk.length;
    });
    setInterval(() => port.write(request), 1_000 / perSecond);
  }
  await pause(SETTLE_MS);
  const before = process.cpuUsage();
  const fromMs = performance.now();
  await pause(watchMs);
  const { user, system } = process.cpuUsage(before);
  const cpuPct = (user + system) / ((performance.now() - fromMs) * 10);
  if (heardBytes === 0) throw new Error("no line answered the bare process");
  process.send({ ...memoryMb(process.pid), cpuPct, heardBytes });
});
process.on("disconnect", () => process.exit());
