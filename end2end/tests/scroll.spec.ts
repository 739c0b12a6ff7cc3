import type { Page } from '@playwright/test';
import type { AnswerView } from '../chat';
import { FAKE, expect, gate, test } from '../fixtures';
import type { Reply } from '../fake-provider';
import { below, goesUp, leaveComposer, line, lines, newContent, still, top, wheelUp } from '../reader';

/** Lines 0 to 59, and after the gate 60 to 89; then the end, after another one where it is given. */
const twoHalves = (more: Promise<void>, end: Promise<void> = Promise.resolve()) => async (reply: Reply) => {
  reply.say(lines(0, 60));
  await reply.until(more);
  await reply.dictate(lines(60, 90), 40, 1);
  await reply.until(end);
  reply.finish();
};

test('the end is followed, and stays where it is when the answer ends', async ({ chat, page, provider, prompt }) => {
  const [more, end] = [gate(), gate()];
  provider.on(prompt, twoHalves(more.opened, end.opened));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(line(answer, 59)).toBeInViewport();
  more.open();
  await expect(line(answer, 89)).toBeInViewport();
  await still(page);
  const before = await top(line(answer, 89));
  end.open();
  await answer.isIn('end');
  await still(page);
  expect(await below(page)).toBeLessThanOrEqual(1);
  expect(Math.abs((await top(line(answer, 89))) - before)).toBeLessThanOrEqual(1);
  await expect(newContent(page)).toHaveCount(0);
});

/** Each is done while the end is followed and lets go of it. */
const ways: Record<string, (page: Page, answer: AnswerView) => Promise<void>> = {
  'with the wheel': async (page, answer) => {
    await line(answer, 55).hover();
    await page.mouse.wheel(0, -400);
  },
  'with the wheel, a little': async (page, answer) => {
    await line(answer, 55).hover();
    await page.mouse.wheel(0, -12);
  },
  'with Page Up': async (page) => {
    await leaveComposer(page);
    await page.keyboard.press('PageUp');
  },
  'with Shift and the space bar': async (page) => {
    await leaveComposer(page);
    await page.keyboard.press('Shift+Space');
  },
  'with an arrow': async (page) => {
    await leaveComposer(page);
    await page.keyboard.press('ArrowUp');
  },
  'with Home': async (page) => {
    await leaveComposer(page);
    await page.keyboard.press('Home');
  },
  'by what the browser finds': (_, answer) => line(answer, 20).evaluate((element) => element.scrollIntoView()),
};

for (const [way, go] of Object.entries(ways)) {
  test(`a reader who goes up ${way} stays there, and gets back`, async ({ chat, page, provider, prompt }) => {
    const [more, end] = [gate(), gate()];
    provider.on(prompt, twoHalves(more.opened, end.opened));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(line(answer, 59)).toBeInViewport();
    await still(page);
    const start = await page.evaluate(() => window.scrollY);
    await go(page, answer);
    await goesUp(page, start);
    const stays = await page.evaluate(() => window.scrollY);
    more.open();
    await expect(line(answer, 89)).toBeAttached();
    await expect(newContent(page)).toBeVisible();
    await still(page);
    expect(await page.evaluate(() => window.scrollY)).toBe(stays);
    await newContent(page).click();
    await expect(line(answer, 89)).toBeInViewport();
    expect(await below(page)).toBeLessThanOrEqual(1);
    await expect(newContent(page)).toHaveCount(0);
    await expect(answer.root).toBeFocused();
    end.open();
    await answer.isIn('end');
    await still(page);
    expect(await below(page)).toBeLessThanOrEqual(1);
  });
}

/** What a reader does, before anything has scrolled: whether it lets go of the end. */
const acts: Record<string, { lets: boolean; act: () => void }> = {
  nothing: { lets: false, act: () => {} },
  'the wheel up': { lets: true, act: () => document.body.dispatchEvent(new WheelEvent('wheel', { deltaY: -4, bubbles: true })) },
  'the wheel sideways': { lets: false, act: () => document.body.dispatchEvent(new WheelEvent('wheel', { deltaX: -4, bubbles: true })) },
  'the wheel that makes the page larger': {
    lets: false,
    act: () => document.body.dispatchEvent(new WheelEvent('wheel', { deltaY: -4, ctrlKey: true, bubbles: true })),
  },
  'a finger': { lets: true, act: () => document.body.dispatchEvent(new Event('touchmove', { bubbles: true })) },
  'Page Up': { lets: true, act: () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageUp', bubbles: true })) },
  Home: { lets: true, act: () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true })) },
  'an arrow up': { lets: true, act: () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true })) },
  'Shift and the space bar': {
    lets: true,
    act: () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', shiftKey: true, bubbles: true })),
  },
  'Page Down': { lets: false, act: () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true })) },
  'a selection': {
    lets: true,
    act: () => getSelection()!.selectAllChildren(document.querySelector('[data-testid=text] p:last-of-type')!),
  },
};

test('what the reader does lets go at once, and not only when the page has scrolled', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, async (reply) => (reply.say(lines(0, 60)), await reply.silence()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(line(answer, 59)).toBeInViewport();
  for (const [name, { lets, act }] of Object.entries(acts)) {
    await page.evaluate(() => {
      getSelection()!.removeAllRanges();
      scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
    });
    await still(page);
    expect(await below(page), name).toBeLessThanOrEqual(1);
    const before = await page.evaluate(() => scrollY);
    await page.evaluate(act);
    // Something comes, in place of text.
    await answer.texts.evaluate((text) => {
      const more = text.appendChild(document.createElement('div'));
      more.style.height = '300px';
    });
    await still(page);
    const moved = Math.round((await page.evaluate(() => scrollY)) - before);
    expect([name, moved < 1, moved >= 300]).toEqual([name, lets, !lets]);
  }
  await chat.stop.click();
  await answer.isIn('cancelled');
});

test('who goes back down to the end follows it again', async ({ chat, page, provider, prompt }) => {
  const more = gate();
  provider.on(prompt, twoHalves(more.opened));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(line(answer, 59)).toBeInViewport();
  await leaveComposer(page);
  await page.keyboard.press('PageUp');
  await expect(page.getByRole('button', { name: 'Jump to newest' })).toBeVisible();
  await still(page);
  await page.keyboard.press('End');
  await still(page);
  await expect(page.getByRole('button', { name: 'Jump to newest' })).toHaveCount(0);
  more.open();
  await answer.isIn('end');
  await expect(line(answer, 89)).toBeInViewport();
});

test('keys in the composer do not let go of the end', async ({ chat, page, provider, prompt }) => {
  const more = gate();
  provider.on(prompt, twoHalves(more.opened));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(line(answer, 59)).toBeInViewport();
  await chat.composer.focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  more.open();
  await answer.isIn('end');
  await expect(line(answer, 89)).toBeInViewport();
});

test('what is selected stays where it is, from the press of the button on', async ({ chat, page, provider, prompt }) => {
  const [first, second, end] = [gate(), gate(), gate()];
  provider.on(prompt, async (reply) => {
    reply.say(lines(0, 60));
    await reply.until(first.opened);
    reply.say(lines(60, 70));
    await reply.until(second.opened);
    reply.say(lines(70, 90));
    await reply.until(end.opened);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(line(answer, 59)).toBeInViewport();
  await still(page);
  const [from, to] = [await line(answer, 50).boundingBox(), await line(answer, 52).boundingBox()];
  if (!from || !to) throw new Error('the lines are not there');
  const before = await top(line(answer, 50));
  await page.mouse.move(from.x + 2, from.y + from.height / 2);
  await page.mouse.down();
  first.open();
  await expect(line(answer, 69)).toBeAttached();
  await still(page);
  expect(await top(line(answer, 50))).toBe(before);
  await page.mouse.move(to.x + 40, to.y + to.height / 2, { steps: 5 });
  await page.mouse.up();
  const selected = await page.evaluate(() => String(getSelection()));
  expect(selected).toContain('line 51');
  second.open();
  await expect(line(answer, 89)).toBeAttached();
  await still(page);
  expect(await top(line(answer, 50))).toBe(before);
  expect(await page.evaluate(() => String(getSelection()))).toBe(selected);
  await expect(newContent(page)).toBeVisible();
  end.open();
  await answer.isIn('end');
  await still(page);
  expect(await top(line(answer, 50))).toBe(before);
  expect(await page.evaluate(() => String(getSelection()))).toBe(selected);
});

test('a click while text comes lets nothing go', async ({ chat, provider, prompt }) => {
  const more = gate();
  provider.on(prompt, twoHalves(more.opened));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(line(answer, 59)).toBeInViewport();
  await line(answer, 55).click();
  more.open();
  await answer.isIn('end');
  await expect(line(answer, 89)).toBeInViewport();
});

test.describe('on a touch screen', () => {
  test.use({ viewport: { width: 390, height: 740 }, hasTouch: true, isMobile: true });

  test('a finger lets go at once', async ({ chat, page, provider, prompt }) => {
    const more = gate();
    provider.on(prompt, twoHalves(more.opened));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(line(answer, 59)).toBeInViewport();
    await still(page);
    const start = await page.evaluate(() => window.scrollY);
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 150, y }] });
    await touch('touchStart', 200);
    for (let y = 210; y <= 420; y += 15) await touch('touchMove', y);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeLessThan(start - 50);
    more.open();
    await expect(line(answer, 89)).toBeAttached();
    await still(page);
    expect(await page.evaluate(() => window.scrollY)).toBeLessThan(start - 50);
    await touch('touchEnd');
    await answer.isIn('end');
    await expect(newContent(page)).toBeVisible();
  });
});

test('sending goes to the end, wherever the reader is', async ({ chat, page, provider, prompt }) => {
  const second = `${prompt}, again`;
  const end = gate();
  provider.on(prompt, async (reply) => (reply.say(lines(0, 60)), reply.finish()));
  provider.on(second, async (reply) => {
    reply.say(lines(60, 80));
    await reply.until(end.opened);
    reply.finish();
  });
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end');
  await leaveComposer(page);
  await page.keyboard.press('Home');
  await expect(page.getByRole('button', { name: 'Jump to newest' })).toBeVisible();
  const answer = await chat.ask(second, FAKE);
  await expect(line(answer, 79)).toBeInViewport();
  expect(await below(page)).toBeLessThanOrEqual(1);
  end.open();
  await answer.isIn('end');
});

test('an image that arrives moves nothing that is read', async ({ chat, page, provider, prompt }) => {
  const [more, arrived, end] = [gate(), gate(), gate()];
  const image = '/api/files/0190a6e0-0000-7000-8000-000000000000';
  const picture = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="240"><rect width="300" height="240"/></svg>',
  );
  await page.route(`**${image}`, async (route) => {
    await arrived.opened;
    await route.fulfill({ contentType: 'image/svg+xml', body: picture });
  });
  provider.on(prompt, async (reply) => {
    reply.say(`Look:\n\n![a picture](${image})\n\n`);
    await reply.until(more.opened);
    reply.say(lines(0, 60));
    await reply.until(end.opened);
    reply.finish();
  });
  await chat.open();
  const request = page.waitForRequest((request) => request.url().endsWith(image));
  const answer = await chat.ask(prompt, FAKE);
  await request;
  more.open();
  await expect(line(answer, 59)).toBeInViewport();
  await line(answer, 50).hover();
  await wheelUp(page, 300);
  const shown = answer.texts.locator('img');
  // The image, of which nobody knows the size yet, is just above the screen.
  await shown.evaluate((img) => scrollBy({ top: img.getBoundingClientRect().bottom + 30, behavior: 'instant' }));
  await still(page);
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const before = { line: await top(line(answer, 5)), height: await height() };
  await expect(line(answer, 5)).toBeInViewport();
  arrived.open();
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.complete && img.naturalHeight)).toBe(240);
  await still(page);
  expect(await height(), 'the image has made its place').toBeGreaterThan(before.height + 150);
  expect(Math.abs((await top(line(answer, 5))) - before.line)).toBeLessThanOrEqual(1);
  end.open();
  await answer.isIn('end');
  await still(page);
  expect(Math.abs((await top(line(answer, 5))) - before.line)).toBeLessThanOrEqual(1);
});
