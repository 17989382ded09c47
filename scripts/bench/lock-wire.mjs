// The wire's share of command → lock bytes, in virtual time: the product's bus and lock driver on a modelled line of 9600
// baud that carries a dozen pack monitors beside the lock board. Instants are drawn from a fixed seed, so the figures are the
// same on every machine; only the product can change them.
import { amount, atMost, figure, median, percentile } from "./figures.mjs";

const BAUD = 9_600;
const DEVICES = 12;
const PERIOD_MS = 1_000;
const TURNAROUND_MS = 14;
const BOARD = 1;

/** Pack monitors and a lock board on one line, however many of them the product asks. */
async function makeLine(root) {
  const from = async (module) => import(`${root}/dist/${module}`);
  const [{ createVirtualClock }, { createRandom }, { SerialLine }, { DeviceLine }] = await Promise.all([
    from("simulator/clock.js"),
    from("simulator/random.js"),
    from("simulator/wires/modelled-line.js"),
    from("simulator/wires/device-line.js"),
  ]);
  const [{ createBus }, { lockBoard8a }, lock, jbd] = await Promise.all([
    from("hal/buses/serial-bus.js"),
    from("hal/drivers/lock-8a.js"),
    from("hal/codecs/lock-8a.js"),
    from("hal/codecs/jbd.js"),
  ]);
  const clock = createVirtualClock({ wallStartMs: 0 });
  const random = createRandom("bench");
  const devices = new DeviceLine();
  // 20 cells: 40 bytes of data, 47 on the wire.
  const cells = jbd.encodeJbdReply(jbd.JBD_CELLS, jbd.JBD_OK, new Uint8Array(40));
  const heard = { pulseMs: Number.NaN };
  devices.add({
    receive(bytes, length) {
      if (jbd.parseJbdRequest(bytes, length).is === "frame") devices.reply(Uint8Array.from(cells), TURNAROUND_MS);
      const asked = lock.parseLockRequest(bytes, length);
      if (asked.is !== "frame") return;
      // The line hands a request over when its last bit has arrived.
      if (asked.value.do === "pulse") heard.pulseMs = clock.nowMs;
      const answer =
        asked.value.do === "pulse"
          ? lock.encodeLockAck(BOARD, asked.value.channel, 0x11)
          : lock.encodeLockStatus(BOARD, 0, 0, 0xff);
      devices.reply(answer, TURNAROUND_MS);
    },
  });
  const line = { path: "line", baud: BAUD, stopBits: 1 };
  const wire = new SerialLine({ ...line, echo: false, halfDuplex: true, devices, clock, random: random.split("wire") });
  const openWire = (spec, events) => wire.open(spec, events);
  const bus = createBus({ id: "bus", line, openWire, clock, echo: false });
  const readCells = {
    request: jbd.encodeJbdRead(jbd.JBD_CELLS),
    deadlineMs: 200,
    expects: (bytes, length) => jbd.parseJbdReply(bytes, length, jbd.JBD_CELLS),
    done: () => undefined,
  };
  return { clock, random: random.split("instants"), bus, wire, lock, lockBoard8a, heard, readCells };
}

/** From the wish to the last bit of the request, for pulses at drawn instants. */
function pulseAtRandom({ clock, random, heard }, pulse, pulses) {
  const took = [];
  clock.runUntil(5_000);
  for (let at = 0; at < pulses; at++) {
    clock.runUntil(clock.nowMs + 3_000 + random.next() * 2_000);
    const fromMs = clock.nowMs;
    heard.pulseMs = Number.NaN;
    let settled = false;
    pulse(() => {
      settled = true;
    });
    while (!settled) clock.step();
    if (!Number.isNaN(heard.pulseMs)) took.push(heard.pulseMs - fromMs);
  }
  return took;
}

/** The product's own way: polls on the bus's table, pulses through the lock driver's urgent lane. */
async function withPriority(root, { devices, statusMs, pulses }) {
  const line = await makeLine(root);
  const { bus, clock, readCells, lockBoard8a } = line;
  for (let at = 0; at < devices; at++) bus.poll({ ...readCells, name: `pack ${at}`, periodMs: PERIOD_MS });
  const board = lockBoard8a(
    { address: BOARD, channels: 8, feedback: "closing", statusOrder: "last-first", idleMs: statusMs },
    { bus, clock },
  );
  const took = pulseAtRandom(line, (done) => board.lock(1).pulse(done), pulses);
  return { took, busyPct: (bus.stats().busyMs / clock.nowMs) * 100 };
}

/** One queue for all, as most bridges have it: whoever asks, waits for everything that was asked before. */
async function withoutPriority(root, { devices, pulses }) {
  const line = await makeLine(root);
  const { bus, clock, readCells, lock } = line;
  const patient = { lane: "poll", waitMsMax: 60_000 };
  const askAll = () => {
    for (let at = 0; at < devices; at++) bus.transact({ ...readCells, ...patient });
    clock.after(PERIOD_MS, askAll);
  };
  clock.after(50, askAll);
  const pulse = (done) =>
    bus.transact({
      ...patient,
      request: lock.encodeLockPulse(BOARD, 1),
      deadlineMs: 400,
      expects: (bytes, length) => lock.parseLockAck(bytes, length),
      done,
    });
  return pulseAtRandom(line, pulse, pulses);
}

export const lockWire = {
  name: "lock-wire",
  title: `the same on a modelled line of ${BAUD} baud (virtual time: the same on every machine)`,
  async run({ root, quick }) {
    const pulses = quick ? 500 : 5_000;
    const busy = await withPriority(root, { devices: DEVICES, statusMs: 1_000, pulses });
    const queue = await withoutPriority(root, { devices: DEVICES, pulses });
    const idle = await withPriority(root, { devices: 0, statusMs: 3_600_000, pulses });
    const own = await withPriority(root, { devices: 0, statusMs: 1_000, pulses });
    const beside = (percent) => ({ name: `one queue for all, p${percent}`, value: percentile(queue, percent) });
    const polled = `${DEVICES} packs polled each second`;
    return {
      figures: [
        figure({
          name: `pulse → last bit sent, ${polled}, p50`,
          value: median(busy.took),
          unit: "ms",
          baseline: beside(50),
        }),
        figure({
          name: `pulse → last bit sent, ${polled}, p99`,
          value: percentile(busy.took, 99),
          unit: "ms",
          limit: atMost(70),
          baseline: beside(99),
          note: `worst ${amount(Math.max(...busy.took), "ms")}, beside it ${amount(Math.max(...queue), "ms")}; the line is busy ${busy.busyPct.toFixed(0)} % of the time`,
        }),
        figure({
          name: "pulse → last bit sent, line idle, p99",
          value: percentile(idle.took, 99),
          unit: "ms",
          limit: atMost(10),
        }),
        figure({
          name: "pulse → last bit sent, only the lock board polled, p99",
          value: percentile(own.took, 99),
          unit: "ms",
        }),
      ],
      notes: [
        `${pulses} pulses each; devices turn round in ${TURNAROUND_MS} ms and answer with 47 bytes`,
        "a transaction with such a device takes 70.3 ms, then come 3.6 ms of silence and 5.2 ms for the five bytes of the pulse",
      ],
    };
  },
};
