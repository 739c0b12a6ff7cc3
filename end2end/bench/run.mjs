// Streams the same Markdown into ours and into its peers, and says what that cost:
//
//   node run.mjs [--reps 5] [--only burst,sluice] [--quick] [--json FILE] [--with FILE] [--trace FOLDER] [--list]
//
// `--only` names scenarios and renderers, or what their names begin with. `--with` adds the runs of an earlier
// `--json` to the report, so that a long measurement can be made in pieces. Repetitions are interleaved, so
// that what else the machine does meets everybody alike.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measure } from './browser.mjs';
import { medians, table, targets } from './report.mjs';
import { quick, scenarios, shapes } from './scenarios.mjs';
import { serve } from './server.mjs';

const { values: options } = parseArgs({
  options: {
    reps: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    with: { type: 'string' },
    trace: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const RENDERERS = ['sluice', 'streaming-markdown', 'marked', 'streamdown', 'nothing'];
const reps = Number(options.reps ?? (options.quick ? 1 : 5));
const wanted = options.only.flatMap((names) => names.split(','));

/** The names that were asked for; all of them if none was. */
function chosen(names, byDefault = names) {
  const found = names.filter((name) => wanted.some((want) => name.startsWith(want)));
  return found.length > 0 ? found : byDefault;
}

/** What is to be run, in the order in which it is reported. */
function plan() {
  const all = [...scenarios, ...shapes];
  const names = chosen(all.map(({ name }) => name), scenarios.map(({ name }) => name));
  const who = chosen(RENDERERS, []);
  return all
    .filter(({ name }) => names.includes(name))
    .map((scenario) => (options.quick ? quick(scenario) : scenario))
    .map((scenario) => ({ ...scenario, renderers: who.length > 0 ? who : scenario.renderers }));
}

const log = (line) => process.stderr.write(`${line}\n`);

async function main() {
  const planned = plan();
  if (options.list) {
    for (const { name, about, renderers } of planned) console.log(`${name}: ${about} (${renderers.join(', ')})`);
    return;
  }
  if (options.trace) mkdirSync(options.trace, { recursive: true });
  const { url, close } = await serve();
  const earlier = options.with ? JSON.parse(readFileSync(options.with, 'utf8')).runs : {};
  const runs = new Map(planned.map(({ name }) => [name, new Map(Object.entries(earlier[name] ?? {}))]));
  // Ctrl-C ends it after the run that is being measured, with a report of all before.
  let goesOn = true;
  process.once('SIGINT', () => (goesOn = false));
  for (let rep = 0; rep < reps; rep += 1) {
    for (const scenario of planned) if (goesOn) await round(url, scenario, rep, runs.get(scenario.name), () => goesOn);
  }
  close();
  report(planned, runs);
}

/** Each renderer once, every time in another order. */
async function round(url, { name, spec, renderers }, rep, runs, isWanted) {
  const turn = rep % renderers.length;
  for (const renderer of [...renderers.slice(turn), ...renderers.slice(0, turn)]) {
    if (!isWanted()) return;
    const trace = options.trace && path.join(options.trace, `${name}-${renderer}-${rep}.json`);
    try {
      const run = await measure(url, { ...spec, renderer }, { trace });
      runs.set(renderer, [...(runs.get(renderer) ?? []), run]);
      log(`${name} ${renderer} ${rep + 1}/${reps}: ${run.all.toFixed(0)} ms of work in ${(run.took / 1000).toFixed(1)} s`);
    } catch (error) {
      log(`${name} ${renderer} ${rep + 1}/${reps} failed: ${error.message}`);
      process.exitCode = 1;
    }
  }
}

function report(planned, runs) {
  const all = new Map();
  for (const scenario of planned) {
    const measured = new Map();
    for (const renderer of scenario.renderers) {
      const done = runs.get(scenario.name).get(renderer);
      if (done) measured.set(renderer, medians(done));
    }
    all.set(scenario.name, measured);
    console.log(table(scenario, measured));
  }
  console.log(targets(all));
  if (options.json) {
    const plain = Object.fromEntries([...all].map(([name, measured]) => [name, Object.fromEntries(measured)]));
    const single = Object.fromEntries([...runs].map(([name, byRenderer]) => [name, Object.fromEntries(byRenderer)]));
    writeFileSync(options.json, JSON.stringify({ reps, medians: plain, runs: single }, null, 2));
  }
}

await main();
