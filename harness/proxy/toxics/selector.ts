/**
 * Which connections a toxic is for: by order of arrival, by modulo, or by the client's port.
 */
import { asObject, AttributeError, integer, integers, type Field } from './attributes.ts';

export type Selector =
  | { readonly order: readonly number[] }
  | { readonly modulo: readonly [modulus: number, remainder: number] }
  | { readonly clientPort: number };

/** What a connection is chosen by. */
export interface Chosen {
  /** Numbered per proxy from 1. */
  readonly number: number;
  readonly clientPort: number;
}

/** True when the toxic is for that connection; without a selector it is for all. */
export const selects = (selector: Selector | undefined, { number, clientPort }: Chosen): boolean => {
  if (selector === undefined) return true;
  if ('order' in selector) return selector.order.includes(number);
  if ('modulo' in selector) return number % selector.modulo[0] === selector.modulo[1];
  return clientPort === selector.clientPort;
};

const readSelector = (value: unknown, place: string): Selector => {
  const object = asObject(value) ?? {};
  const [key, ...others] = Object.keys(object);
  if (key === 'order' && others.length === 0)
    return { order: integers(1).read(object['order'], `${place}.order`) ?? [] };
  if (key === 'clientPort' && others.length === 0) {
    return { clientPort: integer(1, 65_535).read(object['clientPort'], `${place}.clientPort`) };
  }
  if (key === 'modulo' && others.length === 0) {
    const [modulus, remainder, ...more] = integers(0).read(object['modulo'], `${place}.modulo`) ?? [];
    if (modulus !== undefined && remainder !== undefined && more.length === 0 && remainder < modulus) {
      return { modulo: [modulus, remainder] };
    }
  }
  throw new AttributeError(
    `${place} must be one of {"order": [numbers from 1]}, {"modulo": [m, r]} with r < m, {"clientPort": n}`,
  );
};

/** The attribute `connections`, which every toxic has. */
export const connections: Field<Selector | undefined> = { missing: undefined, read: readSelector };
