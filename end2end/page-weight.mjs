// What a visit of `/` loads by itself, in bytes after brotli, against the limit; and, apart, the parts of
// the program that it loads when they are first needed.
//
// A real browser visits the page of the release binary, as somebody new, and is left alone until it asks
// for nothing more. All that it asked for counts, and what the HTML names that this browser did not want,
// such as an icon. Each is then fetched once more and counted as the server sends it: a script, a style
// or a module that it does not send as brotli is an error. The HTML is made per request and counted after
// brotli, quality 11.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { chromium } from '@playwright/test';

/** What a visit may weigh, in bytes. */
const LIMIT = 180_000;
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const binary = process.env.SLUICE_BIN ?? path.join(root, 'target/release/sluice');

/** Starts the program in an empty directory; resolves with its address. */
function start(directory) {
  const server = spawn(binary, ['serve', '--addr', '127.0.0.1:0', '--data', path.join(directory, 'data')], { cwd: directory });
  const address = new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  return { server, address };
}

/** The body as it stands on the wire. */
function get(url) {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'br', accept: '*/*' };
    http
      .get(url, { headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status, headers } = response;
          resolve({ status, headers, wire: Buffer.concat(chunks) });
        });
      })
      .on('error', reject);
  });
}

function decoded({ headers, wire }) {
  return headers['content-encoding'] === 'br' ? zlib.brotliDecompressSync(wire) : wire;
}

function brotli(bytes) {
  return zlib.brotliCompressSync(bytes, {
    params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

/** What the page's HTML names for the browser to load. */
function namedByHtml(html) {
  const attributes = html.matchAll(/<(?:link|script|img)\b[^>]*?\b(?:href|src)="?([^"\s>]+)/g);
  return [...attributes].map(([, url]) => url.replaceAll('&amp;', '&'));
}

/** What the browser asks for until it is live and at rest. */
async function asked(address) {
  const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
  const browser = await chromium.launch({
    ...(existsSync(executablePath) ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    const urls = [];
    page.on('request', (request) => urls.push(request.url()));
    await page.goto(address);
    await page.waitForSelector('html[data-hydrated]');
    // Half a second without any request: what follows by itself has followed.
    await page.waitForLoadState('networkidle');
    return urls;
  } finally {
    await browser.close();
  }
}

async function visit(address) {
  const html = decoded(await get(address)).toString();
  const urls = [...(await asked(address)), ...namedByHtml(html)].map((named) => new URL(named, address));
  // One file under two queries is loaded twice: only the fragment does not count.
  for (const url of urls) url.hash = '';
  const own = urls.filter((url) => url.origin === address);
  const rows = [];
  for (const href of new Set(own.map((url) => url.href))) rows.push(await weighed(new URL(href)));
  return rows;
}

async function weighed(url) {
  const response = await get(url);
  const name = url.pathname + url.search;
  if (response.status !== 200) throw new Error(`${name} is ${response.status}`);
  const type = (response.headers['content-type'] ?? '').split(';')[0];
  const body = decoded(response);
  const ready = response.headers['content-encoding'] === 'br';
  if (/javascript|css|wasm/.test(type) && !ready) throw new Error(`${name} is not sent as brotli`);
  const wire = type === 'text/html' && !ready ? brotli(body).length : response.wire.length;
  return { name, type, raw: body.length, wire };
}

/**
 * The parts, from the list that the build wrote: the names of each one's files. They are found as their
 * loader finds them, beside the scripts, and as loads of their own.
 */
async function parts(address, rows) {
  const script = rows.find(({ type }) => type.includes('javascript'));
  const folder = new URL('.', new URL(script.name, address));
  const list = await get(new URL('/pkg/__wasm_split_manifest.json', address));
  if (list.status !== 200) throw new Error('the build has no parts: it needs `--split`');
  const files = async (names) => Promise.all(names.map((name) => part(new URL(`${name}.wasm`, folder))));
  return Promise.all(
    Object.entries(JSON.parse(decoded(list))).map(async ([name, names]) => {
      const loaded = await files(names);
      // What it shares with other parts may have come with one of them.
      const there = loaded.some((file) => file.name.endsWith(`split_${name}.wasm`) && rows.some((row) => row.name === file.name));
      return { name: there ? `${name} (came by itself)` : name, raw: sum(loaded, 'raw'), wire: sum(loaded, 'wire') };
    }),
  );
}

/** What comes from npm packages, bundled in public/parts. */
async function bundles(address) {
  return Promise.all(['code', 'colours', 'diagram'].map((name) => part(new URL(`/parts/${name}.js`, address))));
}

async function part(url) {
  const response = await get(url);
  if (response.status !== 200) throw new Error(`${url.pathname} is ${response.status}`);
  if (response.headers['content-encoding'] !== 'br') throw new Error(`${url.pathname} is not sent as brotli`);
  return { name: url.pathname, raw: decoded(response).length, wire: response.wire.length };
}

function sum(rows, column) {
  return rows.reduce((total, row) => total + row[column], 0);
}

function print(rows, parts) {
  const line = (name, raw, wire) => console.log(`${name.padEnd(60)}${`${raw}`.padStart(10)}${`${wire}`.padStart(10)}`);
  line('when first needed', 'bytes', 'on wire');
  for (const { name, raw, wire } of parts) line(name, raw, wire);
  line('a visit', 'bytes', 'on wire');
  for (const { name, raw, wire } of rows) line(name, raw, wire);
  const total = sum(rows, 'wire');
  console.log(`total ${total} bytes after brotli for a visit, of ${LIMIT} at most`);
  return total;
}

const directory = mkdtempSync(path.join(tmpdir(), 'sluice-weight-'));
const { server, address } = start(directory);
try {
  const rows = await visit(await address);
  for (const kind of ['text/html', 'text/css', 'javascript', 'wasm']) {
    if (!rows.some(({ type }) => type.includes(kind))) throw new Error(`a visit has no ${kind}`);
  }
  process.exitCode = print(rows, [...(await parts(await address, rows)), ...(await bundles(await address))]) > LIMIT ? 1 : 0;
  if (process.exitCode) console.error(`sluice: the page is heavier than ${LIMIT} bytes.`);
} catch (error) {
  console.error(`sluice: ${error.message}`);
  process.exitCode = 1;
} finally {
  server.kill();
  rmSync(directory, { recursive: true });
}
