/** Parts of the program that are loaded when they are first needed. */
import { type Page } from '@playwright/test';
import { ChatPage } from '../chat';
import { ECHO, FAKE, expect, gate, test } from '../fixtures';

const MARKDOWN = /\/split_markdown\.wasm$/;
const LIST = /\/split_list\.wasm$/;
const PART = /\/(split_|chunk_)\w+\.wasm$/;

/** The parts that the page asks for, from now on. */
function partsOf(page: Page): string[] {
  const parts: string[] = [];
  page.on('request', (request) => {
    const name = new URL(request.url()).pathname.split('/').at(-1) ?? '';
    if (PART.test(`/${name}`)) parts.push(name);
  });
  return parts;
}

test('an empty chat and an answer of the server need no part, and the lab needs its own', async ({
  page,
  chat,
  provider,
  prompt,
}) => {
  const parts = partsOf(page);
  // What parts share are chunks, and come with them.
  const own = () => parts.filter((name) => name.startsWith('split_'));
  await chat.open();
  await page.waitForLoadState('networkidle');
  expect(own()).toEqual([]);

  provider.on(prompt, async (reply) => (reply.say('some **bold** text'), reply.finish()));
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await expect(answer.texts.locator('strong')).toHaveText('bold');
  await chat.listIsLive();
  expect(own().sort()).toEqual(['split_list.wasm', 'split_markdown.wasm']);

  parts.length = 0;
  await page.reload();
  await chat.isLive();
  await page.waitForLoadState('networkidle');
  await expect(answer.texts.locator('strong')).toHaveText('bold');
  expect(own()).toEqual([]);

  parts.length = 0;
  await chat.open('/lab');
  expect(own()).toEqual(['split_lab.wasm']);
});

test.describe('the list', () => {
  /** Lets the list's part come when the gate is opened, and tells how often it was asked for. */
  async function held(page: Page) {
    const come = gate();
    const asked: string[] = [];
    await page.route(LIST, async (route) => {
      asked.push(route.request().url());
      await come.opened;
      await route.continue();
    });
    return { come: come.open, asked };
  }

  test.beforeEach(async ({ chat }) => {
    await chat.open();
    await (await chat.ask('Some question', ECHO)).isIn('end');
    await chat.listIsLive();
  });

  test('is links until it is used, and a click that comes before its part is not lost', async ({ page, chat }) => {
    const list = await held(page);
    await page.reload();
    await chat.isLive();
    await page.waitForLoadState('networkidle');
    expect(list.asked).toEqual([]);
    const row = chat.rows.first();
    await row.hover();
    await row.getByRole('button', { name: /^Rename/ }).click();
    await expect.poll(() => list.asked.length).toBe(1);
    await expect(chat.list.getByRole('textbox')).toHaveCount(0);
    list.come();
    await expect(chat.list.getByRole('textbox', { name: 'New title' })).toBeFocused();
    await page.keyboard.press('Escape');

    await row.getByRole('link').click();
    await chat.isLive();
    await expect(chat.userMessages).toHaveText(['Some question']);
  });

  test('knows what was asked and answered before its part came', async ({ page, chat, context, server }) => {
    const list = await held(page);
    const other = new ChatPage(await context.newPage(), server.url);
    await other.open();
    await chat.open();
    await (await chat.ask('Another question', ECHO)).isIn('end');
    await expect.poll(() => list.asked.length).toBe(1);
    await expect(chat.rows).toHaveText(['Some question']);
    list.come();
    await expect(chat.rows).toHaveText(['Another question', 'Some question']);
    await expect(chat.rows.first().getByRole('link')).toHaveAttribute('aria-current', 'page');
    await expect(page).toHaveTitle('Another question · Sluice');
    await expect(other.rows, 'it is told to other tabs').toHaveText(['Another question', 'Some question']);
  });

  test('hears what other tabs said before its part came', async ({ page, chat, context, server }) => {
    const list = await held(page);
    await page.reload();
    await chat.isLive();
    const other = new ChatPage(await context.newPage(), server.url);
    await other.open();
    await (await other.ask('Elsewhere', ECHO)).isIn('end');
    await expect.poll(() => list.asked.length).toBe(1);
    await expect(chat.rows).toHaveText(['Some question']);
    list.come();
    await expect(chat.rows).toHaveText(['Elsewhere', 'Some question']);
  });
});

test('text stands as it is until its Markdown can be drawn', async ({ page, chat, provider, prompt }) => {
  const loaded = gate();
  await page.route(MARKDOWN, async (route) => {
    await loaded.opened;
    await route.continue();
  });
  const said = gate();
  provider.on(prompt, async (reply) => {
    reply.say('# A title\n\nand **bo');
    await said.opened;
    reply.say('ld** text');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('# A title\n\nand **bo', { useInnerText: true });
  said.open();
  await answer.isIn('end');
  await expect(answer.texts).toHaveText('# A title\n\nand **bold** text', { useInnerText: true });
  loaded.open();
  await expect(answer.texts.locator('h2')).toHaveText('A title');
  await expect(answer.texts.locator('strong')).toHaveText('bold');
  await expect(answer.texts.locator('.raw')).toHaveCount(0);
});

test.describe('a part that can not be had', () => {
  // The browser reports the requests, the loader what became of them.
  test.use({ expectedErrors: /Failed to load resource: net::ERR_FAILED .*split_markdown|TypeError: Failed to fetch/ });

  test('leaves the text readable, and is tried again', async ({ page, chat, provider, prompt }) => {
    let failing = true;
    const tried = gate();
    let tries = 0;
    await page.route(MARKDOWN, async (route) => {
      tries += 1;
      if (tries > 1) tried.open();
      await (failing ? route.abort() : route.continue());
    });
    provider.on(prompt, async (reply) => (reply.say('some **bold** text'), reply.finish()));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await answer.isIn('end');
    await expect(answer.texts).toHaveText('some **bold** text');
    await tried.opened;
    await expect(answer.texts).toHaveText('some **bold** text');
    failing = false;
    await expect(answer.texts).toHaveText('some bold text');
    await expect(answer.texts.locator('strong')).toHaveText('bold');
  });
});

test.describe('a page that is older than the server', () => {
  test.use({ expectedErrors: /Failed to load resource.*404|CompileError|TypeError|Incorrect response MIME type/ });

  test('says so, and what was typed survives the reload', async ({ page, chat, provider, prompt }) => {
    // As if the server had been replaced: nothing of this version is there.
    const gone = /\/pkg\/[0-9a-f]{16}\//;
    await chat.open();
    await page.route(gone, (route) => route.fulfill({ status: 404, body: 'not found' }));
    provider.on(prompt, async (reply) => (reply.say('some **bold** text'), reply.finish()));
    await expect(page.locator('#outdated')).toBeHidden();
    const answer = await chat.ask(prompt, FAKE);
    await answer.isIn('end');
    await expect(answer.texts).toHaveText('some **bold** text');
    await expect(page.locator('#outdated')).toBeVisible();
    await expect(page.locator('[role=status] > #outdated')).toContainText('Sluice was updated');
    await chat.composer.fill('Half a thought');

    await page.unroute(gone);
    const address = page.url();
    await page.getByRole('link', { name: 'Reload', exact: true }).click();
    await chat.isLive();
    expect(page.url()).toBe(address);
    await expect(chat.composer).toHaveValue('Half a thought');
    await expect(answer.texts.locator('strong')).toHaveText('bold');
    await expect(page.locator('#outdated')).toBeHidden();
  });
});
