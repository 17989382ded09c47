/** Randomness as a port: seeded and split per subsystem in the simulator, the machine's own on a station. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
}
