// What a bench hands back, and how it is shown: a figure, a baseline measured in the same run, their ratio, and the limit it
// is held against. A slow figure is said, never punished: whether a commit is good is for tests to say, and tests time nothing.

/** Nearest rank, so that the figure is one that really happened. */
export function percentile(values, percent) {
  const sorted = [...values].sort((one, other) => one - other);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export const median = (values) => percentile(values, 50);

export const atMost = (value) => ({ is: "at most", value });
export const atLeast = (value) => ({ is: "at least", value });

function verdictOf(value, limit) {
  if (limit === undefined) return undefined;
  if (!Number.isFinite(value)) return "none";
  return (limit.is === "at most" ? value <= limit.value : value >= limit.value) ? "ok" : "over";
}

/** `over` means on the wrong side of the limit, whichever side that is. */
export function figure({ name, value, unit, limit, aim, baseline, note }) {
  const ratio = baseline === undefined ? undefined : value / baseline.value;
  return { name, value, unit, limit, aim, verdict: verdictOf(value, limit), baseline, ratio, note };
}

export function amount(value, unit) {
  if (!Number.isFinite(value)) return "—";
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
  const text = value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === "×" ? `${text} ×` : `${text} ${unit}`;
}

function limitText({ limit, aim, unit }) {
  if (limit === undefined) return "";
  const sign = limit.is === "at most" ? "≤" : "≥";
  return `limit ${sign} ${amount(limit.value, unit)}${aim === undefined ? "" : `, aim ${amount(aim, unit)}`}`;
}

function figureLines(shown) {
  const { name, value, unit, verdict, baseline, ratio, note } = shown;
  const mark = (verdict ?? "").padEnd(4);
  const lines = [`  ${mark}  ${name.padEnd(58)} ${amount(value, unit).padStart(14)}   ${limitText(shown)}`.trimEnd()];
  if (baseline !== undefined) {
    const against = `beside it: ${baseline.name}`;
    lines.push(
      `        ${against.padEnd(58)} ${amount(baseline.value, unit).padStart(14)}   ratio ${amount(ratio, "×")}`,
    );
  }
  if (note !== undefined) lines.push(`        ${note}`);
  return lines;
}

export function page({ bench, title, seconds, load, skipped, figures = [], notes = [], table }) {
  const lines = ["", `${bench}: ${title}`];
  if (skipped !== undefined) return [...lines, `  skipped: ${skipped}`].join("\n");
  for (const shown of figures) lines.push(...figureLines(shown));
  if (table !== undefined) lines.push(...tableLines(table));
  for (const note of notes) lines.push(`  · ${note}`);
  lines.push(`  · ${seconds.toFixed(0)} s; load ${load.before.join(" ")} before, ${load.after.join(" ")} after`);
  return lines.join("\n");
}

function tableLines({ columns, rows }) {
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => String(row[at]).length)));
  const line = (row) =>
    `    ${row.map((cell, at) => (at === 0 ? String(cell).padEnd(widths[at]) : String(cell).padStart(widths[at]))).join("  ")}`;
  return [line(columns), ...rows.map(line)];
}
