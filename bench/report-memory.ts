/**
 * Renders a run folder and prints the most memory, in MiB, that this process had: `node bench/report-memory.ts <run folder>`.
 */
import { writeReport } from '../harness/report/write-report.ts';

await writeReport(process.argv[2] ?? '');
console.log(process.resourceUsage().maxRSS / 1024);
