/** Faults of the network and the broker. What operators do wrong there stands in `orders.ts`. A broker of one's own is left alone. */
import type { LinkTrouble } from "../../hal/ports/broker-link.ts";
import type { SimulatedBroker } from "../broker.ts";
import { bootAt1970 } from "./clock.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { orderFaults } from "./orders.ts";

const where = "broker";

/** Something that stays for a while; several of a kind may overlap. */
function state(ground: FaultGround, name: string, begin: (broker: SimulatedBroker) => () => void): Strike | undefined {
  const { broker } = ground.simulation;
  if (broker === undefined || ground.troubles.active(name)) return undefined;
  const over = ground.troubles.begin(name, where);
  const undo = begin(broker);
  return {
    where,
    end: () => {
      over();
      undo();
    },
  };
}

/** Cuts the connection again and again, with pauses between these. */
function cutting({ simulation: { clock }, random }: FaultGround, why: string, pausesMs: readonly [number, number]) {
  return (broker: SimulatedBroker): (() => void) => {
    let isOver = false;
    const again = (): void => {
      if (isOver) return;
      broker.cut(why);
      clock.after(random.between(...pausesMs), again);
    };
    again();
    return () => {
      isOver = true;
    };
  };
}

const distrusted = (trouble: LinkTrouble) => (broker: SimulatedBroker) => broker.distrust(trouble);

const lineFaults: readonly Fault[] = [
  {
    id: "N1",
    name: "network-blip",
    kind: "network",
    says: { zh: "网络中断 3 秒", en: "the network is gone for three seconds" },
    expects: "nothing is lost and nobody is alarmed",
    invariants: ["I21"],
    perDay: 3,
    lastsS: [3, 3],
    strike: (ground) => state(ground, "network-blip", (broker) => broker.outage()),
  },
  {
    id: "N2",
    name: "broker-away-for-days",
    kind: "network",
    says: { zh: "断网数日，最长一周", en: "the broker is out of reach for days, up to a week" },
    expects: "swaps and door go on; everything is delivered in order afterwards",
    invariants: ["I21", "I31"],
    perDay: 0.3,
    lastsS: [86_400, 604_800],
    strike: (ground) => state(ground, "broker-away-for-days", (broker) => broker.outage()),
  },
  {
    id: "N3",
    name: "connection-half-open",
    kind: "network",
    says: { zh: "TCP 半开：连接已死，双方都不知道", en: "the connection is dead and neither end is told" },
    expects: "it is noticed within one and a half keep-alives, and nothing is lost",
    invariants: ["I21"],
    perDay: 2,
    lastsS: [0, 0],
    strike: ({ simulation: { broker } }) => {
      if (broker === undefined) return undefined;
      broker.goSilent();
      return { where };
    },
  },
  {
    id: "N4",
    name: "broker-forgets",
    kind: "network",
    says: {
      zh: "Broker 重启，会话与保留消息全部丢失",
      en: "the broker starts again without its sessions and retained messages",
    },
    expects: "subscriptions and all state are told again, and what was not acknowledged is sent again",
    invariants: ["I21", "I27"],
    perDay: 2,
    lastsS: [1, 20],
    strike: (ground) =>
      state(ground, "broker-forgets", (broker) => {
        const back = broker.outage();
        broker.forget();
        return back;
      }),
  },
  {
    id: "N9",
    name: "connection-cut-storm",
    kind: "network",
    says: { zh: "连接反复中断", en: "the connection is cut every few seconds" },
    expects: "nothing is lost from the outbox",
    invariants: ["I21"],
    perDay: 2,
    lastsS: [20, 180],
    strike: (ground) => state(ground, "connection-cut-storm", cutting(ground, "connection reset", [300, 6_000])),
  },
  {
    id: "N10",
    name: "captive-portal",
    kind: "network",
    says: {
      zh: "登录门户或错误的 DNS：应答的不是我们的 Broker",
      en: "a captive portal or a wrong DNS: somebody else answers",
    },
    expects: "nothing is sent to it; it is told, tried again, and the station serves on",
    invariants: ["I33"],
    perDay: 1.5,
    lastsS: [60, 900],
    strike: (ground) => state(ground, "captive-portal", distrusted("broker-certificate")),
  },
  {
    id: "N11",
    name: "certificate-not-yet-valid",
    kind: "network",
    says: {
      zh: "时钟停在 1970 年，证书看似尚未生效",
      en: "by a clock at 1970 the broker's certificate is not valid yet",
    },
    expects: "the station works offline until it knows the time; nothing is ever let through for it",
    invariants: ["I28", "I33"],
    perDay: 1.5,
    lastsS: [120, 1_200],
    strike: (ground) => {
      const { broker } = ground.simulation;
      const clockWrong = broker && bootAt1970(ground, "certificate-not-yet-valid");
      if (clockWrong === undefined) return undefined;
      const trustBack = broker?.distrust("broker-certificate-dates");
      return {
        where,
        end: () => {
          clockWrong.end?.();
          trustBack?.();
        },
      };
    },
  },
  {
    id: "N12",
    name: "broker-slow",
    kind: "network",
    says: { zh: "Broker 很慢，确认要数秒", en: "the broker takes seconds for every acknowledgement" },
    expects: "what is under way is bounded, and the station does not notice otherwise",
    invariants: ["I31", "I21"],
    perDay: 2,
    lastsS: [60, 900],
    strike: (ground) => state(ground, "broker-slow", (broker) => broker.slowDown(ground.random.between(500, 5_000))),
  },
  {
    id: "N13",
    name: "client-id-taken",
    kind: "network",
    says: {
      zh: "另一设备使用同一客户端编号",
      en: "another device bears the same client id and throws the station out",
    },
    expects: "it is told, and no output moves for it",
    invariants: ["I3", "I33"],
    perDay: 1.5,
    lastsS: [120, 600],
    strike: (ground) =>
      state(ground, "client-id-taken", cutting(ground, "another client took the id", [5_000, 25_000])),
  },
];

export const networkFaults: readonly Fault[] = [...lineFaults, ...orderFaults];
