/** Language, theme, size and width: at once, kept, known to the server, and without scripts. */
import { type Page } from '@playwright/test';
import { ChatPage } from '../chat';
import { FAKE, expect, gate, test } from '../fixtures';

const html = (page: Page) => page.locator('html');
const open = (page: Page) => page.locator('.bar-settings').click();
const choice = (page: Page, key: string, value: string) => page.locator(`#settings [name=${key}][value=${value}]`);
const background = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

const LIGHT = 'rgb(251, 252, 252)';
const DARK = 'rgb(14, 21, 22)';

test('a choice holds at once and from then on, without a request', async ({ page, chat, context, server }) => {
  await chat.open();
  expect(await background(page)).toBe(LIGHT);
  await open(page);
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await expect(dialog).toBeVisible();
  // The program is there: a choice needs no button.
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeHidden();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  for (const [key, value] of [['theme', 'dark'], ['size', 'large'], ['width', 'wide'], ['announce', 'sentences']] as const) {
    await choice(page, key, value).check();
    await expect(html(page)).toHaveAttribute(`data-${key}`, value);
  }
  expect(await background(page)).toBe(DARK);
  await expect(page.locator('meta[name=theme-color]').first()).toHaveAttribute('content', DARK);
  expect(requests).toEqual([]);
  const cookie = (await context.cookies()).find(({ name }) => name === 'settings');
  expect(cookie).toMatchObject({
    value: 'theme=dark&size=large&width=wide&announce=sentences',
    path: '/',
    sameSite: 'Lax',
    secure: false,
  });
  expect((cookie?.expires ?? 0) - Date.now() / 1000).toBeGreaterThan(360 * 24 * 3600);

  // The server knows: nothing flashes, for it stands in the document before any script has run.
  const next = await (await context.request.get(server.url)).text();
  expect(next).toMatch(/<html [^>]*data-theme="dark"[^>]*data-size="large"[^>]*data-width="wide"/);
  expect(next).toContain('name="color-scheme" content="dark"');
  await page.reload();
  await chat.isLive();
  expect(await background(page)).toBe(DARK);
  expect(await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize))).toBe(18);

  await open(page);
  await expect(choice(page, 'theme', 'dark')).toBeChecked();
  await choice(page, 'theme', 'system').check();
  await expect(html(page)).not.toHaveAttribute('data-theme');
  expect(await background(page)).toBe(LIGHT);
  // Esc closes what the browser opened, and the focus goes back.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.locator('.bar-settings')).toBeFocused();
});

test.describe('where the system is dark', () => {
  test.use({ colorScheme: 'dark' });

  test('the page is too, unless light was chosen', async ({ page, chat }) => {
    await chat.open();
    expect(await background(page)).toBe(DARK);
    await open(page);
    await choice(page, 'theme', 'light').check();
    await expect(html(page)).toHaveAttribute('data-theme', 'light');
    expect(await background(page)).toBe(LIGHT);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toContain('light');
    await page.reload();
    expect(await background(page)).toBe(LIGHT);
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the form does the same', async ({ page, server }) => {
    await page.goto(`${server.url}/lab`);
    await open(page);
    await choice(page, 'theme', 'dark').check({ force: true });
    await choice(page, 'language', 'zh-CN').check({ force: true });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page).toHaveURL(`${server.url}/lab`);
    await expect(html(page)).toHaveAttribute('data-theme', 'dark');
    await expect(html(page)).toHaveAttribute('lang', 'zh-CN');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('流式实验室');
  });
});

test('the dialog is reached, used and left with the keyboard alone', async ({ page, chat, context }) => {
  await chat.open();
  const focused = (selector: string) => page.evaluate((selector) => !!document.activeElement?.matches(selector), selector);
  const tabTo = async (selector: string) => {
    for (let stops = 0; stops < 40; stops++) {
      if (await focused(selector)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${selector} is not reached`);
  };
  await page.locator('.skip').focus();
  await tabTo('.bar-settings');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  // From then on a choice holds at once.
  await expect(page.locator('#settings-save')).toBeHidden();
  await tabTo('#settings [name=width]');
  await expect(choice(page, 'width', 'normal')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(choice(page, 'width', 'wide')).toBeChecked();
  await expect(html(page)).toHaveAttribute('data-width', 'wide');
  const cookie = (await context.cookies()).find(({ name }) => name === 'settings');
  expect(cookie?.value).toContain('width=wide');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeHidden();
  await expect(page.locator('.bar-settings')).toBeFocused();
});

test('with the keyboard a language is chosen when the dialog is closed, not while one goes through them', async ({ page, chat }) => {
  await chat.open();
  await page.locator('.bar-settings').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#settings-save')).toBeHidden();
  await choice(page, 'language', 'auto').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(choice(page, 'language', 'zh-CN')).toBeFocused();
  await expect(html(page)).toHaveAttribute('lang', 'en');
  await page.keyboard.press('Escape');
  await expect(html(page)).toHaveAttribute('lang', 'zh-CN');
});

test('a choice made before the program of the settings is there takes effect with it', async ({ page, chat }) => {
  const held = gate();
  await chat.open();
  await page.route(/\/pkg\/.*\.wasm/, async (route) => {
    await held.opened;
    await route.continue();
  });
  await open(page);
  await choice(page, 'width', 'wide').check();
  await expect(page.locator('#settings-save')).toBeVisible();
  held.open();
  await expect(html(page)).toHaveAttribute('data-width', 'wide');
});

test('the page can be installed as far as a page without a service worker can', async ({ page, chat, context, server }) => {
  await chat.open();
  const devtools = await context.newCDPSession(page);
  const manifest = await devtools.send('Page.getAppManifest');
  expect(manifest.url).toBe(`${server.url}/manifest.webmanifest`);
  expect(manifest.errors).toEqual([]);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  const { icons } = JSON.parse(manifest.data ?? '{}') as { icons: { src: string; sizes: string; type: string }[] };
  expect(icons.length).toBeGreaterThan(3);
  for (const { src, sizes, type } of icons) {
    const response = await context.request.get(server.url + src);
    expect(response.headers()['content-type']).toContain(type);
    if (type !== 'image/png') continue;
    const bytes = await response.body();
    // A PNG says its size in its first chunk.
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
  }
});

/** Lets a test say when the page is hidden, and counts notifications. */
async function prepare(page: Page, permission: string) {
  await page.addInitScript((permission) => {
    const state = { hidden: false, shown: [] as unknown[] };
    Object.assign(window, { __state: state });
    Object.defineProperty(Document.prototype, 'hidden', { get: () => state.hidden });
    Object.defineProperty(Document.prototype, 'visibilityState', { get: () => (state.hidden ? 'hidden' : 'visible') });
    class Notice {
      static permission = sessionStorage.getItem('permission') ?? 'default';
      static async requestPermission() {
        sessionStorage.setItem('permission', permission);
        return (Notice.permission = permission);
      }
      onclick?: () => void;
      constructor(title: string, options?: { body?: string; tag?: string }) {
        if (Notice.permission === 'granted') state.shown.push([title, options?.body]);
      }
      close() {}
    }
    Object.assign(window, { Notification: Notice });
  }, permission);
}

const hide = (page: Page, hidden: boolean) =>
  page.evaluate((hidden) => {
    (window as unknown as { __state: { hidden: boolean } }).__state.hidden = hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
const shown = (page: Page) => page.evaluate(() => (window as unknown as { __state: { shown: unknown[] } }).__state.shown);

test('an answer that ends in a hidden tab is notified once, to who wants it', async ({ page, chat, provider, prompt }) => {
  await prepare(page, 'granted');
  const [first, second] = [gate(), gate()];
  provider.on(prompt, async (reply) => (reply.say('one'), await first.opened, reply.finish()));
  provider.on(`${prompt} again`, async (reply) => (reply.say('two'), await second.opened, reply.finish()));
  await chat.open();
  await open(page);
  await choice(page, 'notify', 'on').check();
  await expect(html(page)).toHaveAttribute('data-notify', 'on');
  await page.keyboard.press('Escape');

  const answer = await chat.ask(prompt, FAKE);
  await expect(page).toHaveTitle(/^● /);
  await hide(page, true);
  first.open();
  await answer.isIn('end');
  await expect(page).toHaveTitle(/^✓ /);
  await expect.poll(() => shown(page)).toEqual([[expect.stringContaining('Sluice'), 'Answer finished']]);
  await hide(page, false);
  await expect(page).not.toHaveTitle(/✓/);

  // Who looks at it needs none.
  const next = await chat.ask(`${prompt} again`, FAKE);
  await expect(page).toHaveTitle(/^● /);
  second.open();
  await next.isIn('end');
  await expect(page).not.toHaveTitle(/●|✓/);
  expect(await shown(page)).toHaveLength(1);
});

test('an answer that has ended before the part came that notifies is notified', async ({ page, chat, provider, prompt }) => {
  await prepare(page, 'granted');
  provider.on(prompt, async (reply) => (reply.say('one'), reply.finish()));
  await chat.open();
  await open(page);
  await choice(page, 'notify', 'on').check();
  await page.keyboard.press('Escape');

  const came = gate();
  await page.route(/split_list/, async (route) => (await came.opened, route.continue()));
  await hide(page, true);
  await (await chat.ask(prompt, FAKE)).isIn('end');
  came.open();
  await expect(page).toHaveTitle(/^✓ /);
  await expect.poll(() => shown(page)).toEqual([[expect.stringContaining('Sluice'), 'Answer finished']]);
});

test('a failure in a hidden tab is in the title; without the choice nothing is notified', async ({ page, chat, provider, prompt }) => {
  await prepare(page, 'granted');
  const fails = gate();
  provider.on(prompt, async (reply) => (reply.say('one'), await fails.opened, reply.fail('broken')));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(page).toHaveTitle(/^● /);
  await hide(page, true);
  fails.open();
  await answer.isIn('error');
  await expect(page).toHaveTitle(/^! /);
  await hide(page, false);
  await expect(page).not.toHaveTitle(/^!/);
  expect(await shown(page)).toEqual([]);
});

test('on plain HTTP under another name they are not offered, with the reason', async ({ page, server, origins }) => {
  const url = server.url.replace('127.0.0.1', 'phone.test');
  origins.add(url);
  await new ChatPage(page, url).open();
  await open(page);
  await expect(page.locator('#notify-insecure')).toBeVisible();
  await expect(page.locator('#settings-notify')).toBeHidden();
});

test('who refuses the permission is told why there is no choice', async ({ page, chat }) => {
  await prepare(page, 'denied');
  await chat.open();
  await open(page);
  await choice(page, 'notify', 'on').click();
  await expect(page.locator('#notify-denied')).toBeVisible();
  await expect(choice(page, 'notify', 'on')).toBeHidden();
  await expect(html(page)).not.toHaveAttribute('data-notify');
});

test.describe('where the constructor throws', () => {
  test.use({ userAgent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36' });

  // The permission may have been given in the browser's own settings.
  for (const permission of ['default', 'granted'])
    test(`notifications are not offered, with the reason (${permission})`, async ({ page, chat }) => {
      await page.addInitScript((permission) => {
        class Throws {
          static permission = permission;
          constructor() {
            throw new TypeError('Illegal constructor');
          }
        }
        Object.assign(window, { Notification: Throws });
      }, permission);
      await chat.open();
      await open(page);
      await expect(page.locator('#notify-unknown')).toBeVisible();
      await expect(page.locator('#settings-notify')).toBeHidden();
    });
});
