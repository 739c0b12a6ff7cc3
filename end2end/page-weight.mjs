// What a browser loads before the page is live, in bytes after brotli, against the limit; and, apart,
// the parts of the program that it loads when they are first needed.
//
// Asks the release binary, as a browser would, for `/`, for everything that its HTML names and for
// what the scripts among that import statically. Counts what the server sends: a script, a style or
// a module that it does not send as brotli is an error. The HTML is made per request and counted
// after brotli, quality 11.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

/** What the first load may weigh, in bytes. */
const LIMIT = 180_000;
/** The parts that a chat page asks for by itself as soon as it is live. */
const FOLLOWING = ['list'];
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

/** What an HTML page makes the browser load: links, scripts, images, and imports of its own script. */
function namedByHtml(html) {
  const attributes = html.matchAll(/<(?:link|script|img)\b[^>]*?\b(?:href|src)="?([^"\s>]+)/g);
  const inline = html.matchAll(/["'`](\/[^"'`\s]+\.(?:js|wasm|css)(?:\?[^"'`\s]*)?)["'`]/g);
  return [...attributes, ...inline].map(([, url]) => url.replaceAll('&amp;', '&'));
}

/** Static imports of a script. */
function namedByScript(script) {
  return [...script.matchAll(/\b(?:from|import)\s*["'](\.{0,2}\/[^"']+)["']/g)].map(([, url]) => url);
}

async function firstLoad(address) {
  const rows = [];
  const seen = new Set();
  const queue = [new URL('/', address)];
  for (let url = queue.shift(); url; url = queue.shift()) {
    // One file under two queries is loaded twice: only the fragment does not count.
    url.hash = '';
    if (seen.has(url.href) || url.origin !== address) continue;
    seen.add(url.href);
    const response = await get(url);
    const name = url.pathname + url.search;
    if (response.status !== 200) throw new Error(`${name} is ${response.status}`);
    const type = (response.headers['content-type'] ?? '').split(';')[0];
    const body = decoded(response);
    const text = /html|javascript/.test(type) ? body.toString() : '';
    if (type === 'text/html') queue.push(...namedByHtml(text).map((named) => new URL(named, url)));
    if (/javascript/.test(type)) queue.push(...namedByScript(text).map((named) => new URL(named, url)));
    const ready = response.headers['content-encoding'] === 'br';
    if (/javascript|css|wasm/.test(type) && !ready) throw new Error(`${name} is not sent as brotli`);
    const wire = type === 'text/html' && !ready ? brotli(body).length : response.wire.length;
    rows.push({ name, type, raw: body.length, wire });
  }
  return rows;
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
      if (rows.some((row) => loaded.some((file) => file.name === row.name))) throw new Error(`${name} is loaded at once`);
      return { name, raw: sum(loaded, 'raw'), wire: sum(loaded, 'wire') };
    }),
  );
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
  line('first load', 'bytes', 'on wire');
  for (const { name, raw, wire } of rows) line(name, raw, wire);
  const total = sum(rows, 'wire');
  const following = sum(parts.filter(({ name }) => FOLLOWING.includes(name)), 'wire');
  line(`with what follows by itself: ${FOLLOWING.join(', ')}`, '', total + following);
  console.log(`total ${total} bytes after brotli at first, of ${LIMIT} at most`);
  return total;
}

const directory = mkdtempSync(path.join(tmpdir(), 'sluice-weight-'));
const { server, address } = start(directory);
try {
  const rows = await firstLoad(await address);
  for (const kind of ['text/html', 'text/css', 'javascript', 'wasm']) {
    if (!rows.some(({ type }) => type.includes(kind))) throw new Error(`the first load has no ${kind}`);
  }
  process.exitCode = print(rows, await parts(await address, rows)) > LIMIT ? 1 : 0;
  if (process.exitCode) console.error(`sluice: the page is heavier than ${LIMIT} bytes.`);
} catch (error) {
  console.error(`sluice: ${error.message}`);
  process.exitCode = 1;
} finally {
  server.kill();
  rmSync(directory, { recursive: true });
}
