/**
 * A value that would do for each key of a configuration, as it stands there.
 *
 * Owns the values; the words around them are `config-problem.ts`.
 */

/** What a subject may be at the least. */
const SUBJECT = "{ command: ['program', 'argument'] }";

/** By the key's own name: none has two meanings. `plain` is none of them, since its two words say what else a subject has. */
const EXAMPLES: Readonly<Record<string, string>> = {
  subjects: `{ mine: ${SUBJECT} }`,
  matrix: "{ server: ['mine'], client: ['node'] }",
  defaults: '{ cells: 2 }',
  command: "['program', 'argument']",
  image: "'name:tag'",
  build: "{ context: '.' }",
  context: "'.'",
  dockerfile: "'app/Dockerfile'",
  address: "'127.0.0.1:8080'",
  environment: "{ LANGUAGE: 'en' }",
  user: "'1000:1000'",
  resources: '{ memoryBytes: 134217728, cpus: 1 }',
  memoryBytes: '134217728',
  cpus: '0.5',
  fds: '64',
  writable: "['/data']",
  port: '8080',
  withinMs: '10000',
  startsWithinMs: '10000',
  releasesWithinMs: '5000',
  succeedsWith: '[0]',
  failsWith: '[1, 2]',
  output: "'same'",
  answer: "'whole'",
  server: "['mine', 'node']",
  client: "['mine', 'node']",
  proxy: "['wire']",
  scenarios: "['dead-peer']",
  cell: "'docker'",
  kernel: "'fast'",
  cells: '2',
  repeat: '3',
  seed: "'demo'",
  report: "'reports'",
};

/** Parts of a subject whose keys are known one by one. */
const PARTS: ReadonlySet<string> = new Set(['build', 'resources']);

/**
 * The key that a path leads to, or into, with a value that would do: `cells: 2`; empty where there is none to give.
 *
 * @param path keys and places in lists, from the top
 */
export function exampleAt(path: readonly string[]): string {
  const [top = '', name = '', key = '', inner] = path;
  if (path.length === 0) return `export default { subjects: ${EXAMPLES['subjects']} }`;
  if (top !== 'subjects') return given(path[1] ?? top);
  if (path.length === 1) return given(top);
  if (path.length === 2) return `${/^[a-z_]\w*$/.test(name) ? name : `'${name}'`}: ${SUBJECT}`;
  return given(PARTS.has(key) && inner !== undefined ? inner : key);
}

function given(key: string): string {
  return Object.hasOwn(EXAMPLES, key) ? `${key}: ${EXAMPLES[key]}` : '';
}
