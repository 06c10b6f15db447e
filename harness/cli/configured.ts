/**
 * What `halfopen.config.ts` says where the command line of `halfopen run` does not.
 *
 * Owns which key speaks for which flag, so that a value that will not do is told where it stands.
 */
import { configPath } from '../suite/config.ts';
import type { Config } from '../suite/config.ts';
import { FlagError, UsageError } from '../suite/usage-error.ts';

/** The word by which a `FlagError` names what is no flag: the parts of ids that choose scenarios. */
const FILTER = 'FILTER';

/** Flags, and `FILTER`, by the key that speaks for them. */
const KEYS = {
  server: 'matrix.server',
  client: 'matrix.client',
  proxy: 'matrix.proxy',
  [FILTER]: 'matrix.scenarios',
  cell: 'defaults.cell',
  kernel: 'defaults.kernel',
  cells: 'defaults.cells',
  repeat: 'defaults.repeat',
  seed: 'defaults.seed',
  report: 'defaults.report',
} as const;

/** The values of flags as the configuration has them; of plain subjects given as commands its matrix says nothing. */
export function configuredFlags({ matrix, defaults }: Config, isPlainGiven: boolean) {
  return {
    ...(!isPlainGiven && matrixFlags(matrix)),
    ...(defaults.cell !== undefined && { cell: defaults.cell }),
    ...(defaults.kernel !== undefined && { kernel: defaults.kernel }),
    ...(defaults.cells !== undefined && { cells: String(defaults.cells) }),
    ...(defaults.repeat !== undefined && { repeat: String(defaults.repeat) }),
    ...(defaults.seed !== undefined && { seed: defaults.seed }),
    ...(defaults.report !== undefined && { report: defaults.report }),
  };
}

function matrixFlags({ server, client, proxy }: Config['matrix']) {
  return {
    ...(server !== undefined && { server }),
    ...(client !== undefined && { client }),
    ...(proxy !== undefined && { proxy: proxy.join(',') }),
  };
}

/** The parts of ids where the command line has none. */
export function configuredFilters({ matrix }: Config, isPlainGiven: boolean): readonly string[] {
  return isPlainGiven ? [] : (matrix.scenarios ?? []);
}

/**
 * An error as it is to be told: what the command line does not say is wrong in the configuration.
 *
 * @param given what the command line says, by flag, and `FILTER`
 */
export function whereItStands(error: unknown, given: ReadonlySet<string>): unknown {
  if (!(error instanceof FlagError) || given.has(error.flag)) return error;
  const key = (KEYS as Readonly<Record<string, string>>)[error.flag];
  if (key === undefined) return error;
  return new UsageError(`${configPath(process.cwd())}: ${key}: ${error.problem}`, { cause: error });
}
