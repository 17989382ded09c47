/** Times of a scenario file: `03:12:05`, `03:12:05.250`, `2d 03:12:05`; and how long something lasts: `40s`, `1h30m`. */
const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

const momentPattern = /^(?:(\d+)d )?(\d{2,}):([0-5]\d):([0-5]\d)(?:\.(\d{1,3}))?$/;
const lengthPattern = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/;

/** Milliseconds since the start of the run; undefined for what is no such time. */
export function momentMs(text: string): number | undefined {
  const parts = momentPattern.exec(text);
  if (parts === null) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1, 5).map((part) => Number(part ?? 0));
  const ms = Number((parts[5] ?? "0").padEnd(3, "0"));
  return (days ?? 0) * units.d + (hours ?? 0) * units.h + (minutes ?? 0) * units.m + (seconds ?? 0) * units.s + ms;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Whole milliseconds, as `momentMs` reads them. */
export function momentText(ms: number): string {
  const whole = Math.round(ms);
  const days = Math.floor(whole / units.d);
  const inDay = whole % units.d;
  const [hours, minutes, seconds] = [units.h, units.m, units.s].map((unit, at) =>
    at === 0 ? Math.floor(inDay / unit) : Math.floor(inDay / unit) % 60,
  ) as [number, number, number];
  const rest = inDay % 1_000;
  const clock = `${two(hours)}:${two(minutes)}:${two(seconds)}`;
  return `${days > 0 ? `${days}d ` : ""}${clock}${rest > 0 ? `.${String(rest).padStart(3, "0")}` : ""}`;
}

/** `90s`, `30m`, `6h`, `1d`, also combined: `1d12h`. */
export function lengthMs(text: string): number | undefined {
  if (!lengthPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    total += Number(amount) * units[unit as keyof typeof units];
  }
  return total;
}

/** In the largest units that say it in whole numbers. */
export function lengthText(ms: number): string {
  let left = Math.round(ms);
  let text = "";
  for (const [unit, size] of Object.entries(units)) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text === "" ? "0s" : text;
}
