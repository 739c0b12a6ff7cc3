/** What only a release build has. The server of every test runs in an empty directory. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../fixtures';

const SITE = path.resolve(import.meta.dirname, '../../target/site');

const STYLES = '/pkg/sluice.css';

test('the binary carries every file of the page', async ({ page, chat }) => {
  const failed: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
  });
  await chat.open();
  await chat.open('/lab');
  expect(failed).toEqual([]);
});

test('every file of the site folder is inside, as it is', async ({ server }) => {
  const files = readdirSync(SITE, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const full = path.join(file.parentPath, file.name);
    const url = `/${path.relative(SITE, full).split(path.sep).join('/')}`;
    if (/\.(br|gz)$/.test(url)) continue;
    const response = await fetch(server.url + url);
    expect(response.status, url).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(readFileSync(full)), url).toBe(true);
  }
});

test('styles are minified', async ({ server }) => {
  // An error in a style sheet is only logged by the build, which then ships it as it was written.
  const css = await (await fetch(server.url + STYLES)).text();
  expect(css.length).toBeGreaterThan(1_000);
  expect(css).not.toContain('@import');
  expect(css).not.toContain('/*');
  expect(css.split('\n').length).toBeLessThan(5);
  expect(css).not.toMatch(/[{;]\s\s/);
});

test('no script writes HTML from strings', async ({ server, page }) => {
  const scripts = new Set<string>();
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.add(response.url());
  });
  await page.goto(server.url);
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
  expect(scripts.size).toBeGreaterThan(0);
  for (const name of readdirSync(path.join(SITE, 'parts')).filter((name) => name.endsWith('.js'))) {
    // Mermaid sets HTML. It runs in a sandboxed frame alone, whose page has a policy of its own.
    if (name !== 'diagram.js') scripts.add(`${server.url}/parts/${name}`);
  }
  for (const url of scripts) {
    const script = await (await fetch(url)).text();
    for (const word of ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'new Function', 'eval(']) {
      expect(script.includes(word), `${word} in ${url}`).toBe(false);
    }
  }
});

test('files are sent compressed, and may be kept for good where their address names their content', async ({
  page,
  server,
}) => {
  const sent = new Map<string, Record<string, string>>();
  page.on('response', (response) => sent.set(response.url(), response.headers()));
  await page.goto(server.url);
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
  const versioned = [...sent].filter(([url]) => /\/pkg\/([^/?]+\?v=|[0-9a-f]{16}\/)/.test(url));
  expect(versioned.length).toBe([...sent.keys()].filter((url) => url.includes('/pkg/')).length);
  expect(versioned.length).toBeGreaterThanOrEqual(4);
  for (const [url, headers] of versioned) {
    expect(headers['content-encoding'], url).toMatch(/^(br|gzip)$/);
    expect(headers['cache-control'], url).toContain('immutable');
  }
});

test('a script of another build is not found, rather than mixed with this one', async ({ page, server }) => {
  const names: string[] = [];
  page.on('response', (response) => names.push(new URL(response.url()).pathname));
  await page.goto(server.url);
  const script = names.find((name) => name.endsWith('/sluice.js')) ?? '';
  expect((await fetch(server.url + script)).status).toBe(200);
  for (const other of ['/pkg/0000000000000000/sluice.js', script.replace('/sluice.js', '0/sluice.js')])
    expect((await fetch(server.url + other)).status, other).toBe(404);
});

test('nothing is asked of a file twice', async ({ page, server }) => {
  const asked = new Map<string, number>();
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    asked.set(path, (asked.get(path) ?? 0) + 1);
  });
  await page.goto(server.url);
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
  expect(asked.size).toBeGreaterThanOrEqual(5);
  for (const [file, times] of asked) expect(times, file).toBe(1);
});
