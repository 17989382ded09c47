/** Puts the simulated issuer's public key into a configuration that has a door, as an operator does with the real one. */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import { createIssuer, simulatedIssuer } from "./issuer.ts";

export function withIssuer(config: LoadedConfig, seed: string): LoadedConfig {
  const { room } = config.station;
  const { access } = config.file;
  if (room === undefined || access === undefined) return config;
  const issuers = [...access.issuers, { kid: simulatedIssuer, publicKey: createIssuer(seed).publicKey }];
  return {
    ...config,
    file: { ...config.file, access: { ...access, issuers } },
    station: { ...config.station, room: { ...room, access: { ...room.access, issuers } } },
  };
}
