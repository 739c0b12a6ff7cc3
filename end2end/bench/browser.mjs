// One measurement in a browser of its own, and what Chromium says about it.
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

/** The flags of the browser tests, and what a measurement of memory needs. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-blink-features=ForceEagerMeasureMemory',
];

/** Nothing takes longer than this. */
const TIMEOUT_MS = 300_000;

/** Path of the browser. */
export function chromium() {
  const found = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => file && existsSync(file));
  if (!found) throw new Error('no Chromium: name one in CHROMIUM');
  return found;
}

/** A browser that nobody has used. */
export const launch = () =>
  puppeteer.launch({
    executablePath: chromium(),
    headless: true,
    handleSIGINT: false,
    args: FLAGS,
    defaultViewport: { width: 1280, height: 800 },
    protocolTimeout: TIMEOUT_MS,
  });

/**
 * What the main thread has done so far, in milliseconds of its processor time: other programs on the
 * machine then count for less than they would in time on the wall.
 */
export async function work(client) {
  const { metrics } = await client.send('Performance.getMetrics');
  const value = (name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return {
    script: value('ScriptDuration') * 1000,
    style: value('RecalcStyleDuration') * 1000,
    layout: value('LayoutDuration') * 1000,
    all: value('TaskDuration') * 1000,
  };
}

const difference = (after, before) => Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));

/** Runs one specification with one renderer; `trace` names a file for a trace of it. */
export async function measure(url, spec, { trace } = {}) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const failures = [];
    page.on('pageerror', (error) => failures.push(error));
    const client = await page.createCDPSession();
    await client.send('Performance.enable', { timeDomain: 'threadTicks' });
    const marks = [];
    await page.exposeFunction('mark', async () => void marks.push(await work(client)));
    await page.goto(url);
    await page.waitForFunction('window.bench');
    const empty = await page.evaluate(() => bench.memory());
    await page.evaluate((spec) => bench.prepare(spec), spec);
    await client.send('HeapProfiler.collectGarbage');
    if (trace) await page.tracing.start({ path: trace, categories: TRACED });
    const run = await page.evaluate(() => bench.run());
    if (trace) await page.tracing.stop();
    const full = await page.evaluate(() => bench.memory());
    if (failures.length > 0) throw failures[0];
    return result(run, marks, { empty, full });
  } finally {
    await browser.close();
  }
}

/** What a trace holds. */
export const TRACED = (process.env.TRACE_CATS ?? 'devtools.timeline,disabled-by-default-devtools.timeline,disabled-by-default-v8.cpu_profiler,v8,blink,cc').split(',');

function result(run, marks, { empty, full }) {
  const total = difference(marks.at(-1), marks[0]);
  const tenths = {};
  if (marks.length === 4) {
    const tokens = Math.floor(run.tokens / 10);
    tenths.first = (difference(marks[1], marks[0]).all * 1000) / tokens;
    tenths.last = (difference(marks[3], marks[2]).all * 1000) / tokens;
    tenths.growth = tenths.last / tenths.first;
  }
  const memory = { megabytes: (full.bytes - empty.bytes) / 1e6, wasmMegabytes: full.wasm / 1e6 };
  return { ...run, ...total, perToken: (total.all * 1000) / (run.tokens * run.share), ...tenths, ...memory };
}
