import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { ChatPage } from '../chat';
import { ECHO, expect, test as base } from '../fixtures';
import { type Server, command, startServer } from '../server';

interface House {
  server: Server;
  /** The program's command line, with the same data. */
  sluice: (args: string[], input?: string) => string;
}

/** A server for each test, to which people come. */
const test = base.extend<{ house: House }>({
  house: async ({ origins }, use) => {
    const data = mkdtempSync(path.join(tmpdir(), 'sluice-data-'));
    const server = await startServer('', data);
    origins.add(server.url);
    await use({ server, sluice: (args, input) => command([...args, '--data', data], input) });
    expect(await server.stop()).toBe(0);
    rmSync(data, { recursive: true });
  },
});

// Chromium itself reports the form that is shown again.
test.use({ expectedErrors: /Failed to load resource: .* status of 401/ });

async function signIn(page: Page, password: string) {
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a person comes, is let in to what was asked here before, and leaves', async ({ house, page }) => {
  const { server, sluice } = house;
  const chat = new ChatPage(page, server.url);
  await chat.open();
  await (await chat.ask('before anybody was anybody', ECHO)).isIn('end');
  const asked = page.url();
  expect(sluice(['user', 'add', 'anna'], 'correct horse\n')).toContain('anna can sign in now');

  await page.reload();
  expect(new URL(page.url()).pathname).toBe('/login');
  await expect(page.getByLabel('Name')).toBeFocused();
  await signIn(page, 'incorrect horse');
  await expect(page.getByRole('alert')).toHaveText('The name or the password is wrong.');
  await expect(page.getByLabel('Name')).toHaveValue('anna');
  await expect(page.getByLabel('Password')).toBeFocused();
  await signIn(page, 'correct horse');
  await chat.isLive();
  expect(page.url()).toBe(asked);
  expect(await chat.answer().text()).toBe('before anybody was anybody');
  await (await chat.ask('and now by name', ECHO)).isIn('end');

  await page.getByText('anna', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL(`${server.url}/login`);
  await page.goto(asked);
  expect(new URL(page.url()).pathname, 'nobody is in any more').toBe('/login');
});

test('a page that stays open after signing out elsewhere says that nothing was sent', async ({ house, page, context }) => {
  const { server, sluice } = house;
  sluice(['user', 'add', 'anna'], 'correct horse\n');
  const chat = new ChatPage(page, server.url);
  await page.goto(server.url);
  await signIn(page, 'correct horse');
  await chat.isLive();
  const other = await context.newPage();
  await other.goto(server.url);
  await other.getByText('anna', { exact: true }).click();
  await other.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(other).toHaveURL(`${server.url}/login`);
  await (await chat.ask('to nobody', ECHO)).isIn('unsent');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('signing in and out are plain forms', async ({ house, page }) => {
    const { server, sluice } = house;
    sluice(['user', 'add', 'anna'], 'correct horse\n');
    await page.goto(`${server.url}/lab`);
    await signIn(page, 'incorrect horse');
    await expect(page.getByRole('alert')).toBeVisible();
    await signIn(page, 'correct horse');
    await expect(page).toHaveURL(`${server.url}/lab`);
    await page.getByText('anna', { exact: true }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page).toHaveURL(`${server.url}/login`);
  });
});

test('another page can neither sign in nor ask with the cookie of whoever looks at it', async ({ house, page }) => {
  const { server } = house;
  await page.goto(server.url);
  const cookie = (await page.context().cookies())[0];
  expect(cookie).toMatchObject({ name: 'sluice', httpOnly: true, sameSite: 'Lax', path: '/' });
  for (const site of ['cross-site', 'same-site', 'none']) {
    const response = await fetch(`${server.url}/api/chat`, {
      method: 'POST',
      headers: { cookie: `sluice=${cookie?.value}`, 'sec-fetch-site': site, 'content-type': 'application/json' },
      body: '{"message":{"parts":[{"t":"text","r":"hi"}]}}',
    });
    expect(response.status, site).toBe(403);
  }
});
