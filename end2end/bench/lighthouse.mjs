// Lighthouse's scores for the empty page of the release build, as a phone would have it: the median of
// five. Exits with 1 if one is below 95.
//
//   node lighthouse.mjs [runs]        SLUICE_BIN names the program
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { chromium } from './browser.mjs';
import { median } from './report.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const program = process.env.SLUICE_BIN ? path.resolve(process.env.SLUICE_BIN) : path.join(root, 'target/release/sluice');
const runs = Number(process.argv[2] ?? 5);
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const LEAST = 95;

/** Starts the program in an empty folder. */
async function start(folder) {
  const server = spawn(program, ['--addr', '127.0.0.1:0', '--data', path.join(folder, 'data')], { cwd: folder });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/127\.0\.0\.1:[1-9]\d*/);
      if (found) resolve(found[0]);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`the program ended with ${code}:\n${said}`)));
  });
  return { url, server };
}

/** One run in a browser that has never been there. */
async function audit(url) {
  const browser = await puppeteer.launch({ executablePath: chromium(), headless: true, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const port = Number(new URL(browser.wsEndpoint()).port);
    const { lhr } = await lighthouse(url, { port, onlyCategories: CATEGORIES, logLevel: 'error' });
    return lhr;
  } finally {
    await browser.close();
  }
}

/** What an audit that is not passed is called. */
function failed({ audits, categories }, name) {
  const refs = categories[name].auditRefs.filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 0.9);
  return refs.map(({ id }) => `${id} ${audits[id].displayValue ?? ''}`.trim());
}

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-lighthouse-'));
const { url, server } = await start(folder);
try {
  const all = [];
  for (let run = 0; run < runs; run += 1) all.push(await audit(url));
  console.log('| category | median | all | what is not passed |\n|---|---:|---|---|');
  for (const name of CATEGORIES) {
    const scores = all.map((lhr) => Math.round(lhr.categories[name].score * 100));
    if (!(median(scores) >= LEAST)) process.exitCode = 1;
    console.log(`| ${name} | ${median(scores)} | ${scores.join(', ')} | ${failed(all.at(-1), name).join('; ') || '–'} |`);
  }
} finally {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await gone;
  rmSync(folder, { recursive: true, force: true });
}
