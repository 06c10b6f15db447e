/**
 * Whom a container of somebody's image runs as: never as root, which is what an image that says nothing would.
 */

/** Nobody: who has no rights, and owns nothing. */
const NOBODY = '65534:65534';

/**
 * Root by its name, by its number, or by saying nothing. The engine reads a number as Go's `strconv.Atoi` does, so that
 * `00` and `+0` are root too. Which other names are an image's own names for it, the image tells (`image-user.ts`).
 */
const ROOT = /^(|[+-]?0+|root)(:|$)/;

/** @param user as the image says it; empty: it does not */
export function userFor(user: string): string {
  return ROOT.test(user) ? NOBODY : user;
}
