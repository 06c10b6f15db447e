/**
 * For tests: what the environment may ask of a subject, and what the contract says to it.
 *
 * Owns the table. Each row changes the variables of an ordinary start. How a subject is started and read is the test's.
 */

/** What the contract decides: refused, serving, or the one failure that is told. */
type Answer =
  | 'unsupported'
  | 'listens'
  | 'failed listen unresolved'
  | 'failed listen other'
  | 'failed connect unresolved';

export interface Input {
  readonly what: string;
  readonly role: 'server' | 'client';
  readonly workload: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Decided extends Input {
  readonly answer: Answer;
}

type Change = Partial<Omit<Input, 'what'>>;

const input = (what: string, change: Change): Input => ({ what, role: 'server', workload: 'echo', env: {}, ...change });

const params = (source: string | undefined, change: Change = {}): Change => ({
  ...change,
  env: { HALFOPEN_PARAMS: source },
});

const each = (...sources: readonly string[]): Input[] => sources.map((source) => input(source, params(source)));

const BOTH = ['server', 'client'] as const;

/** "Another version than the subject knows is unsupported"; "unsupported version, role, workload, framing". */
const UNKNOWN_WORDS: readonly Input[] = [
  input('another contract version', { env: { HALFOPEN_CONTRACT: '2' } }),
  input('an unknown role', { env: { HALFOPEN_ROLE: 'onlooker' } }),
  input('an unknown workload', { workload: 'juggle' }),
  ...each('{"framing":"morse"}', '{"content":"poems"}'),
];

/** "A port that is none". */
const NO_PORTS: readonly Input[] = ['65536', '70000', '-1', 'http', '', '9'.repeat(5000)].flatMap((port) =>
  BOTH.map((role) => input(`${role}: the port "${port.slice(0, 10)}"`, { role, env: { HALFOPEN_PORT: port } })),
);

/** "Broken JSON too". */
const BROKEN_JSON: readonly Input[] = each(
  '{',
  '{}}',
  '{}]',
  '{} x',
  '{"messages":NaN}',
  '{"messages":01}',
  "{'messages':1}",
  '{"messages":1,}',
);

/** "A JSON object". */
const NO_OBJECTS: readonly Input[] = each('[]', 'null', '5', '"{}"', 'true');

/** "A wrong type". */
const WRONG_TYPES: readonly Input[] = each(
  '{"messages":"10"}',
  '{"messages":true}',
  '{"messages":null}',
  '{"messages":[1]}',
  '{"ioTimeoutMs":"1"}',
  '{"seed":7}',
  '{"seed":null}',
  '{"framing":5}',
  '{"framing":null}',
  '{"content":null}',
  '{"trace":1}',
  '{"trace":"true"}',
  '{"trace":null}',
  '{"keepAlive":true}',
  '{"keepAlive":5}',
);

/** What cannot be done as asked. */
const IMPOSSIBLE: readonly Input[] = [
  ...each('{"messageBytes":0}', '{"messages":-1}', '{"messages":1.5}', '{"paceMs":-1}'),
  // tcp(7): the option is an int.
  ...each('{"userTimeoutMs":2147483648}'),
  // "The hashed text being ASCII".
  ...each('{"seed":"é"}', String.raw`{"seed":"\ud800"}`),
  ...each('{"framing":"delimited"}', '{"framing":"ascii5","messageBytes":100000}', '{"messageBytes":4294967296}'),
  input('idle in fixed', params('{"framing":"fixed"}', { workload: 'idle' })),
];

const LISTENED_TO: readonly Input[] = [
  input('params left out', params(undefined)),
  input('params left empty', params('')),
  input('white space around the object', params(' \t\r\n{} \n')),
  // "An unknown key is ignored".
  ...each('{"colour":"blue"}', '{"Messages":"x"}', '{"__proto__":{"messages":"x"}}', '{"huge":1e999}'),
  input('an unknown key with 5000 digits', params(`{"digits":${'7'.repeat(5000)}}`)),
  // JSON has one kind of number.
  ...each('{"messages":1e1}', '{"messages":10.0}', '{"messages":0}', '{"keepAlive":null}', '{"seed":""}'),
  // "Whatever `framing` says".
  input('upload in delimited', params('{"framing":"delimited"}', { workload: 'upload' })),
  input('upload in ascii5', params('{"framing":"ascii5","messageBytes":100000}', { workload: 'upload' })),
  input('a name for the host', { env: { HALFOPEN_HOST: 'localhost' } }),
  ...each('{"ioTimeoutMs":1e10,"deadPeerMs":1e10,"connectTimeoutMs":1e10}'),
];

const NO_NAMES = { 'a label of 64 letters': 'x'.repeat(64), 'an empty label': 'a..b', '300 letters': 'x.'.repeat(150) };

/** Resolving takes what it takes. */
const UNBOUNDED = '{"connectTimeoutMs":0}';

const unresolved = (role: 'server' | 'client'): Input[] =>
  Object.entries(NO_NAMES).map(([what, host]) =>
    input(`${role}: a host with ${what}`, { role, env: { HALFOPEN_HOST: host, HALFOPEN_PARAMS: UNBOUNDED } }),
  );

const answered = (answer: Answer, inputs: readonly Input[]): Decided[] => inputs.map((one) => ({ ...one, answer }));

/** What the contract decides. */
export const DECIDED: readonly Decided[] = [
  ...answered('unsupported', [...UNKNOWN_WORDS, ...NO_PORTS, ...BROKEN_JSON, ...NO_OBJECTS]),
  ...answered('unsupported', [...WRONG_TYPES, ...IMPOSSIBLE]),
  ...answered('listens', LISTENED_TO),
  ...answered('failed listen unresolved', unresolved('server')),
  ...answered('failed connect unresolved', unresolved('client')),
  // RFC 5737: an address of no machine.
  ...answered('failed listen other', [input("another machine's address", { env: { HALFOPEN_HOST: '192.0.2.1' } })]),
];

/** What the contract leaves open: a subject may refuse it or play it. */
export const OPEN: readonly Input[] = [
  ...each('{"messages":9007199254740992}', '{"backlog":1099511627776}', '{"backlog":0}', '{"maxMessageBytes":0}'),
  ...each('{"paceMs":0.5}', '{"ioTimeoutMs":1.5}', '{"keepAlive":{"idleMs":0.5,"intervalMs":1,"count":1}}'),
  ...each('{"keepAlive":{}}', '{"keepAlive":{"idleMs":1e10,"intervalMs":1,"count":1}}', '{"userTimeoutMs":1000}'),
  ...each('{"messages":-1,"messages":1}', '\uFEFF{}', '{"framing":"typed","messageBytes":0}'),
  input('a nesting of 20,000 lists', params(`{"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)),
  // It sends no message, so nothing need fit.
  input('connect in delimited with bytes', params('{"framing":"delimited"}', { workload: 'connect' })),
  input('connect in ascii5 with 100000 bytes', {
    ...params('{"framing":"ascii5","messageBytes":100000}', { workload: 'connect' }),
  }),
  input('no connections', params('{"connections":0}', { role: 'client' })),
  input('no concurrency', params('{"concurrency":0}', { role: 'client' })),
  ...['0', '000001', '+1'].map((port) =>
    input(`the port ${port} to connect to`, { role: 'client', env: { HALFOPEN_PORT: port } }),
  ),
  input('no contract version', { env: { HALFOPEN_CONTRACT: undefined } }),
  input('an empty host', { env: { HALFOPEN_HOST: '' } }),
];
