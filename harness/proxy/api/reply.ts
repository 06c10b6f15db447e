/**
 * What the API answers, as data: status, body, type. And the errors that clients know by their text.
 */

export interface Reply {
  readonly status: number;
  readonly type?: string;
  /** Sent as it is; absent: no body. */
  readonly body?: string;
}

const JSON_TYPE = 'application/json';

export const json = (status: number, value: unknown): Reply => ({
  status,
  type: JSON_TYPE,
  body: JSON.stringify(value),
});

export const noContent: Reply = { status: 204 };

/** A request that was understood and refused. The texts of `REFUSALS` are Toxiproxy's. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export const refusals = {
  badBody: (why: string) => new Refusal(400, `bad request body: ${why}`),
  missingField: (field: string) => new Refusal(400, `missing required field: ${field}`),
  badStream: () => new Refusal(400, 'stream was invalid, can be either upstream or downstream'),
  badToxicType: () => new Refusal(400, 'invalid toxic type'),
  proxyNotFound: () => new Refusal(404, 'proxy not found'),
  toxicNotFound: () => new Refusal(404, 'toxic not found'),
  proxyExists: () => new Refusal(409, 'proxy already exists'),
  toxicExists: () => new Refusal(409, 'toxic already exists'),
} as const;

/** The status and the text for anything that a handler threw. */
export const replyTo = (error: unknown): { readonly status: number; readonly message: string } => ({
  status: error instanceof Refusal ? error.status : 500,
  message: error instanceof Error ? error.message : String(error),
});

/** The body of every error. */
export const errorReply = (status: number, message: string): Reply => ({
  status,
  type: JSON_TYPE,
  body: `${JSON.stringify({ error: message, status })}\n`,
});
