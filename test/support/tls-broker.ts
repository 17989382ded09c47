/**
 * A TLS server that speaks just enough MQTT 3.1.1 to answer a CONNECT, with the settings a test wants to see refused or accepted.
 * It tells what came to it, so that a test can show that nothing was said before the broker had proved itself.
 */
import { readFileSync } from "node:fs";
import { createServer, type TlsOptions } from "node:tls";
import type { Issued } from "./certificates.ts";

export interface TlsBroker {
  readonly port: number;
  /** Common names of the clients whose CONNECT arrived; "" for one without a certificate. */
  readonly clients: string[];
  close(): Promise<void>;
}

/** CONNACK, MQTT 3.1.1, 3.2: accepted, or refused with a code. */
const connack = (code: number): Uint8Array => Uint8Array.of(0x20, 0x02, 0x00, code);

export interface TlsBrokerOptions {
  readonly certificate: Issued;
  readonly more?: TlsOptions | undefined;
  /** Return code of the CONNACK; 0 accepts. */
  readonly answer?: number;
}

export async function startTlsBroker({ certificate, more, answer }: TlsBrokerOptions): Promise<TlsBroker> {
  const clients: string[] = [];
  const open = new Set<{ destroy(): void }>();
  const cert = readFileSync(certificate.certFile);
  const server = createServer({ cert, key: readFileSync(certificate.keyFile), ...more }, (socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => {
      const { subject } = socket.getPeerCertificate();
      clients.push(typeof subject?.CN === "string" ? subject.CN : "");
      socket.write(connack(answer ?? 0));
    });
  });
  server.on("connection", (raw) => {
    open.add(raw);
    raw.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    clients,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
