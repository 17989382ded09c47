/**
 * The part of mqtt.js that is used here, as types alone. Its own types need those of browsers (`Worker`, `MessagePort`), which
 * nothing here has. It loads nothing.
 */
import type { Duplex } from "node:stream";

export interface MqttClient {
  /** Assigned while connecting, so undefined when that failed early. */
  readonly stream: (Duplex & { setNoDelay?(on: boolean): void }) | undefined;
  on(event: "connect", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "message", listener: (topic: string, payload: Buffer, packet: { retain: boolean }) => void): unknown;
  once(event: "close", listener: () => void): unknown;
  publish(topic: string, payload: string, options: PublishOptions, done: (error?: Error | null) => void): unknown;
  subscribe(
    filter: string,
    options: { qos: 1 },
    done: (error: Error | null, grants?: { qos: number }[]) => void,
  ): unknown;
  end(force: boolean): unknown;
}

export interface PublishOptions {
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export type Connect = (options: Readonly<Record<string, unknown>>) => MqttClient;
