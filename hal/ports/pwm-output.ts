/**
 * A load driven in part: a fan, a dimmed lamp, a buzzer. Like every output it dies with its lease, as far as its hardware
 * can: an expander has no clock of its own, so nothing that must stop may be driven through it.
 */
export interface PwmOutput {
  /** Share of full power, 0–1, until `untilMs` (monotonic) at the latest; 0 takes effect at once. Drivers cap the lease. */
  hold(share: number, untilMs: number): void;
  /** What the driver last had confirmed; unknown while nothing is confirmed or the device is gone. */
  state(): number | "unknown";
}
