/** What is far from the screen is not laid out: what that may change for who reads, and what it may not. */
import { FAKE, expect, gate, test } from '../fixtures';
import { IS_RELEASE } from '../server';
import { below, conversation, goUp, laidOut, leaveComposer, line, lines, mixed, still, top, wheelUp } from '../reader';

// Pictures of a long page for the trace, one for each step, cost more than what is tested.
test.use({ trace: { mode: 'retain-on-failure', snapshots: false, screenshots: false } });

test('who goes up through a long answer that was never laid out meets no jump', async ({ chat, page, provider, prompt }) => {
  test.slow();
  await conversation(chat, provider, prompt, [`${mixed(12_000)}The end.`]);
  await leaveComposer(page);
  await page.keyboard.press('End');
  await still(page);
  await expect(chat.answer().texts.getByText('The end.')).toBeInViewport();
  expect(await goUp(page, 420)).toBeGreaterThan(15);
  await page.keyboard.press('Home');
  await still(page);
  await expect(chat.userMessages.first()).toBeInViewport();
});

test('who goes up through a long conversation meets no jump, and End and Home lead to its ends', async ({ chat, page, provider, prompt }) => {
  test.slow();
  const texts = Array.from({ length: 12 }, (_, n) => `${mixed(700 + 57 * n)}End of ${n}.`);
  await conversation(chat, provider, prompt, texts);
  await leaveComposer(page);
  for (let time = 0; time < 2; time++) {
    await page.keyboard.press('End');
    await still(page);
    expect(await below(page)).toBeLessThanOrEqual(1);
    await expect(chat.answer().texts.getByText('End of 11.')).toBeInViewport();
    if (time === 0) expect(await goUp(page, 420)).toBeGreaterThan(15);
    await page.keyboard.press('Home');
    await still(page);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await expect(chat.userMessages.first()).toBeInViewport();
  }
});

test('an address with a message leads to it, and it stays there', async ({ chat, page, provider, prompt }) => {
  test.slow();
  const texts = Array.from({ length: 16 }, (_, n) => `${mixed(1_500 + 61 * n)}End of ${n}.`);
  await conversation(chat, provider, prompt, texts);
  for (const index of [3, 11, 7]) {
    const question = chat.userMessages.nth(index);
    const id = await question.evaluate((element) => element.closest('.message')!.id);
    await page.evaluate((id) => {
      Object.assign(window, { isSame: true });
      location.hash = id;
    }, id);
    await still(page);
    expect(await page.evaluate(() => (window as unknown as { isSame?: boolean }).isSame), 'it is the same page').toBe(true);
    await expect(question).toBeInViewport({ ratio: 1 });
    const at = await top(question);
    expect(at, `message ${index} is at the top`).toBeLessThan(200);
    // Its surroundings are laid out by now.
    await still(page);
    expect(await top(question)).toBe(at);
  }
});

for (const where of ['above', 'below'] as const) {
  test(`colours that come ${where} what is read move nothing`, async ({ chat, page, provider, prompt }) => {
    const [coloured, more] = [gate(), gate()];
    await page.route(/\/parts\/colours\.js/, async (route) => {
      await coloured.opened;
      await route.continue();
    });
    const code = Array.from({ length: 12 }, (_, n) => `    let value_${n} = "text ${n}"; // and so on\n`).join('');
    provider.on(prompt, async (reply) => {
      reply.say(`${lines(0, 30)}\`\`\`rust\nfn main() {\n${code}}\n\`\`\`\n\n${lines(30, 60)}`);
      await reply.until(more.opened);
      reply.finish();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(line(answer, 59)).toBeInViewport();
    await line(answer, 55).hover();
    await wheelUp(page, 100);
    const block = answer.texts.locator('.code');
    // The block is just beyond the edge of the screen.
    await block.evaluate((block, where) => {
      const { top, bottom } = block.getBoundingClientRect();
      scrollBy({ top: where === 'above' ? bottom + 20 : top - innerHeight + 150, behavior: 'instant' });
    }, where);
    await still(page);
    const read = line(answer, where === 'above' ? 34 : 25);
    await expect(read).toBeInViewport();
    const before = { read: await top(read), block: await block.boundingBox() };
    coloured.open();
    await expect(block.locator('[class^="hl-"]').last()).toHaveText('// and so on');
    await still(page);
    expect({ read: await top(read), block: await block.boundingBox() }).toEqual(before);
    more.open();
    await answer.isIn('end');
    await still(page);
    expect(await top(read)).toBe(before.read);
  });
}

test('of a conversation of 500 messages only what is near the screen is laid out', async ({ chat, page, provider, prompt }) => {
  test.setTimeout(240_000);
  const texts = Array.from({ length: 250 }, (_, n) => `${mixed(400 + n)}End of ${n}.`);
  await conversation(chat, provider, prompt, texts);
  await expect(chat.answer().texts.getByText('End of 249.')).toBeAttached();
  for (const key of ['End', 'Home']) {
    await leaveComposer(page);
    await page.keyboard.press(key);
    await still(page);
    for (const [what, least] of [['.said', 250], ['.md :is(p, li, pre, tr)', 1_000]] as const) {
      const { all, laidOut: some } = await laidOut(page, what);
      expect(all, what).toBeGreaterThanOrEqual(least);
      expect(some, `${key}: ${what}`).toBeGreaterThan(0);
      expect(some, `${key}: ${what}`).toBeLessThan(all / 5);
    }
  }
});

test('of a very long answer only what is near the screen is laid out, and it is drawn bit by bit', async ({ chat, page, provider, prompt }) => {
  test.setTimeout(240_000);
  // What is built for development draws some ten times slower.
  const size = IS_RELEASE ? 300_000 : 150_000;
  const text = mixed(size);
  const drawn = gate();
  provider.on(prompt, async (reply) => {
    reply.say('It begins.\n\n');
    await reply.until(drawn.opened);
    reply.say(text);
    reply.say('\n\nThe very end.');
    reply.finish();
  });
  await chat.open();
  // How many nodes come at once, at most: between two such moments the page can do something else.
  await page.evaluate(() => {
    const counts: number[] = [];
    Object.assign(window, { counts });
    new MutationObserver((records) => {
      let count = 0;
      for (const { addedNodes } of records) count += addedNodes.length;
      counts.push(count);
    }).observe(document.querySelector('[data-testid=transcript]')!, { childList: true, subtree: true });
  });
  const answer = await chat.ask(prompt, FAKE);
  // Until its Markdown can be drawn, all of it would stand there at once, as it is.
  await expect(answer.texts.locator('.group')).toHaveCount(1);
  drawn.open();
  await answer.isIn('end', { timeout: 180_000 });
  // Not by its text: looking for that in a megabyte again and again would leave the page no time to draw.
  const last = answer.texts.locator('.group:last-child > :last-child');
  await expect(last).toHaveText('The very end.', { timeout: 60_000 });
  await expect(last).toBeInViewport();
  const { most, all } = await page.evaluate(() => {
    const { counts } = window as unknown as { counts: number[] };
    return { most: Math.max(...counts), all: counts.reduce((sum, count) => sum + count, 0) };
  });
  expect(all).toBeGreaterThan(size / 100);
  expect(most, 'of one frame').toBeLessThan(all / 10);
  for (const drawnBy of ['the page', 'the server']) {
    if (drawnBy === 'the server') await chat.open(new URL(page.url()).pathname);
    await expect(last).toHaveText('The very end.', { timeout: 60_000 });
    const { all, laidOut: some } = await laidOut(page, '.md :is(p, li, pre, tr)');
    expect(all, drawnBy).toBeGreaterThan(size / 200);
    expect(some, drawnBy).toBeGreaterThan(0);
    expect(some, drawnBy).toBeLessThan(all / 5);
  }
});
