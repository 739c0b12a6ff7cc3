import type { Page } from '@playwright/test';
import { FAKE, expect, test } from '../fixtures';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

const leaveField = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

test.beforeEach(async ({ chat, provider, prompt }) => {
  const second = `${prompt}, again`;
  const long = Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\n\n');
  provider.on(prompt, async (reply) => (reply.say(`First.\n\n${long}`), reply.finish()));
  provider.on(second, async (reply) => (reply.say(`Second.\n\n${long}`), reply.finish()));
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end');
  await (await chat.ask(second, FAKE)).isIn('end');
});

test('keys lead from message to message and to the newest answer', async ({ chat, page }) => {
  await leaveField(page);
  await page.keyboard.press('g');
  await expect(chat.answer(1).root).toBeFocused();
  await expect(chat.answer(1).texts.getByText('Second.')).toBeInViewport();
  await page.keyboard.press('k');
  await expect(page.locator('.message').nth(2)).toBeFocused();
  await page.keyboard.press('k');
  await expect(chat.answer(0).root).toBeFocused();
  await expect(chat.answer(0).texts.getByText('First.')).toBeInViewport();
  await page.keyboard.press('j');
  await expect(page.locator('.message').nth(2)).toBeFocused();
  await page.keyboard.press('c');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('Second.');
  await page.keyboard.press('/');
  await expect(chat.composer).toBeFocused();
  await expect(chat.composer).toHaveValue('');
  await leaveField(page);
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/$/);
});

test('the list of keys opens with a key and a button, and closes with Escape', async ({ chat, page }) => {
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await leaveField(page);
  await expect(list).toBeHidden();
  await page.keyboard.press('?');
  await expect(list).toBeVisible();
  await expect(list.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(list).toBeVisible();
  await list.getByRole('checkbox', { name: 'Single keys do this' }).uncheck();
  await list.getByRole('button', { name: 'Close' }).click();
  await leaveField(page);
  await page.keyboard.press('g');
  await page.keyboard.press('?');
  await expect(list).toBeHidden();
  await expect(chat.answer(1).root).not.toBeFocused();
  // It holds for the next page too.
  await page.reload();
  await chat.isLive();
  await leaveField(page);
  await page.keyboard.press('?');
  await expect(list).toBeHidden();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(list.getByRole('checkbox')).not.toBeChecked();
});

test('where somebody types, keys are letters', async ({ chat, page }) => {
  await chat.composer.focus();
  await page.keyboard.type('?/njkgc');
  await expect(chat.composer).toHaveValue('?/njkgc');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden();
  await leaveField(page);
  await page.keyboard.press('Control+g');
  await page.keyboard.press('Alt+g');
  await expect(chat.answer(1).root).not.toBeFocused();
});
