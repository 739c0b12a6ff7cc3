// Bundles the page, as a production build of each renderer, and serves it. The two headers let the page
// measure its memory and have a clock of microseconds.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(path.dirname(here));
const dist = path.join(here, 'dist');

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

/** Our stylesheet, for everybody: what is measured is the renderers and not their styles. */
async function bundle() {
  const common = { bundle: true, minify: true, logLevel: 'warning', absWorkingDir: here };
  await build({
    ...common,
    entryPoints: ['page/page.js'],
    outdir: path.join(dist, 'page'),
    format: 'esm',
    splitting: true,
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  await build({ ...common, entryPoints: [path.join(root, 'style/main.css')], outfile: path.join(dist, 'page/style.css'), external: ['/fonts/*'] });
}

function file(address) {
  if (address === '/') return path.join(here, 'page/index.html');
  return path.join(dist, path.normalize(address));
}

/** Resolves with the address of the page, and what ends its server. */
export async function serve() {
  await bundle();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    try {
      const body = await readFile(file(pathname));
      response.setHeader('content-type', TYPES[path.extname(file(pathname))] ?? 'application/octet-stream');
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
