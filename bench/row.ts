/** One measurement, with what was asked of it where something was. */
export interface Row {
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  readonly asked?: string;
  readonly kept?: boolean;
}

/** What a command that printed these rows ends with: 1 where a bound that was asked for is missed, else 0. */
export function statusOf(rows: readonly Row[]): 0 | 1 {
  return rows.some(({ kept }) => kept === false) ? 1 : 0;
}
