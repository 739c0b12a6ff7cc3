/** Parts of the program that are loaded when they are first needed. */
import { type Page } from '@playwright/test';
import { FAKE, expect, gate, test } from '../fixtures';

const MARKDOWN = /\/split_markdown\.wasm$/;
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

test('an empty chat and an answer of the server need only the list, and the lab needs its own', async ({
  page,
  chat,
  provider,
  prompt,
}) => {
  const parts = partsOf(page);
  // What parts share are chunks, and come with them.
  const own = () => parts.filter((name) => name.startsWith('split_'));
  await chat.open();
  expect(own()).toEqual(['split_list.wasm']);

  provider.on(prompt, async (reply) => (reply.say('some **bold** text'), reply.finish()));
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await expect(answer.texts.locator('strong')).toHaveText('bold');
  expect(parts).toContain('split_markdown.wasm');
  expect(parts).not.toContain('split_lab.wasm');

  parts.length = 0;
  await page.reload();
  await chat.isLive();
  await expect(answer.texts.locator('strong')).toHaveText('bold');
  expect(own()).toEqual(['split_list.wasm']);

  parts.length = 0;
  await chat.open('/lab');
  expect(own()).toEqual(['split_lab.wasm']);
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
  await expect(answer.texts.locator('h1')).toHaveText('A title');
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
