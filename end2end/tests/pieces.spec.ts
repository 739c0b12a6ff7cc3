/** One long block: what of it is far from the screen is not laid out, and what that may change for who reads. */
import type { Page } from '@playwright/test';
import { FAKE, expect, gate, test } from '../fixtures';
import { goUp, laidOut, leaveComposer, still } from '../reader';

// Pictures of a long page for the trace, one for each step, cost more than what is tested.
test.use({ trace: { mode: 'retain-on-failure', snapshots: false, screenshots: false } });

const many = (count: number, one: (n: number) => string) => Array.from({ length: count }, (_, n) => one(n)).join('');
const words = (n: number) => `Some words of number ${n}, and ${'more of them '.repeat(n % 5)}to its end.`;

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

/** What is long, what holds its pieces, and what is in them. */
const KINDS = {
  list: [many(400, (n) => `${n + 1}. ${words(n)}\n`), 'ol', 'li'],
  quote: [many(250, (n) => `> ${words(n)}\n>\n`), 'blockquote', 'blockquote p'],
  table: [`| number | words | end |\n|---:|---|---|\n${many(500, (n) => `| ${n} | ${words(n)} | ${n % 7} |\n`)}`, 'table', 'tr'],
  code: [`\`\`\`text\n${many(3000, (n) => `${n} ${words(n)}${n % 700 === 50 ? ' wide'.repeat(60) : ''}\n`)}\`\`\`\n`, 'pre', 'pre span'],
  paragraph: [many(1200, (n) => `${words(n)} `), 'p', 'p > span'],
} as const;

/** Where the left and right edges of all of these are that are laid out, each once. */
const edges = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => {
    const seen = all.filter((element) => element.checkVisibility({ contentVisibilityAuto: true }));
    const found = seen.map((element) => {
      const { left, right } = element.getBoundingClientRect();
      return `${Math.round(left)} to ${Math.round(right)}`;
    });
    return [...new Set(found)];
  });

for (const [kind, [text, holder, inner]] of Object.entries(KINDS)) {
  test(`of one long ${kind} only what is near the screen is laid out, and who goes up in it meets no jump`, async ({ chat, page, provider, prompt }) => {
    test.slow();
    const more = gate();
    provider.on(prompt, async (reply) => {
      reply.say(text.slice(0, text.length / 2));
      await reply.until(more.opened);
      reply.say(text.slice(text.length / 2));
      reply.finish();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts.locator(holder).first()).toBeVisible();
    more.open();
    await answer.isIn('end', { timeout: 120_000 });
    const last = text.match(/number (\d+),[^,]*$/)![1]!;
    for (const drawnBy of ['the page', 'the server']) {
      if (drawnBy === 'the server') await chat.open(new URL(page.url()).pathname);
      await expect(answer.texts).toContainText(`number ${last},`);
      await leaveComposer(page);
      await page.keyboard.press('End');
      await still(page);
      // A text does not say whether it is laid out: a mark in it does.
      if (inner.endsWith('span')) await page.locator(`.md ${inner}`).evaluateAll((all) => all.forEach((one) => one.append(document.createElement('b'))));
      const { all, laidOut: some } = await laidOut(page, `.md ${inner}`);
      expect(some, drawnBy).toBeGreaterThan(0);
      expect(some, drawnBy).toBeLessThan(all / 2);
      expect(await goUp(page, 700, 24)).toBeGreaterThan(15);
      // Find-in-page and copying go by the text, and it is all there.
      const shown = await answer.texts.evaluate((element) => element.textContent!.match(/number \d+,/g)!.length);
      expect(shown, drawnBy).toBe(text.match(/number \d+,/g)!.length);
    }
  });
}

test('the columns of a long table stand below each other', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, async (reply) => (reply.say(KINDS.table[0]), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 120_000 });
  await expect(answer.texts.locator('tbody')).toHaveCount(4);
  await still(page);
  for (const column of [1, 2, 3]) expect(await edges(page, `.md tr > :nth-child(${column})`)).toHaveLength(1);
  await expect(answer.texts.locator('td.right').last()).toHaveCSS('text-align', 'right');
  // Also where there are too many for the screen.
  await page.setViewportSize({ width: 360, height: 640 });
  await still(page);
  for (const column of [1, 2, 3]) expect(await edges(page, `.md tr > :nth-child(${column})`)).toHaveLength(1);
});

test('a long line in long code is seen to its end', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, async (reply) => (reply.say(KINDS.code[0]), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 120_000 });
  await still(page);
  const piece = answer.texts.locator('pre span', { hasText: 'wide wide' }).last();
  await piece.scrollIntoViewIfNeeded();
  await still(page);
  const beyond = () =>
    piece.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect().right - element.getBoundingClientRect().right;
    });
  expect(await beyond()).toBeLessThanOrEqual(0);
  await answer.texts.locator('.wrap').click();
  expect(await beyond()).toBeLessThanOrEqual(0);
  expect(await answer.texts.locator('pre').evaluate((pre) => pre.scrollWidth - pre.clientWidth)).toBeLessThanOrEqual(0);
});

test('what is in pieces is copied as if it were not', async ({ chat, page, provider, prompt }) => {
  const items = many(200, (n) => `${n + 1}. item ${n}\n`).trim();
  const quote = many(150, (n) => `${n > 0 ? '>\n' : ''}> quoted ${n}\n`).trim();
  const rows = many(300, (n) => `| ${n} | row |\n`).trim();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  provider.on(prompt, async (reply) => (reply.say(`${items}\n\n${quote}\n\n| a | b |\n| --- | --- |\n${rows}`), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 120_000 });
  await answer.texts.getByRole('button', { name: 'Copy Markdown' }).click();
  await expect.poll(clipboard).toBe(`| a | b |\n| --- | --- |\n${rows}\n`);
  await answer.root.getByTestId('facts').locator('summary').click();
  await answer.root.getByRole('button', { name: 'Copy as plain text' }).click();
  await expect(answer.root.getByTestId('facts')).toContainText('Copied');
  const cells = many(300, (n) => `${n}\trow\n`).trim();
  expect(await clipboard()).toBe(`${items}\n\n${many(150, (n) => `quoted ${n}\n\n`).trim()}\n\na\tb\n${cells}`);
});
