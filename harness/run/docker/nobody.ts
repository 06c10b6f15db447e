/**
 * Whom a container of somebody's image runs as: never as root, which is what an image that says nothing would.
 */

/** Nobody: who has no rights, and owns nothing. */
const NOBODY = '65534:65534';

/** @param user as the image says it; empty: it does not */
export function userFor(user: string): string {
  return /^(|0|root)(:|$)/.test(user) ? NOBODY : user;
}
