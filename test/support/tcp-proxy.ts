/** A line between a client and a server that a test can cut, tear within a message, freeze (both ends stay open, nothing passes) or take away. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: () => number;
  /** Breaks every connection; new ones are taken. */
  cut(): void;
  /** Breaks each connection within the next piece of data on it: this share of its bytes still passes. */
  tear(share: number): void;
  /** Towards the server only so many bytes pass in a tenth of a second; Infinity ends it. What does not pass is not taken. */
  trickle(bytes: number): void;
  /** From now on nothing passes either way, and nobody is told. New connections freeze too. */
  freeze(): void;
  /** Breaks the frozen connections; new ones pass again. */
  thaw(): void;
  /** Whether new connections are broken at once. */
  refuse(refused: boolean): void;
  close(): Promise<void>;
}

const TICK_MS = 100;

export async function startTcpProxy(target: { readonly port: number; readonly host?: string }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  /** Connections that end within the next piece, and how much of that still passes. */
  const torn = new Map<readonly [Socket, Socket], number>();
  let frozen = false;
  let refusing = false;
  let accepted = 0;

  let bytesPerTick = Number.POSITIVE_INFINITY;
  const trickle = ([near, far]: readonly [Socket, Socket], chunk: Buffer): void => {
    near.pause();
    far.write(chunk.subarray(0, bytesPerTick));
    const rest = chunk.subarray(bytesPerTick);
    setTimeout(() => {
      if (rest.length > 0) trickle([near, far], rest);
      else near.resume();
    }, TICK_MS);
  };

  const server = createServer((near) => {
    accepted++;
    near.on("error", () => near.destroy());
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect(target.port, target.host ?? "127.0.0.1");
    const pair = [near, far] as const;
    pairs.add(pair);
    far.on("error", () => far.destroy());
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true);
      from.on("data", (chunk: Buffer) => {
        const share = torn.get(pair);
        if (frozen) return;
        if (share === undefined && from === near && bytesPerTick < chunk.length) trickle(pair, chunk);
        else if (share === undefined) to.write(chunk);
        else to.write(chunk.subarray(0, Math.floor(chunk.length * share)), () => from.destroy());
      });
      from.on("end", () => {
        if (!frozen) to.end();
      });
      from.on("close", () => {
        pairs.delete(pair);
        torn.delete(pair);
        if (!frozen) to.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");

  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    port: address.port,
    accepted: () => accepted,
    cut,
    tear: (share) => {
      for (const pair of pairs) torn.set(pair, share);
    },
    trickle: (bytes) => {
      bytesPerTick = bytes;
    },
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      cut();
    },
    refuse: (refused) => {
      refusing = refused;
    },
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
