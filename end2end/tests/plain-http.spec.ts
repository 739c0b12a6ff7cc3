/** As a phone in the local network sees it: plain HTTP, under another name than localhost. */
import { ChatPage } from '../chat';
import { FAKE, expect, gate, test } from '../fixtures';

test('everything works under another name, and what can not be had there is not asked for', async ({
  page,
  server,
  origins,
  provider,
  prompt,
}) => {
  const more = gate();
  provider.on(prompt, async (reply) => {
    reply.say('Some water, ');
    await more.opened;
    reply.say('and then some more.');
    reply.finish();
  });
  // The browser is told in playwright.config.ts where that is.
  const url = server.url.replace('127.0.0.1', 'phone.test');
  origins.add(url);
  const chat = new ChatPage(page, url);
  await chat.open();
  expect(await page.evaluate(() => [isSecureContext, 'randomUUID' in crypto, !!navigator.clipboard])).toEqual([
    false,
    false,
    false,
  ]);
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toContainText('Some water,');
  await page.reload();
  await chat.isLive();
  await expect(chat.answer().texts).toContainText('Some water,');
  more.open();
  await chat.answer().isIn('end');
  expect(await chat.answer().text()).toBe('Some water, and then some more.');
  expect(provider.calls(prompt)).toHaveLength(1);
  const copied = page.evaluate(() => new Promise((resolve) => document.addEventListener('copy', () => resolve(true))));
  await chat.userMessages.hover();
  await page.getByRole('button', { name: 'Copy message' }).click();
  expect(await copied).toBe(true);
  await chat.row(prompt.slice(0, 20)).getByRole('button', { name: /^Delete/ }).focus();
  await page.keyboard.press('Enter');
  await expect(chat.rows).toHaveCount(0);
});
