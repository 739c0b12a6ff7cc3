// The same growth in the whole page, from the network on: a model server that is ours streams Markdown
// through the program into its chat page.
//
//   node page.mjs [bytes] [tokens per frame] [trace file]        SLUICE_BIN names the program
import http from 'node:http';
import path from 'node:path';
import { launch, work, TRACED } from './browser.mjs';
import { start } from './program.mjs';
import { text, tokens } from './page/text.js';

const bytes = Number(process.argv[2] ?? 100_000);
const perFrame = Number(process.argv[3] ?? bytes / 4 / 1000);
const trace = process.argv[4] && path.resolve(process.argv[4]);
const FRAME_MS = 1000 / 60;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A model server with one answer, which is written by hand. */
async function provider() {
  let write;
  const asked = new Promise((resolve) => (write = resolve));
  const server = http.createServer((request, response) => {
    if (request.url.endsWith('/models')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model' }] }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    request.resume();
    write(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, asked, close: () => server.close() };
}

/** So many tokens a frame, by the clock. */
async function stream(response, all) {
  const began = performance.now();
  for (let next = 0; next < all.length; ) {
    const due = Math.min(all.length, Math.ceil(((performance.now() - began) / FRAME_MS) * perFrame));
    const events = all.slice(next, due).map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    response.write(events.join(''));
    next = due;
    await pause(4);
  }
  await pause(500);
}

async function measure(page, client, response) {
  const all = tokens(text(bytes));
  const begin = tokens(text(1000)).length;
  await stream(response, all.slice(0, begin));
  const rest = all.slice(begin);
  const tenth = Math.floor(rest.length / 10);
  const marks = [await work(client)];
  await page.evaluate(() => {
    window.times = [];
    const frame = (time) => window.times.push(time) && requestAnimationFrame(frame);
    requestAnimationFrame(frame);
  });
  for (const [from, to] of [[0, tenth], [tenth, rest.length - tenth], [rest.length - tenth, rest.length]]) {
    await stream(response, rest.slice(from, to));
    marks.push(await work(client));
  }
  const frames = await page.evaluate(() => window.times.map((time, index, all) => time - (all[index - 1] ?? time)));
  const slow = frames.filter((gap) => gap > 1.5 * FRAME_MS);
  const tenths = [marks[1], marks[3]].map((mark, index) => {
    const before = [marks[0], marks[2]][index];
    return Object.fromEntries(Object.keys(mark).map((key) => [key, ((mark[key] - before[key]) * 1000) / tenth]));
  });
  return { tenths, frames: frames.length, slow: slow.length, slowest: Math.max(...frames) };
}

const model = await provider();
const { url, stop } = await start(['--openai', model.url]);
const browser = await launch();
try {
  const page = await browser.newPage();
  const client = await page.createCDPSession();
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(url, { waitUntil: 'networkidle0' });
  await page.type('#message', 'write');
  await page.keyboard.press('Enter');
  const response = await model.asked;
  if (trace) await page.tracing.start({ path: trace, categories: TRACED });
  const { tenths, frames, slow, slowest } = await measure(page, client, response);
  if (trace) await page.tracing.stop();
  response.end('data: [DONE]\n\n');
  console.log(`| µs/token | script | style | layout | main thread |\n|---|---:|---:|---:|---:|`);
  for (const [name, values] of [['first tenth', tenths[0]], ['last tenth', tenths[1]]]) {
    console.log(`| ${name} | ${['script', 'style', 'layout', 'all'].map((key) => values[key].toFixed(0)).join(' | ')} |`);
  }
  console.log(`\ngrowth ${(tenths[1].all / tenths[0].all).toFixed(2)}, ${slow} of ${frames} frames late, the slowest after ${slowest.toFixed(0)} ms`);
} finally {
  await browser.close();
  model.close();
  await stop();
}
