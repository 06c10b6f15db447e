/**
 * Request bodies as Toxiproxy takes them: the first JSON value of the text, keys without regard to case, unknown ones ignored.
 */
import { asObject, AttributeError } from '../toxics/attributes.ts';
import { refusals } from './reply.ts';

/** Where the string that opens at `start` ends; the length of the text when it does not. */
const endOfString = (text: string, start: number): number => {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
};

/**
 * Where the first JSON value of `text` ends, or undefined when it does not end. Does not check what lies inside. Looks at
 * each letter once: a body may be long, and is somebody else's.
 */
const endOfFirstValue = (text: string): number | undefined => {
  const start = text.search(/\S/);
  const scalar = /[^\s[\]{},:"]+/y;
  scalar.lastIndex = Math.max(0, start);
  if (scalar.test(text)) return scalar.lastIndex;
  const token = /["[\]{}]/g;
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '"') token.lastIndex = endOfString(text, found.index);
    else depth += '[{'.includes(found[0]) ? 1 : -1;
    if (token.lastIndex > text.length) return undefined;
    if (depth <= 0) return token.lastIndex;
  }
  return undefined;
};

/**
 * The first JSON value of a body; what follows it is ignored, as Go's streaming decoder does.
 *
 * @throws Refusal with Go's words for the common mistakes
 */
export const firstJson = (text: string): unknown => {
  if (text.trim() === '') throw refusals.badBody('EOF');
  const end = endOfFirstValue(text);
  if (end === undefined) throw refusals.badBody('unexpected EOF');
  try {
    return JSON.parse(text.slice(0, end)) as unknown;
  } catch (cause) {
    throw refusals.badBody(cause instanceof Error ? cause.message : String(cause));
  }
};

const TYPES = { string: 'string', boolean: 'bool', number: 'float32' } as const;

/** What Go's decoder calls the type of a JSON value. */
const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

interface TypeOf {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
}

/** A JSON object whose keys are found without regard to case. */
export class Body {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #struct: string;

  /**
   * @param type its package and name in Go
   * @throws Refusal when the value is no object
   */
  constructor(value: unknown, type: 'toxiproxy.Proxy' | 'toxics.ToxicWrapper') {
    const object = value === null ? {} : asObject(value);
    if (object === undefined)
      throw refusals.badBody(`json: cannot unmarshal ${typeOf(value)} into Go value of type ${type}`);
    this.#struct = type.slice(type.indexOf('.') + 1);
    this.#values = new Map(Object.entries(object).map(([key, item]) => [key.toLowerCase(), item]));
  }

  /** The value as it came. */
  raw(key: string): unknown {
    return this.#values.get(key);
  }

  /**
   * The value of that type; undefined when it is missing or null.
   *
   * @throws Refusal when it has another type
   */
  get<Type extends keyof TypeOf>(key: string, type: Type): TypeOf[Type] | undefined {
    const value = this.#values.get(key);
    if (value === undefined || value === null) return undefined;
    if (typeof value === type) return value as TypeOf[Type];
    throw refusals.badBody(
      `json: cannot unmarshal ${typeOf(value)} into Go struct field ${this.#struct}.${key} of type ${TYPES[type]}`,
    );
  }
}

/** Turns what the toxics' schemas refuse into a refusal of the request. */
export const refusing = <Result>(read: () => Result): Result => {
  try {
    return read();
  } catch (error) {
    if (error instanceof AttributeError) throw refusals.badBody(error.message);
    throw error;
  }
};
