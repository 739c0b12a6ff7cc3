import { type Page } from '@playwright/test';
import { FAKE, expect, gate, test } from '../fixtures';

const TEXT =
  'The roots are $x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}$ and\n\n$$\\sum_{n=1}^\\infty \\frac1{n^2}$$\n\n' +
  'but $\\unheardof{x}$ is not one.\n';

/** Copies what is between two elements, and gives what is in the clipboard then. */
async function copied(page: Page, from: string, to: string): Promise<string> {
  await page.evaluate(
    ([from, to]) => {
      const range = document.createRange();
      range.setStartBefore(document.querySelector(from!)!);
      range.setEndAfter(document.querySelector(to!)!);
      getSelection()!.removeAllRanges();
      getSelection()!.addRange(range);
    },
    [from, to],
  );
  await page.keyboard.press('ControlOrMeta+c');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  return text.trim().replace(/\n+/g, '\n');
}

test('a formula is typeset when it has come, and stays as it is when the page is loaded again', async ({
  chat,
  page,
  provider,
  prompt,
}) => {
  const more = gate();
  provider.on(prompt, async (reply) => {
    reply.say(TEXT);
    reply.say('\nAnd');
    await reply.until(more.opened);
    reply.say(' the end.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  const formulas = answer.root.locator('code.math.typeset > math');
  await expect(formulas).toHaveCount(2);
  await expect(answer.root.locator('code.math-failed')).toHaveText('\\unheardof{x}');
  expect(await formulas.evaluateAll((all) => all.map((math) => math.namespaceURI))).toEqual(
    Array(2).fill('http://www.w3.org/1998/Math/MathML'),
  );
  await formulas.first().evaluate((math) => Object.assign(window, { math }));
  more.open();
  await answer.isIn('end');
  expect(await formulas.first().evaluate((math) => math === (window as never as { math: Element }).math)).toBe(true);

  const html = () => answer.texts.evaluate((text) => text.innerHTML);
  const live = await html();
  await page.reload();
  await chat.isLive();
  // The server writes the same.
  expect(await html()).toBe(live);
  expect(await page.evaluate(() => document.fonts.ready.then(() => document.fonts.check('16px "STIX Two Math"')))).toBe(
    true,
  );
});

test('formulas are copied as LaTeX', async ({ chat, context, page, provider, prompt }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  provider.on(prompt, async (reply) => {
    reply.say('Let $a_1$ be\n\n$$\\frac{a}{b}$$\n\n- so\n- **it** is\n');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await expect(answer.root.locator('math')).toHaveCount(2);
  const whole = 'Let $a_1$ be\n$$\\frac{a}{b}$$\nso\nit is';
  // The copying comes a little later than the formulas.
  await expect.poll(() => copied(page, '.md .group > :first-child', '.md li:last-child')).toBe(whole);
  await page.reload();
  await chat.isLive();
  await expect.poll(() => copied(page, '.md .group > :first-child', '.md li:last-child')).toBe(whole);
  expect(await copied(page, '.md math mi', '.md math mi')).toBe('$a_1$');
});

test('a wide formula scrolls by itself', async ({ chat, page, provider, prompt }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  const long = Array.from({ length: 40 }, (_, n) => `x_{${n}}`).join(' + ');
  provider.on(prompt, async (reply) => {
    reply.say(`$$${long}$$\n\nand $${long}$ too\n`);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await expect(answer.root.locator('code.math.wide')).toHaveCount(2);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  const wide = answer.root.locator('code.math.wide').first();
  await wide.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => wide.evaluate((formula) => formula.scrollLeft)).toBeGreaterThan(0);
});

test('formulas stay where late notes come before and behind them', async ({ chat, provider, prompt }) => {
  const notes = gate();
  provider.on(prompt, async (reply) => {
    reply.say('x[^1] $a$ and $b$ y[^2].\n\nnext\n\n');
    await reply.until(notes.opened);
    reply.say('[^1]: one\n[^2]: two\n\nend');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  const formulas = answer.root.locator('code.math.typeset > math');
  await expect(formulas).toHaveCount(2);
  const before = await formulas.elementHandles();
  notes.open();
  await answer.isIn('end');
  await expect(answer.root.locator('.group p').first().locator('sup')).toHaveCount(2);
  expect(await formulas.locator('annotation').allTextContents()).toEqual(['a', 'b']);
  for (const formula of before) expect(await formula.evaluate((formula) => formula.isConnected)).toBe(true);
});
