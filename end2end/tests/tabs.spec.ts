/** Several tabs of one browser, which allows six connections to a host. */
import { type Page } from '@playwright/test';
import { ChatPage } from '../chat';
import { FAKE, expect, gate, test } from '../fixtures';

/** Lets a test say whether a page can be seen: all pages of a browser without a window can. */
async function hideable(page: Page) {
  await page.addInitScript(() => {
    let hidden = false;
    Object.defineProperty(document, 'hidden', { get: () => hidden });
    Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
    Object.assign(window, {
      hide(now: boolean) {
        hidden = now;
        document.dispatchEvent(new Event('visibilitychange'));
      },
    });
  });
}

const hide = (page: Page, now: boolean) =>
  page.evaluate((now) => (window as unknown as { hide(now: boolean): void }).hide(now), now);

test('seven tabs with seven answers all work, and each can be stopped', async ({ context, server, provider, prompt }) => {
  test.slow();
  const chats: ChatPage[] = [];
  for (let n = 0; n < 7; n++) {
    provider.on(`${prompt} ${n}`, async (reply) => {
      for (let word = 0; word < 3000; word++) {
        reply.say(`w${word} `);
        await reply.pause(50);
      }
    });
    const page = await context.newPage();
    await hideable(page);
    const chat = new ChatPage(page, server.url);
    await chat.open();
    const answer = await chat.ask(`${prompt} ${n}`, FAKE);
    await expect(answer.texts).toContainText('w3');
    chats.push(chat);
    // The next one is looked at now. After five seconds this one's connection is free.
    await hide(page, true);
  }
  const last = chats.at(-1) as ChatPage;
  await hide(last.page, false);
  for (const chat of chats) await expect(chat.rows.filter({ hasText: 'is being answered' })).toHaveCount(7);
  for (const [n, chat] of chats.entries()) {
    await hide(last.page, chat !== last);
    await hide(chat.page, false);
    const answer = chat.answer();
    await answer.isIn('running');
    // It goes on where it was, without a gap.
    const before = (await answer.text()).trim().split(' ').length;
    await expect.poll(async () => (await answer.text()).trim().split(' ').length).toBeGreaterThan(before);
    await chat.stop.click();
    await answer.isIn('cancelled');
    const words = (await answer.text()).trim().split(' ');
    expect(words).toEqual(words.map((_, word) => `w${word}`));
    expect(await provider.calls(`${prompt} ${n}`)[0]?.closed).toBe('by the client');
    if (chat !== last) await hide(chat.page, true);
  }
  // The ends are known to all.
  await expect(last.rows.filter({ hasText: 'is being answered' })).toHaveCount(0);
});

test('an answer shows as running in the other tab, and one tab asks for all', async ({ context, server, provider, prompt, page }) => {
  const end = gate();
  provider.on(prompt, async (reply) => (reply.say('Going on.'), await reply.until(end.opened), reply.finish()));
  const asked: string[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('/api/running')) asked.push(request.url());
  });
  const tabs: ChatPage[] = [];
  for (let n = 0; n < 3; n++) {
    const tab = new ChatPage(await context.newPage(), server.url);
    await tab.open();
    tabs.push(tab);
  }
  const chat = new ChatPage(page, server.url);
  await chat.open();
  await chat.ask(prompt, FAKE);
  for (const tab of tabs) await expect(tab.rows.first()).toContainText('is being answered');
  // Nobody tells them any more: the one that followed it is gone.
  await page.close();
  await expect.poll(() => asked.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  expect(asked.length, 'three tabs ask as one').toBeLessThanOrEqual(3);
  end.open();
  for (const tab of tabs) await expect(tab.rows.first()).not.toContainText('is being answered');
  const before = asked.length;
  await tabs[0]?.page.waitForTimeout(7_000);
  expect(asked.length, 'nobody asks when nothing runs').toBe(before);
});

test('a tab learns what the others rename and delete', async ({ context, server, chat, page }) => {
  await chat.open();
  await (await chat.ask('Between tabs', 'demo/echo')).isIn('end');
  const other = new ChatPage(await context.newPage(), server.url);
  await other.open();
  await chat.rows.first().getByRole('button', { name: /^Rename/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'New title' }).fill('Renamed');
  await page.keyboard.press('Enter');
  await expect(other.rows).toHaveText(['Renamed']);
  await chat.rows.first().getByRole('button', { name: /^Delete/ }).focus();
  await page.keyboard.press('Enter');
  await expect(other.rows).toHaveCount(0);
  await chat.toast.getByRole('button', { name: 'Undo' }).click();
  await expect(other.rows).toHaveText(['Renamed']);
});
