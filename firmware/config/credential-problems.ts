/**
 * The files a configuration names for the line to its broker, told as problems of that configuration. Only `yizhan check` asks:
 * a station must serve its riders whatever became of a certificate, so a start never fails by it.
 */
import { type CredentialPaths, readCredentials } from "./credentials.ts";
import type { ConfigFiles } from "./files.ts";
import { type ConfigLoad, type LoadedConfig, resolveBeside } from "./load.ts";
import { byPosition, locate, type Problem } from "./problem.ts";

/** Absolute paths of what `mqtt` names. */
export function credentialPaths({ file, baseDirectory }: LoadedConfig): CredentialPaths {
  const { caFile, certFile, keyFile } = file.mqtt ?? {};
  return {
    ...(caFile === undefined ? {} : { caFile: resolveBeside(baseDirectory, caFile) }),
    ...(certFile === undefined ? {} : { certFile: resolveBeside(baseDirectory, certFile) }),
    ...(keyFile === undefined ? {} : { keyFile: resolveBeside(baseDirectory, keyFile) }),
  };
}

export function withCredentials(load: ConfigLoad, files: ConfigFiles, wallMs: number): ConfigLoad {
  if (!load.ok) return load;
  const { config, locator } = load;
  const question = { files, paths: credentialPaths(config), stationId: config.station.stationId, wallMs };
  const found = readCredentials(question)
    .findings.map(({ field, ...detail }) => locate(locator, ["mqtt", field], "value", detail))
    .sort(byPosition)
    .map((located): Problem => ({ file: config.path, ...located }));
  const problems = found.filter(({ code }) => code.startsWith("E_"));
  const warnings = [...load.warnings, ...found.filter(({ code }) => code.startsWith("W_"))];
  return problems.length === 0 ? { ...load, warnings } : { ok: false, problems, warnings };
}
