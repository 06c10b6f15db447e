/**
 * HTTP to a fault proxy's API, for one call: a deadline, an abort signal, and errors that keep what the server said.
 *
 * Owns what `toxiproxy-node-client` leaves out. It stands in for that library's HTTP client, whose methods it has.
 */

/** A call to a proxy's API that did not succeed. */
export class ProxyControlError extends Error {
  override readonly name = 'ProxyControlError';
  /** `unreachable`: no answer; `deadline`: none in time; `refused`: an HTTP error; `malformed`: not the JSON that was due. */
  readonly code: 'proxy-unreachable' | 'proxy-deadline' | 'proxy-refused' | 'proxy-malformed';
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;

  constructor(
    message: string,
    {
      code,
      status,
      cause,
    }: { readonly code: ProxyControlError['code']; readonly status?: number; readonly cause?: unknown },
  ) {
    super(message, { cause });
    this.code = code;
    this.status = status;
  }
}

/** Error bodies are cut here: they come from the network. */
const MOST_ERROR_CHARACTERS = 2000;

function errorText(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    if (typeof error === 'string') return error.slice(0, MOST_ERROR_CHARACTERS);
  } catch {
    // Toxiproxy's own timeouts answer with HTML: the text itself is the best there is.
  }
  return text.trim().slice(0, MOST_ERROR_CHARACTERS);
}

interface Limits {
  readonly signal: AbortSignal | undefined;
  readonly deadlineMs: number;
}

/**
 * Sends a request and takes the answer of a success, all within the deadline; what `take` leaves unread has none.
 *
 * @throws {ProxyControlError} what was attempted and what the server said; the reason of `signal` when that was aborted
 */
export async function proxyFetch<Answer>(
  url: string,
  init: RequestInit,
  { signal, deadlineMs }: Limits,
  take: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  const attempted = `${init.method ?? 'GET'} ${url}`;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    const limits = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
    const response = await fetch(url, { ...init, signal: limits });
    if (response.ok) return await take(response);
    const { status } = response;
    const said = errorText(await response.text());
    throw new ProxyControlError(`${attempted}: ${status} ${said}`, { code: 'proxy-refused', status });
  } catch (cause) {
    if (cause instanceof ProxyControlError) throw cause;
    signal?.throwIfAborted();
    if (deadline.signal.aborted) {
      const message = `${attempted}: no answer within ${deadlineMs} ms; the proxy hangs or the host is stalled`;
      throw new ProxyControlError(message, { code: 'proxy-deadline', cause });
    }
    const message = `${attempted}: no connection; is the proxy running there?`;
    throw new ProxyControlError(message, { code: 'proxy-unreachable', cause });
  } finally {
    clearTimeout(timer);
  }
}

interface Answered {
  readonly data: unknown;
}

/** The HTTP client of `toxiproxy-node-client`, for one call. */
export class ProxyTransport {
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  async get(url: string): Promise<Answered> {
    return this.#json(url, { method: 'GET' });
  }

  async post(url: string, body?: unknown): Promise<Answered> {
    return this.#json(url, { method: 'POST', ...bodyOf(body) });
  }

  async delete(url: string): Promise<void> {
    await this.#text(url, { method: 'DELETE' });
  }

  async getText(url: string): Promise<string> {
    return this.#text(url, { method: 'GET' });
  }

  #text(url: string, init: RequestInit): Promise<string> {
    return proxyFetch(url, init, this.#limits, (response) => response.text());
  }

  async #json(url: string, init: RequestInit): Promise<Answered> {
    const text = await this.#text(url, init);
    if (text === '') return { data: undefined };
    try {
      return { data: JSON.parse(text) as unknown };
    } catch (cause) {
      const message = `${init.method} ${url}: the answer is not JSON: ${text.slice(0, 100)}`;
      throw new ProxyControlError(message, { code: 'proxy-malformed', cause });
    }
  }
}

function bodyOf(body: unknown): RequestInit {
  return body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}
