/**
 * Which route a request is for.
 *
 * Owns the matching of paths, as Toxiproxy's router does it: exact, no trailing slash, 405 without a body for a known path
 * with another method. A variable is one segment, percent-decoded.
 */
import type { ServerResponse } from 'node:http';

import type { Reply } from './reply.ts';

export interface Request {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** For routes that stream. */
  readonly response: ServerResponse;
}

export interface Route {
  /** `*` stands for any. */
  readonly method: string;
  readonly path: string;
  /** Answers, or takes the response over and returns nothing. */
  answer(request: Request): Reply | undefined | Promise<Reply | undefined>;
}

export type Match =
  | { readonly found: 'route'; readonly route: Route; readonly parameters: Readonly<Record<string, string>> }
  | { readonly found: 'path' }
  /** The path has a percent sign that encodes nothing. */
  | { readonly found: 'garbage' }
  | { readonly found: 'nothing' };

const parametersOf = (pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined => {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined;
    } else if (segment === '') return undefined;
    else parameters[part.slice(1, -1)] = segment;
  }
  return parameters;
};

/** Finds the route of `method` and `path` (without its query). */
export const match = (routes: readonly Route[], method: string, path: string): Match => {
  let segments: readonly string[];
  try {
    segments = path.split('/').map(decodeURIComponent);
  } catch {
    return { found: 'garbage' };
  }
  let known = false;
  for (const route of routes) {
    const parameters = parametersOf(route.path.split('/'), segments);
    if (parameters === undefined) continue;
    if (route.method === method || route.method === '*') return { found: 'route', route, parameters };
    known = true;
  }
  return { found: known ? 'path' : 'nothing' };
};
