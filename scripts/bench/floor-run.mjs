// A part of a bench, in a fresh process: what the clock and the bytes alone would cost. As many transactions as the station
// had, on the same virtual clock: each is one timer, and one Modbus answer of 15 registers encoded and decoded.
const LINES = 48;
const REGISTERS = Array.from({ length: 15 }, (_unused, at) => at * 257);

process.once("message", async ({ root, transactions, overMs }) => {
  const { createVirtualClock } = await import(`${root}/dist/simulator/clock.js`);
  const modbus = await import(`${root}/dist/hal/codecs/modbus-rtu.js`);
  const clock = createVirtualClock({ wallStartMs: 0 });
  const periodMs = (overMs * LINES) / transactions;
  const request = modbus.encodeModbusRead(1, 3, 0, REGISTERS.length);
  let decoded = 0;
  let left = transactions;
  const ask = () => {
    const answer = modbus.encodeModbusReplyRegisters(1, 3, REGISTERS);
    if (modbus.parseModbusReply(answer, answer.length, request).is === "frame") decoded++;
    if (--left >= LINES) clock.after(periodMs, ask);
  };
  for (let line = 0; line < LINES; line++) clock.after((line * periodMs) / LINES, ask);
  const cpuBefore = process.cpuUsage();
  while (clock.step());
  const { user, system } = process.cpuUsage(cpuBefore);
  process.send({ decoded, cpuSeconds: (user + system) / 1e6 });
});
