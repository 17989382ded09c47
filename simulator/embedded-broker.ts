/**
 * A real MQTT 3.1.1 broker inside this process, for a station on a desk. It listens on the loopback address only and refuses any
 * other, because it knows no passwords.
 */
import { createServer, type Server, type Socket } from "node:net";
import { listenFrom } from "../firmware/platform/listen.ts";
import type { OperatorsDesk } from "./broker.ts";

const PORTS_TRIED = 50;
const LOOPBACK = "127.0.0.1";

export interface EmbeddedBroker extends OperatorsDesk {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface EmbeddedBrokerOptions {
  /** The next free port is taken where this one is not free. 0 lets the system choose. */
  readonly port: number;
  readonly host?: string;
}

async function portFor(server: Server, wanted: number): Promise<number> {
  try {
    return (await listenFrom(server, { host: LOOPBACK, port: wanted, tries: PORTS_TRIED })).port;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`no free port from ${wanted} on for the embedded broker: ${why}`);
  }
}

export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const host = options.host ?? LOOPBACK;
  if (host !== LOOPBACK)
    throw new Error(`the embedded broker has no passwords and listens on ${LOOPBACK} only, not on ${host}`);
  const { Aedes } = await import("aedes");
  const aedes = await Aedes.createBroker();
  const kept = new Map<string, string>();
  aedes.on("publish", ({ topic, payload, retain }) => {
    if (!retain) return;
    const text = payload.toString();
    if (text === "") kept.delete(topic);
    else kept.set(topic, text);
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A client may vanish at any moment; that is its affair.
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    aedes.handle(socket);
  });
  let port: number;
  try {
    port = await portFor(server, options.port);
  } catch (error) {
    aedes.close();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      aedes.close(() => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      });
    });
  return {
    url: `mqtt://${LOOPBACK}:${port}`,
    port,
    inject: (topic, payload, { retained = false } = {}) =>
      aedes.publish(
        { cmd: "publish", topic, payload: Buffer.from(payload), qos: 1, retain: retained, dup: false },
        // Nobody waits for it: whoever published looks at what the station says.
        () => undefined,
      ),
    retained: (topic) => kept.get(topic),
    retainedTopics: () => [...kept.keys()],
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
