/**
 * The flags of the program as data, Toxiproxy's and ours: what they take, what they do, and the page of help made of them.
 */

export interface Flag {
  readonly name: string;
  /** What its value is, in capitals; a flag without is a switch. */
  readonly value?: string;
  readonly text: string;
  /** The value it has when it is not given. */
  readonly fallback?: string;
}

export const FLAGS: readonly Flag[] = [
  { name: 'host', value: 'ADDRESS', text: 'Where the interface listens.', fallback: 'localhost' },
  { name: 'port', value: 'N', text: 'Its port; 0 is any free one, printed.', fallback: '8474' },
  { name: 'config', value: 'FILE', text: 'Proxies to begin with, as JSON.' },
  { name: 'seed', value: 'TEXT', text: 'Seeds toxicity and jitter.', fallback: 'the time' },
  {
    name: 'refused',
    value: 'HOW',
    text: 'What a client gets whose upstream refused: reset, or end, as Toxiproxy does.',
    fallback: 'reset',
  },
  {
    name: 'dial-timeout-ms',
    value: 'N',
    text: 'How long an upstream may take to answer, in ms; 0 is as long as the kernel tries.',
    fallback: '10000',
  },
  { name: 'proxy-metrics', text: 'Counts bytes and connections at /metrics.' },
  { name: 'runtime-metrics', text: 'Adds memory and processor time there.' },
  { name: 'exit-with-stdin', text: 'Ends when standard input does.' },
  { name: 'version', text: 'Only says the version of Toxiproxy whose place it takes.' },
];

/** What `--help` says where the proxy is a program of its own. */
export const usage = (): string => {
  const lines = FLAGS.map(({ name, value, text, fallback }) => {
    const flag = `  --${name}${value === undefined ? '' : ` ${value}`}`;
    return `${flag.padEnd(24)}${text}${fallback === undefined ? '' : ` Default: ${fallback}.`}\n`;
  });
  return `The wire proxy of halfopen, in the place of toxiproxy-server. Flags take one dash or two:\n${lines.join('')}`;
};
