/**
 * The keys that an object of a configuration may have, found in its schema by the way that leads there.
 *
 * Owns the walk through a schema; what it is a schema of, and the words for what is wrong, it leaves to others.
 */
import type * as v from 'valibot';

export type Path = readonly Pick<v.IssuePathItem, 'key' | 'input' | 'value'>[];
export type Entries = Readonly<Record<string, v.GenericSchema>>;

/** What valibot's schemas are made of, as far as an object can stand behind it. */
interface Parts {
  readonly wrapped?: v.GenericSchema;
  readonly pipe?: readonly [v.GenericSchema, ...unknown[]];
  readonly getter?: (value: unknown) => v.GenericSchema;
  readonly entries?: Entries;
  /** Of a record. */
  readonly value?: v.GenericSchema;
}

/** The entries of the object that has, or should have, the last key of a path; none where that is no object. */
export function entriesAt(schema: v.GenericSchema, path: Path): Entries {
  let parts = bare(schema, path[0]?.input);
  for (const { key, value } of path.slice(0, -1)) {
    const next = parts.entries?.[String(key)] ?? parts.value;
    if (next === undefined) return {};
    parts = bare(next, value);
  }
  return parts.entries ?? {};
}

/** The schema itself, without what is said around it. */
function bare(schema: v.GenericSchema, value: unknown): Parts {
  const parts = schema as v.GenericSchema & Parts;
  const inner = parts.wrapped ?? parts.pipe?.[0] ?? parts.getter?.(value);
  return inner === undefined ? parts : bare(inner, value);
}
