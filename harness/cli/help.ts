/**
 * The help texts, one for each verb.
 */

const EXIT = `Exit status: 0 all passed · 1 a fail · 2 wrong use · 3 the harness or its environment failed ·
4 nothing passed · 5 an unknown · 130, 143 interrupted`;

export const HELP: Readonly<Record<string, string>> = {
  run: `halfopen run [FILTER…]   run scenarios; FILTER is any part of a scenario's id

  --server NAME…  subjects in the server role, with commas between them
  --client NAME…  subjects in the client role
                  (default: every pair of reference subjects for the basic scenarios, node with node for the others)
  --cell KIND     local or docker                                  (default: local)
  --proxy KIND    auto, wire or toxiproxy                          (default: auto)
  --seed S        draws every offset and payload                   (default: a new one, printed)
  --repeat N      run each that often
  --cells N       how many run at a time
  --basic         only the basic scenarios, the first things to ask of any program
  --shard I/N     only this machine's part of the jobs; "report merge" puts the parts together
  --last-failed   only what did not pass in the newest run
  --control       with every fault left out: all must be clean
  --until-fail    end at the first result that is not a pass
  --report DIR    where run folders are made                       (default: reports)
  --json          one JSON object a line on standard output

${EXIT}`,
  list: `halfopen list [FILTER…]   the scenarios with their claims

  --json          with everything a scenario says`,
  explain: `halfopen explain ID   the plan of one scenario; nothing is run

  --seed S        the seed to plan with      (default: 0)
  --json          the plan as plan.json has it`,
  check: `halfopen check CMD…   does this program keep the subject contract; clause by clause, without faults

  --role ROLE     server or client only      (default: both)
  --only ID       clauses whose id begins so, with all that the program prints; may be given again
  --json          one JSON object a line

Flags come before CMD: what follows it is its own.
Exit status: 0 all that is supported is kept · 1 a miss, or nothing is supported · 2 wrong use · 3 the harness failed

Example: halfopen check python3 my_subject.py`,
  proxy: `halfopen proxy   the wire proxy alone: Toxiproxy's interface, TCP's truth

  --host ADDRESS  where the API listens      (default: localhost)
  --port N        its port                   (default: 8474)
  --seed N        seeds toxicity and jitter`,
  mutants: `halfopen mutants [FILTER…]   the kill matrix: seeded bugs against the scenarios that must catch them

  --bug NAME…       these bugs only; or a subject of halfopen.config.ts, which then meets every scenario
  --scenarios DIR   scenarios of your own, DIR/<behaviour>/<claim>.ts; one that lists no bug meets all of them
  --reference NAME  the correct subject that plays the other role    (default: node)
  --quick           leave a bug once a scenario of its class has killed it, and sweep 32 places only
  --every           every scenario with every bug, whatever the scenarios list
  --seed S          draws every offset and payload                   (default: 0)
  --cells N         how many trials at a time                        (default: 4)
  --report DIR      where the run folder, with mutants.json, is made (default: reports)
  --json            one JSON object a line

Exit status: 0 every bug was killed and named, every scenario killed one, no control killed any · 1 otherwise ·
2 wrong use · 3 the run could not be written · 130, 143 interrupted`,
  judge: `halfopen judge DIR   judge a stored run, or one attempt of it, again

  --json          one JSON object a line`,
  report: `halfopen report DIR             render the report of a stored run again
halfopen report open [DIR]      open it in the browser                  (default: reports/latest)
halfopen report diff OLD NEW    what changed between two runs; exit status 1 where something regressed
halfopen report merge DIR…      the shards of one run as one; exit status is that of the whole

  --into DIR      where merge writes         (default: reports/merged)
  --json          diff as one JSON object`,
  doctor: `halfopen doctor   what this machine can run, and what is missing for the rest

  --json          one JSON object a line`,
  clean: `halfopen clean   remove what a killed run left behind`,
};

export const OVERVIEW = `halfopen: find out what your socket code does when the network stops being kind

  halfopen run [FILTER…]   run scenarios and write a report
  halfopen list            the scenarios with their claims
  halfopen explain ID      the plan of one scenario, nothing run
  halfopen check CMD…      does this program keep the subject contract
  halfopen proxy           the fault proxy alone
  halfopen mutants         does each scenario catch the bugs it says it does
  halfopen judge DIR       judge a stored run again
  halfopen report DIR      render its report again
  halfopen doctor          what this machine can run
  halfopen clean           remove what a killed run left

"halfopen VERB --help" says more.`;
