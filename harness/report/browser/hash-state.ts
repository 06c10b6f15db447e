/**
 * What the page shows, as the URL's hash says it: a case, an instant or a stretch of its time line, and the filter.
 *
 * `#<case>:2&t=12.3-45.6&e=71` or `#q=python&v=fail,unknown&f=reset&b=framing&tag=basic`. `#<case>:2`
 * is also the id of that attempt's time line, so that it leads there without a script, as `#<case>:2:downstream-3` is
 * that of a part of the attempt. Pure: no DOM.
 */

export interface Filter {
  readonly text: string;
  readonly verdicts: readonly string[];
  readonly fault: string;
  readonly behaviour: string;
  /** As `run.json` has it: `basic`, `needs:docker`. */
  readonly tag: string;
}

export interface HashState {
  /** The case's id; empty: the overview. */
  readonly page: string;
  /** Which attempt of the case, from 1. */
  readonly attempt: number;
  /** A part of the attempt, such as the bytes of a connection; empty: the attempt itself. */
  readonly part: string;
  /** A stretch of the time line in ms; both ends equal: an instant. */
  readonly stretch: readonly [number, number] | null;
  /** The focused event, by its number in order of time. */
  readonly event: number | null;
  readonly filter: Filter;
}

export const NO_FILTER: Filter = { text: '', verdicts: [], fault: '', behaviour: '', tag: '' };

/** Reads a hash, with or without `#`. Whatever cannot be read is left at its default. */
export function readHash(hash: string): HashState {
  const [page = '', ...rest] = hash.replace(/^#/, '').split('&');
  const isPage = page !== '' && !page.includes('=');
  const values = new Map((isPage ? rest : [page, ...rest]).map(keyAndValue));
  return {
    ...(isPage ? placeOf(decoded(page)) : OVERVIEW),
    stretch: stretchOf(values.get('t')),
    event: natural(values.get('e')),
    filter: {
      text: values.get('q') ?? '',
      verdicts: (values.get('v') ?? '').split(',').filter((word) => word !== ''),
      fault: values.get('f') ?? '',
      behaviour: values.get('b') ?? '',
      tag: values.get('tag') ?? '',
    },
  };
}

/** The shortest hash that {@link readHash} reads back as this state. */
export function writeHash({ page, attempt, part, stretch, event, filter }: HashState): string {
  const parts: string[] = page === '' ? [] : [placeName({ page, attempt, part })];
  const add = (key: string, value: string): void => {
    if (value !== '') parts.push(`${key}=${encodeURIComponent(value)}`);
  };
  add('t', stretch === null ? '' : [...new Set(stretch)].map((atMs) => atMs.toFixed(3)).join('-'));
  add('e', event === null ? '' : String(event));
  add('q', filter.text);
  add('v', filter.verdicts.join(','));
  add('f', filter.fault);
  add('b', filter.behaviour);
  add('tag', filter.tag);
  return parts.length === 0 ? '#overview' : `#${parts.join('&')}`;
}

/** A hash with this filter in the place of its own, so that it is still there on the way back. */
export function withFilter(hash: string, filter: Filter): string {
  return writeHash({ ...readHash(hash), filter });
}

type Place = Pick<HashState, 'page' | 'attempt' | 'part'>;

const OVERVIEW: Place = { page: '', attempt: 1, part: '' };

function placeOf(text: string): Place {
  if (text === 'overview') return OVERVIEW;
  const [page = '', attempt, part = ''] = text.split(':');
  return { page, attempt: natural(attempt) ?? 1, part };
}

function placeName({ page, attempt, part }: Place): string {
  if (part !== '') return `${page}:${attempt}:${part}`;
  return attempt === 1 ? page : `${page}:${attempt}`;
}

function keyAndValue(part: string): [string, string] {
  const end = part.indexOf('=');
  return end === -1 ? [part, ''] : [part.slice(0, end), decoded(part.slice(end + 1))];
}

/** The text as it was before it became part of an address; as it stands where it is none. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function natural(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function stretchOf(text: string | undefined): [number, number] | null {
  const match = /^(-?\d+(?:\.\d+)?)(?:-(-?\d+(?:\.\d+)?))?$/.exec(text ?? '');
  if (match === null) return null;
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : Number(match[2]);
  return from <= to ? [from, to] : [to, from];
}
