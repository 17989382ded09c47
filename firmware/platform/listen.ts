/**
 * Lets a server listen on the port that is wanted, or on the next free one. It knows nothing of what is served, and refuses nobody:
 * whom a server hears is its own affair.
 */
import type { AddressInfo, Server } from "node:net";

export interface Listening {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Ports tried, one after the other, where the first is taken. */
  readonly tries: number;
}

function listen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((done) => {
    const failed = (error: NodeJS.ErrnoException): void => done(error);
    server.once("error", failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", failed);
      done(undefined);
    });
  });
}

/** Where it listens now. Throws what the system said of the last port that was tried. */
export async function listenFrom(server: Server, { host, port, tries }: Listening): Promise<AddressInfo> {
  for (let offset = 0; ; offset++) {
    const failure = await listen(server, host, port === 0 ? 0 : port + offset);
    if (failure === undefined) return server.address() as AddressInfo;
    const taken = failure.code === "EADDRINUSE" || failure.code === "EACCES";
    if (!taken || port === 0 || offset + 1 >= tries || port + offset + 1 > 65_535) throw failure;
  }
}
