/**
 * The HTTP server of the control API.
 *
 * Owns what holds for every request: limits on size and time, the request id, the refusal of browsers, errors as JSON.
 * It never waits for the data path: a handler changes state and answers.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { posix } from 'node:path';

import type { Log } from '../log.ts';
import { errorReply, Refusal, type Reply, replyTo } from './reply.ts';
import { match, type Route } from './router.ts';

// An import statement reads all exports of `node:http`, and the one that is WebSocket loads a whole HTTP client: 50 ms.
const { createServer } = process.getBuiltinModule('node:http');

/** Bodies beyond this are refused before they are read. A populate of thousands of proxies fits. */
const MOST_BODY_BYTES = 4 * 1024 * 1024;

/** A request must be complete within this, as in Toxiproxy. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Node looks every 30 s by itself whether one is overdue. */
const OVERDUE_CHECK_MS = 1000;
const IDLE_TIMEOUT_MS = 60_000;

const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

let requests = 0;

/** Twenty characters in base 32, rising, as Toxiproxy's request ids have: the time, the process, a count. */
const requestId = (): string => {
  requests += 1;
  const [time, pid, count] = [Date.now(), process.pid, requests].map((part) => part.toString(32));
  return `${time?.padStart(9, '0')}${pid?.padStart(5, '0').slice(-5)}${count?.padStart(6, '0').slice(-6)}`;
};

const readBody = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.byteLength;
      if (length > MOST_BODY_BYTES) reject(new Refusal(413, `request body larger than ${MOST_BODY_BYTES} bytes`));
      else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    const early = (cause?: Error): void => reject(new Refusal(400, 'request ended early', { cause }));
    request.once('error', early);
    request.once('close', early);
  });

const send = (response: ServerResponse, { status, type, body = '' }: Reply): void => {
  if (response.headersSent || response.destroyed) return;
  if (type !== undefined) response.setHeader('Content-Type', type);
  if (status !== 204) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.writeHead(status).end(body);
};

/** The path and the query of what was asked for, whether by path or, as through an HTTP proxy, by the whole address. */
const targetOf = ({ url = '/' }: IncomingMessage): readonly [path: string, query: string] => {
  const [path = '/', query = ''] = url.replace(/^http:\/\/[^/?]*/i, '').split('?', 2);
  return [path === '' ? '/' : path, query];
};

/**
 * Builds the server; the caller listens and closes.
 *
 * @param requestTimeoutMs within which a request must be complete
 */
export const createApi = (routes: readonly Route[], log: Log, requestTimeoutMs = REQUEST_TIMEOUT_MS): Server => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path, query] = targetOf(request);
    const clean = posix.normalize(path);
    if (clean !== path) {
      response.setHeader('Location', query === '' ? clean : `${clean}?${query}`);
      return send(response, { status: 301 });
    }
    const found = match(routes, request.method ?? 'GET', path);
    if (found.found === 'nothing')
      return send(response, { status: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' });
    if (found.found === 'path') return send(response, { status: 405 });
    if (found.found === 'garbage') {
      return send(response, { status: 400, type: 'text/plain; charset=utf-8', body: '400 Bad Request' });
    }
    response.setHeader('X-Toxiproxy-Request-Id', requestId());
    if (request.headers['user-agent']?.startsWith('Mozilla/') === true) {
      return send(response, { status: 403, type: 'text/plain; charset=utf-8', body: 'User agent not allowed\n' });
    }
    const { route, parameters } = found;
    const headers = { 'last-event-id': request.headers['last-event-id']?.toString() };
    try {
      const body = await readBody(request);
      const reply = await route.answer({ parameters, query: new URLSearchParams(query), headers, body, response });
      if (reply !== undefined) send(response, reply);
    } catch (error) {
      const { status, message } = replyTo(error);
      log(status >= 500 ? 'error' : 'debug', 'Request refused', {
        method: request.method,
        path,
        status,
        error: message,
      });
      send(response, errorReply(status, message));
      // What is left of a body that was too large is not read.
      if (!request.complete) response.once('finish', () => request.destroy());
    }
    return undefined;
  };
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: OVERDUE_CHECK_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
    },
    (request, response) => void answer(request, response),
  );
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    // What is no HTTP is told so; a sender that is too slow or gone is not waited for.
    if (socket.writable && code?.startsWith('HPE_') === true) socket.end(BAD_REQUEST);
    else socket.destroy();
  });
  return server;
};
