import { FAKE, expect, gate, test } from '../fixtures';
import config from '../playwright.config';

// Playwright hides them otherwise.
test.use({ launchOptions: { ...config.use?.launchOptions, ignoreDefaultArgs: ['--hide-scrollbars'] } });

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `line ${from + n}`).join('\n\n') + '\n\n';

test('the scroll bar lets go when it is dragged up', async ({ chat, page, provider, prompt }) => {
  const more = gate();
  provider.on(prompt, async (reply) => {
    reply.say(lines(0, 60));
    await reply.until(more.opened);
    await reply.dictate(lines(60, 90), 40, 1);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts.getByText('line 59', { exact: true })).toBeInViewport();
  const { width, height, bar } = await page.evaluate(() => ({
    width: window.innerWidth,
    height: window.innerHeight,
    bar: window.innerWidth - document.documentElement.clientWidth,
  }));
  expect(bar, 'the width of the scroll bar').toBeGreaterThan(4);
  const start = await page.evaluate(() => window.scrollY);
  await page.mouse.move(width - bar / 2, height - 60);
  await page.mouse.down();
  await page.mouse.move(width - bar / 2, height - 160, { steps: 10 });
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeLessThan(start - 50);
  const held = await page.evaluate(() => window.scrollY);
  more.open();
  await expect(answer.texts.getByText('line 89', { exact: true })).toBeAttached();
  await answer.isIn('end');
  // The button is still down: the bar, which has become smaller, may move the page as it likes, but nobody else.
  const below = () =>
    page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight - window.scrollY);
  expect(await below()).toBeGreaterThan(100);
  await page.mouse.up();
  expect(Math.abs((await page.evaluate(() => window.scrollY)) - held)).toBeLessThan(200);
  await expect(page.getByRole('button', { name: 'New content' })).toBeVisible();
});
