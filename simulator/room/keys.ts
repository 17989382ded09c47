/** Puts the simulated issuer's and authority's public keys into a configuration that has a door, as an operator does with the real ones. */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import { createIssuer, simulatedAuthority, simulatedIssuer } from "./issuer.ts";

export function withIssuer(config: LoadedConfig, seed: string): LoadedConfig {
  const { room } = config.station;
  const { access } = config.file;
  if (room === undefined || access === undefined) return config;
  const { publicKey, authorityKey } = createIssuer(seed);
  const issuers = [...access.issuers, { kid: simulatedIssuer, publicKey }];
  const authorities = [...access.authorities, { kid: simulatedAuthority, publicKey: authorityKey }];
  const keys = { issuers, authorities };
  return {
    ...config,
    file: { ...config.file, access: { ...access, ...keys } },
    station: { ...config.station, room: { ...room, access: { ...room.access, ...keys } } },
  };
}
