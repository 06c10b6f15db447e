/** The reference subject in TypeScript: plays `server` and `client` of the contract, correctly. */
import { runSubject } from './subject.ts';

await runSubject();
