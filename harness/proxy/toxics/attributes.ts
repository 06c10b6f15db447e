/**
 * Attributes of toxics: what each may be, checked at the door, whole or not at all.
 *
 * Owns the field types and the words of their errors, which follow Go's JSON decoder where clients may know them.
 */

/** A request that cannot be taken as it is; the API answers 400 with this message. */
export class AttributeError extends Error {
  override readonly name = 'AttributeError';
}

/** One attribute: what stands for it when it is missing, and how it is read. */
export interface Field<Value> {
  readonly missing: Value;
  /** The attribute that says the same in another way: given together they are refused, given alone it takes the other's place. */
  readonly insteadOf?: string;
  /** @throws AttributeError naming `place`, what came and what is allowed */
  read(value: unknown, place: string): Value;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Values<Of extends Fields> = {
  readonly [Name in keyof Of]: Of[Name] extends Field<infer Value> ? Value : never;
};

const goType = (value: unknown): string => {
  if (typeof value === 'number') return `number ${value}`;
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? 'array' : typeof value;
};

/** The error of Go's decoder for a value of the wrong type. */
const wrongType = (value: unknown, place: string, wanted: string): AttributeError =>
  new AttributeError(`json: cannot unmarshal ${goType(value)} into Go struct field ${place} of type ${wanted}`);

/** A whole number between `least` and `most`. */
export const integer = (least = 0, most = Number.MAX_SAFE_INTEGER, missing = 0): Field<number> => ({
  missing,
  read(value, place) {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, place, 'int64');
    if (value < least || value > most)
      throw new AttributeError(`${place} must be from ${least} to ${most}, got ${value}`);
    return value;
  },
});

/** A number with a fraction, between `least` and `most`. */
export const real = (least: number, most: number, missing: number): Field<number> => ({
  missing,
  read(value, place) {
    if (typeof value !== 'number') throw wrongType(value, place, 'float64');
    if (!(value >= least && value <= most))
      throw new AttributeError(`${place} must be from ${least} to ${most}, got ${value}`);
    return value;
  },
});

/** A list of whole numbers of at least `least`, or nothing. */
export const integers = (least: number, mostItems = 10_000): Field<readonly number[] | undefined> => ({
  missing: undefined,
  read(value, place) {
    if (!Array.isArray(value)) throw wrongType(value, place, '[]int64');
    if (value.length === 0 || value.length > mostItems) {
      throw new AttributeError(`${place} must have from 1 to ${mostItems} numbers, got ${value.length}`);
    }
    return value.map((item: unknown, index) => integer(least).read(item, `${place}[${index}]`));
  },
});

/** A field that may be left out. */
export const optional = <Value>(field: Field<Value>): Field<Value | undefined> => ({
  missing: undefined,
  read: (value, place) => field.read(value, place),
});

/** A plain object, or undefined. */
export const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

/**
 * Reads attributes over `before` (the values so far, or nothing): a key left out keeps its value. So does null, as in
 * Toxiproxy, but for what may be left out altogether: that is left out from then on. Keys are matched without regard to
 * case, as Go does.
 *
 * @throws AttributeError
 */
export const readAttributes = <Of extends Fields>(
  fields: Of,
  given: unknown,
  { struct, before }: { readonly struct: string; readonly before: Readonly<Record<string, unknown>> | undefined },
): Values<Of> => {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields))
    values[name] = before === undefined ? field.missing : before[name];
  if (given === undefined || given === null) return values as Values<Of>;
  const object = asObject(given);
  if (object === undefined) throw wrongType(given, `${struct}.attributes`, struct);
  const came = new Set<string>();
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  for (const [key, value] of Object.entries(object)) {
    const name = names.get(key.toLowerCase());
    const field = name === undefined ? undefined : fields[name];
    if (name === undefined || field === undefined) {
      const known = [...names.values()].join(', ');
      throw new AttributeError(
        `unknown attribute ${JSON.stringify(key)}; ${struct} has ${known === '' ? 'none' : known}`,
      );
    }
    if (value === null) {
      if (field.missing === undefined) values[name] = undefined;
      continue;
    }
    came.add(name);
    values[name] = field.read(value, `${struct}.attributes.${name}`);
  }
  replace(fields, values, { came, struct });
  return values as Values<Of>;
};

/** Of two attributes that say the same, the one that came stands alone; where neither does, what is missing is as ever. */
const replace = (
  fields: Fields,
  values: Record<string, unknown>,
  { came, struct }: { readonly came: ReadonlySet<string>; readonly struct: string },
): void => {
  for (const [name, { insteadOf, missing }] of Object.entries(fields)) {
    if (insteadOf === undefined) continue;
    if (came.has(name) && came.has(insteadOf))
      throw new AttributeError(`${struct}.attributes has ${name} and ${insteadOf}; only one of them can be`);
    if (came.has(name)) values[insteadOf] = undefined;
    else if (came.has(insteadOf)) values[name] = undefined;
    else if (values[insteadOf] === undefined) values[name] ??= missing;
  }
};
