/** Thinking scrolls in itself and folds, and what is read stays where it is. */
import { FAKE, expect, gate, test } from '../fixtures';
import { line, lines, newContent, still, top, wheelUp } from '../reader';

const thoughts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `thought ${from + n}\n`).join('');

test('thinking that folds moves nothing that is read', async ({ chat, page, provider, prompt }) => {
  const second = `${prompt}, again`;
  const [said, end] = [gate(), gate()];
  provider.on(prompt, async (reply) => (reply.say(lines(0, 60)), reply.finish()));
  provider.on(second, async (reply) => {
    reply.think(thoughts(0, 60));
    await reply.until(said.opened);
    reply.say('Yes.');
    await reply.until(end.opened);
    reply.finish();
  });
  await chat.open();
  const first = await chat.ask(prompt, FAKE);
  await first.isIn('end');
  const answer = await chat.ask(second, FAKE);
  await expect(answer.thinkText).toContainText('thought 59');
  await line(first, 59).hover();
  await wheelUp(page, 200);
  const before = await top(line(first, 55));
  said.open();
  await expect(answer.think).not.toHaveAttribute('open', /.*/);
  await expect(answer.texts).toHaveText('Yes.');
  await still(page);
  expect(Math.abs((await top(line(first, 55))) - before)).toBeLessThanOrEqual(1);
  end.open();
  await answer.isIn('end');
  await still(page);
  expect(Math.abs((await top(line(first, 55))) - before)).toBeLessThanOrEqual(1);
});

test('thinking scrolls in itself: at its end until the reader goes up in it', async ({ chat, page, provider, prompt }) => {
  const [more, again, said] = [gate(), gate(), gate()];
  provider.on(prompt, async (reply) => {
    reply.think(thoughts(0, 60));
    await reply.until(more.opened);
    reply.think(thoughts(60, 70));
    await reply.until(again.opened);
    reply.think(thoughts(70, 80));
    await reply.until(said.opened);
    reply.say(lines(0, 60));
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  const box = answer.root.getByTestId('think-box');
  const rest = () => box.evaluate((box) => Math.round(box.scrollHeight - box.clientHeight - box.scrollTop));
  await expect(answer.thinkText).toContainText('thought 59');
  await expect.poll(rest).toBeLessThanOrEqual(1);
  const { height } = (await box.boundingBox()) ?? { height: Infinity };
  expect(height).toBeLessThanOrEqual(330);
  more.open();
  await expect(answer.thinkText).toContainText('thought 69');
  await expect.poll(rest).toBeLessThanOrEqual(1);

  await box.hover();
  await page.mouse.wheel(0, -150);
  await expect.poll(rest).toBeGreaterThan(100);
  await still(page);
  const at = await box.evaluate((box) => box.scrollTop);
  again.open();
  await expect(answer.thinkText).toContainText('thought 79');
  expect(await box.evaluate((box) => box.scrollTop)).toBe(at);

  // Who reads in it keeps it, where it is on the screen.
  const before = await top(box);
  said.open();
  await answer.isIn('end');
  await expect(answer.think).toHaveAttribute('open', /.*/);
  await still(page);
  expect(await box.evaluate((box) => box.scrollTop)).toBe(at);
  expect(await top(box)).toBe(before);
  await expect(newContent(page)).toBeVisible();
});

test('thinking is reached and scrolled with the keyboard, and its ends pass the wheel on', async ({ chat, page, provider, prompt }) => {
  const said = gate();
  provider.on(prompt, async (reply) => {
    reply.think(thoughts(0, 60));
    await reply.until(said.opened);
    reply.say(lines(0, 60));
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.thinkText).toContainText('thought 59');
  const box = answer.root.getByTestId('think-box');
  await answer.think.locator('summary').focus();
  await page.keyboard.press('Tab');
  await expect(box).toBeFocused();
  await page.keyboard.press('Home');
  await expect.poll(() => box.evaluate((box) => box.scrollTop)).toBe(0);
  said.open();
  await answer.isIn('end');
  await expect(answer.think).toHaveAttribute('open', /.*/);
  // At its beginning: one turn of the wheel in it, at its end, moves the page.
  await box.evaluate((box) => (box.scrollTop = box.scrollHeight));
  await box.hover();
  await still(page);
  const start = await page.evaluate(() => window.scrollY);
  await page.mouse.wheel(0, 300);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(start + 100);
});

test('thinking that has the focus is not folded under it', async ({ chat, page, provider, prompt }) => {
  const said = gate();
  provider.on(prompt, async (reply) => {
    reply.think(thoughts(0, 60));
    await reply.until(said.opened);
    reply.say('Yes.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.thinkText).toContainText('thought 59');
  const box = answer.root.getByTestId('think-box');
  // At its end, where it is followed.
  await expect.poll(() => box.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop)).toBeLessThanOrEqual(1);
  await answer.think.locator('summary').focus();
  await page.keyboard.press('Tab');
  await expect(box).toBeFocused();
  said.open();
  await answer.isIn('end');
  await expect(answer.think).toHaveAttribute('open', /.*/);
  await expect(box).toBeFocused();
});

test('thinking that was folded begins at its beginning when it is opened', async ({ chat, provider, prompt }) => {
  provider.on(prompt, async (reply) => {
    reply.think(thoughts(0, 60));
    reply.say('Yes.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await expect(answer.think).not.toHaveAttribute('open', /.*/);
  await answer.think.locator('summary').click();
  expect(await answer.root.getByTestId('think-box').evaluate((box) => box.scrollTop)).toBe(0);
});
