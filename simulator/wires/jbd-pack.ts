/**
 * The pack link of one bay (JBD General Protocol V4): whatever pack is plugged in answers, and nobody when none is. A pack
 * that arrives sleeps: the first request wakes it and stays unanswered, as the vendor's protocol warns.
 */
import {
  encodeJbdReply,
  JBD_BASIC,
  JBD_CELLS,
  JBD_FAILED,
  JBD_MODEL,
  JBD_MOS,
  JBD_OK,
  type JbdRequest,
  parseJbdRequest,
} from "../../hal/codecs/jbd.ts";
import { encodeJbdBasic, encodeJbdCells, encodeJbdModel } from "../../hal/codecs/jbd-registers.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Bay } from "../models/bay.ts";
import type { Pack } from "../models/pack.ts";
import type { PackTold } from "../models/pack-faults.ts";
import type { LinePart, Reply } from "./device-line.ts";
import { RequestReader } from "./request-reader.ts";

const NOTHING = new Uint8Array(0);
const VERSION = "2.0";

export interface JbdPackOptions {
  readonly bay: Bay;
  readonly clock: Clock;
  readonly turnaroundMs: number;
  readonly reply: Reply;
}

export function createJbdPack({ bay, clock, turnaroundMs, reply }: JbdPackOptions): LinePart {
  let awake: Pack | undefined;
  const gauges = new Gauges(bay);

  const answerTo = (pack: Pack, request: JbdRequest): Uint8Array => {
    const { register } = request;
    if (request.action === "write") {
      const off = request.data[1];
      const known = register === JBD_MOS && request.data.length === 2 && off !== undefined && off <= 3;
      if (!known) return encodeJbdReply(register, JBD_FAILED, NOTHING);
      pack.commandMos((off & 1) === 0, (off & 2) === 0);
      bay.look();
      return encodeJbdReply(register, JBD_OK, NOTHING);
    }
    if (register === JBD_BASIC) return encodeJbdReply(register, JBD_OK, basicOf(pack, gauges.tell(pack)));
    if (register === JBD_CELLS) return encodeJbdReply(register, JBD_OK, encodeJbdCells(gauges.cellsMv(pack)));
    if (register === JBD_MODEL) return encodeJbdReply(register, JBD_OK, encodeJbdModel(gauges.tell(pack).id));
    return encodeJbdReply(register, JBD_FAILED, NOTHING);
  };

  const handle = (request: JbdRequest): void => {
    const { pack } = bay;
    if (pack === undefined || !bay.plugged || bay.faults.bmsSilent) {
      awake = undefined;
      return;
    }
    if (pack !== awake) {
      awake = pack;
      return;
    }
    bay.look();
    reply(answerTo(pack, request), turnaroundMs);
  };
  const reader = new RequestReader({ clock, parse: parseJbdRequest, handle });
  return { receive: (bytes, length) => reader.receive(bytes, length) };
}

/** What the BMS makes of its pack, with what may be wrong with it. */
class Gauges {
  private readonly bay: Bay;
  private tempsC: readonly number[] | undefined;
  private gauge: Pick<PackTold, "packMv" | "remainingMah" | "socPct"> | undefined;

  constructor(bay: Bay) {
    this.bay = bay;
  }

  tell(pack: Pack): PackTold {
    const { temperaturesFrozen, gaugeFrozen, deliversMa, tells } = this.bay.faults;
    const { packMv, remainingMah, socPct } = pack;
    this.tempsC = temperaturesFrozen ? (this.tempsC ?? pack.sensorTempsC()) : undefined;
    const tempsC = this.tempsC ?? pack.sensorTempsC();
    const packMa = pack.flowMa - deliversMa;
    const shown = { packMv, remainingMah, socPct };
    this.gauge = gaugeFrozen ? (this.gauge ?? shown) : undefined;
    const gauge = this.gauge ?? shown;
    const told = {
      id: pack.id,
      packMv: gauge.packMv,
      remainingMah: gauge.remainingMah,
      socPct: gauge.socPct,
      tempsC,
      packMa,
    };
    return tells === undefined ? told : tells(told);
  }

  cellsMv(pack: Pack): number[] {
    const cells = pack.cellsMv();
    cells[0] = (cells[0] ?? 0) - this.bay.faults.cellBehindMv;
    return cells;
  }
}

function basicOf(pack: Pack, told: PackTold): Uint8Array {
  return encodeJbdBasic({
    packMv: told.packMv,
    packMa: told.packMa,
    remainingMah: told.remainingMah,
    nominalMah: pack.capacityMah,
    cycles: pack.cycles,
    productionDate: pack.productionDate,
    balanceBits: 0,
    protectionBits: pack.protectionBits,
    version: VERSION,
    socPct: told.socPct,
    chargeMosOn: pack.chargeMosOn,
    dischargeMosOn: pack.dischargeMosOn,
    cellCount: pack.cells,
    tempsC: told.tempsC,
    tail: NOTHING,
  });
}
