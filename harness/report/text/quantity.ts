/**
 * How the report writes numbers: one form each for times, sizes and counts, the same in every document and on every machine.
 */

/** `1234567` as `1,234,567`. */
export function count(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count with its noun: `1 byte`, `1,024 bytes`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Milliseconds to a tenth: `0.3 ms`, `1,250.0 ms`. */
export function millis(valueMs: number): string {
  const tenths = Math.round(Math.abs(valueMs) * 10);
  const sign = valueMs < 0 && tenths > 0 ? '−' : '';
  return `${sign}${count(Math.floor(tenths / 10))}.${tenths % 10} ms`;
}

/** A duration a person waits for: `840 ms`, `12.4 s`, `3 min 05 s`. */
export function duration(valueMs: number): string {
  if (valueMs < 1000) return `${Math.round(valueMs)} ms`;
  if (valueMs < 60_000) return `${(valueMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(valueMs / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
