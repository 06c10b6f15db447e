/** One measurement, with what was asked of it where something was. */
export interface Row {
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  readonly asked?: string;
  readonly kept?: boolean;
}
