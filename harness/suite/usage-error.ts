/**
 * Wrong use or configuration: one clear line and exit status 2, before anything has run.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
