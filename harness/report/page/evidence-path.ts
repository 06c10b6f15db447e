/**
 * Where the page finds the files of an attempt: beside itself.
 */

/** @param folder relative to the run's, as `run.json` says */
export function evidencePath(folder: string, file: string): string {
  return [...folder.split('/'), file].map((name) => encodeURIComponent(name.toWellFormed())).join('/');
}
