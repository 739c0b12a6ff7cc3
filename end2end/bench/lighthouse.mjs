// Lighthouse's scores for the empty page of the release build, as a phone would have it: the median of
// five. Exits with 1 if one is below 95.
//
//   node lighthouse.mjs [runs]        SLUICE_BIN names the program
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { chromium } from './browser.mjs';
import { start } from './program.mjs';
import { median } from './report.mjs';

const runs = Number(process.argv[2] ?? 5);
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const LEAST = 95;

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

const { url, stop } = await start();
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
  await stop();
}
