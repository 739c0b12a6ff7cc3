// Medians, as a table for people.
import { shapes } from './scenarios.mjs';

/** The median of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The medians of what runs of the same kind have in common. */
export function medians(runs) {
  const numeric = Object.keys(runs[0]).filter((key) => typeof runs[0][key] === 'number');
  const values = numeric.map((key) => [key, median(runs.map((run) => run[key]).filter((value) => value !== undefined))]);
  return { ...Object.fromEntries(values), finished: runs.every((run) => run.finished), runs: runs.length };
}

const fixed = (digits) => (value) => (value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits));

const COLUMNS = [
  ['script ms', 'script', fixed(0)],
  ['style ms', 'style', fixed(0)],
  ['layout ms', 'layout', fixed(0)],
  ['main thread ms', 'all', fixed(0)],
  ['µs/token', 'perToken', fixed(0)],
  ['first tenth', 'first', fixed(0)],
  ['last tenth', 'last', fixed(0)],
  ['growth', 'growth', fixed(2)],
  ['long tasks', 'longTasks', fixed(0)],
  ['longest ms', 'longestTask', fixed(0)],
  ['dropped %', 'dropped', (value) => (value * 100).toFixed(1)],
  ['slowest frame ms', 'slowestFrame', fixed(0)],
  ['took s', 'took', (value) => (value / 1000).toFixed(1)],
  ['memory MB', 'megabytes', fixed(1)],
];

/** One scenario: `measured` has the medians by renderer. */
export function table({ name, about }, measured) {
  const rows = [...measured].map(([renderer, values]) => {
    const cells = COLUMNS.map(([, key, show]) => show(values[key]));
    const stopped = values.finished ? '' : ` (stopped at ${(values.share * 100).toFixed(0)} %)`;
    return `| ${renderer}${stopped} | ${cells.join(' | ')} |`;
  });
  const head = ['renderer', ...COLUMNS.map(([title]) => title)];
  const rule = ['---', ...COLUMNS.map(() => '---:')];
  return [`### ${name}: ${about}`, '', `| ${head.join(' | ')} |`, `| ${rule.join(' | ')} |`, ...rows, ''].join('\n');
}

/** What ours is held against: sentence, scenario, the figure, and its limit. */
const TARGETS = [
  ['total beside streaming-markdown, 100 KB at once', 'burst-100k', (ours, peers) => ours.all / peers?.all, 1.5],
  ['growth from 1 KB to 100 KB', 'growth-100k', (ours) => ours.growth, 1.3],
  ['growth from 1 KB to 1 MB', 'growth-1m', (ours) => ours.growth, 1.5],
  ...shapes.map(({ name }) => [`growth from 1 KB to 1 MB, ${name}`, name, (ours) => ours.growth, 1.5]),
  ...['burst-100k', 'burst-1m', 'burst-coloured', 'growth-100k', 'growth-1m', 'paced-on-1m', ...shapes.map(({ name }) => name)].map((name) => [
    `longest task in ms, ${name}`,
    name,
    (ours) => ours.longestTask,
    50,
  ]),
  ...['paced-20k', 'paced-on-10k', 'paced-on-100k', 'paced-on-1m', 'paced-coloured'].map((name) => [
    `dropped frames in %, ${name}`,
    name,
    (ours) => ours.dropped * 100,
    1,
  ]),
];

/** The targets that what was measured says something about. */
export function targets(all) {
  const rows = TARGETS.flatMap(([about, name, figure, limit]) => {
    const measured = all.get(name);
    const value = measured?.has('sluice') ? figure(measured.get('sluice'), measured.get('streaming-markdown')) : NaN;
    if (!Number.isFinite(value)) return [];
    return [`| ${about} | ${value.toFixed(2)} | ${limit} | ${value <= limit ? 'yes' : '**no**'} |`];
  });
  if (rows.length === 0) return '';
  return ['### Targets', '', '| what | measured | at most | met |', '|---|---:|---:|---|', ...rows, ''].join('\n');
}
