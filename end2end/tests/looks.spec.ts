import { ECHO, FAKE, expect, gate, prose, test } from '../fixtures';
import { below, line, lines, still } from '../reader';

const WIDE = [
  'A line of code that is wider than any phone, in a fence:',
  '',
  '```text',
  'x'.repeat(300),
  '```',
  '',
  `| ${'a wide column | '.repeat(8)}`,
  `|${'---|'.repeat(8)}`,
  `| ${'cell | '.repeat(8)}`,
  '',
  `And a word: ${'long'.repeat(80)} https://example.org/${'path/'.repeat(40)}`,
].join('\n');

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`on a phone 360 px wide, ${scheme}`, () => {
    test.use({ viewport: { width: 360, height: 640 }, colorScheme: scheme, hasTouch: true });

    test('nothing is wider than the screen, whatever is said', async ({ chat, page }) => {
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await chat.open();
      expect(await overflow()).toBeLessThanOrEqual(0);
      const answer = await chat.ask(WIDE, ECHO);
      await answer.isIn('end');
      expect(await overflow()).toBeLessThanOrEqual(0);
      await expect(chat.composer).toBeInViewport();
      await expect(chat.send).toBeInViewport();
      await page.goto(new URL('/lab', page.url()).href);
      await chat.isLive();
      expect(await overflow()).toBeLessThanOrEqual(0);
    });
  });
}

/** The contrast of an element's text with the page behind it, as WCAG computes it. */
function contrast(element: Element): number {
  const rgba = (color: string) => {
    // The canvas knows every notation of a colour.
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  };
  const luminance = (color: Uint8ClampedArray) => {
    const [r, g, b] = [...color].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let behind: Element | null = element;
  while (behind && rgba(getComputedStyle(behind).backgroundColor)[3] !== 255) behind = behind.parentElement;
  const [light, dark] = [
    luminance(rgba(getComputedStyle(element).color)),
    luminance(rgba(behind ? getComputedStyle(behind).backgroundColor : 'white')),
  ].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test(`text can be read in ${scheme} mode`, async ({ chat, provider, prompt, page }) => {
      provider.on(prompt, async (reply) => {
        reply.think('A thought.');
        reply.say('Text with `code` and [a link](https://example.org/).\n\n```\nfence\n```\n');
        reply.fail('and an error');
      });
      await chat.open();
      const answer = await chat.ask(prompt, FAKE);
      await answer.isIn('error');
      // The text itself is dark on light, or light on dark.
      const color = await page.evaluate(() => getComputedStyle(document.body).color);
      const [red = 0] = (color.match(/\d+/g) ?? []).map(Number);
      expect(red < 128, color).toBe(scheme === 'light');
      for (const locator of [
        answer.texts,
        answer.texts.locator('code').first(),
        answer.texts.locator('a'),
        answer.texts.locator('pre'),
        answer.think.locator('summary'),
        answer.error,
        chat.userMessages,
        chat.composer,
      ]) {
        expect(await locator.evaluate(contrast), `${locator}`).toBeGreaterThan(4.5);
      }
    });
  });
}

test.describe('on a screen that holds less than the greeting', () => {
  test.use({ viewport: { width: 360, height: 480 } });

  test('an empty page is read from its beginning, and followed from the first message on', async ({ chat, page, provider, prompt }) => {
    const end = gate();
    provider.on(prompt, async (reply) => (reply.say(lines(0, 40)), await reply.until(end.opened), reply.finish()));
    await chat.open();
    await still(page);
    expect(await below(page)).toBeGreaterThan(40);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await expect(page.getByRole('heading', { level: 1 })).toBeInViewport({ ratio: 1 });
    const answer = await chat.ask(prompt, FAKE);
    await expect(line(answer, 39)).toBeInViewport();
    expect(await below(page)).toBeLessThanOrEqual(1);
    end.open();
    await answer.isIn('end');
  });
});

test.describe('on a screen of 1280 x 800 that is magnified twice', () => {
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });

  test('nothing is cut off, and most of the screen is for what is read', async ({ chat, page }) => {
    await chat.open();
    const answer = await chat.ask(WIDE, ECHO);
    await answer.isIn('end');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await expect(chat.composer).toBeInViewport();
    await expect(chat.send).toBeInViewport();
    const dock = await page.locator('.dock').evaluate((dock) => dock.getBoundingClientRect().height);
    expect(dock).toBeLessThan(200);
    // Nothing lies over it above.
    expect((await page.locator('.bar').boundingBox())!.y).toBeLessThan(0);
    for (const open of ['Settings', 'Keyboard shortcuts']) {
      await page.getByRole('button', { name: open, exact: true }).click();
      const dialog = page.getByRole('dialog', { name: open });
      const box = (await dialog.boundingBox())!;
      expect([box.x >= 0, box.y >= 0, box.x + box.width <= 640, box.y + box.height <= 400], open).toEqual(Array(4).fill(true));
      await dialog.getByRole('button').last().scrollIntoViewIfNeeded();
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    }
  });
});

test.describe('with forced colours', () => {
  test.use({ contextOptions: { forcedColors: 'active' } });

  test('what is told apart by its ground has a border', async ({ chat, provider, prompt, page }) => {
    provider.on(prompt, async (reply) => (reply.think('Hm.'), reply.say('As I was'), reply.fail('broken')));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await answer.isIn('error');
    await page.locator('.bar-settings').click();
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
    const bordered = [
      chat.userMessages,
      answer.think.locator('summary'),
      answer.error,
      chat.send,
      page.locator('.composer'),
      page.getByRole('dialog', { name: 'Settings' }),
      page.locator('#settings label span').first(),
    ];
    for (const locator of bordered)
      expect(await locator.evaluate((element) => getComputedStyle(element).borderTopStyle), `${locator}`).toBe('solid');
    // Nothing shines through what lies over the text.
    for (const over of ['.bar', '.dock'])
      expect(await page.locator(over).evaluate((element) => getComputedStyle(element).backgroundColor), over).not.toMatch(/, 0\)$/);
    // What is chosen differs by more than its colours, which are gone.
    const widths = await page.locator('#settings [name=theme] + span').evaluateAll((all) => all.map((one) => getComputedStyle(one).borderTopWidth));
    expect(new Set(widths).size).toBe(2);
  });

  test('what runs has its mark, and what is pressed looks so', async ({ chat, provider, prompt, page }) => {
    provider.on(prompt, async (reply) => (reply.say('```rust\nlet a = 1;\n```\n\nAnd'), await reply.silence()));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('And');
    const mark = await answer.root.evaluate((root) => getComputedStyle(root, '::after').backgroundColor);
    expect(mark).toBe(await page.evaluate(() => getComputedStyle(document.body).color));
    const wrap = answer.texts.getByRole('button', { name: 'Wrap' });
    const border = () => wrap.evaluate((button) => getComputedStyle(button).borderTopStyle);
    expect(await border()).toBe('none');
    await wrap.click();
    expect(await border()).toBe('solid');
  });
});

test('the page has a title, a language and an icon', async ({ chat, page }) => {
  await chat.open();
  await expect(page).toHaveTitle(/Sluice/);
  await expect(page.locator('html')).toHaveAttribute('lang', /^en/);
  const icon = await page.locator('link[rel~=icon]').first().getAttribute('href');
  const response = await page.request.get(new URL(icon ?? '/favicon.ico', page.url()).href);
  expect(response.status()).toBe(200);
  expect(response.headers()['content-type']).toMatch(/^image\//);
});

test('a finished answer can be read without scripts', async ({ chat, page, context, browser, provider, prompt }) => {
  const text = prose(200);
  provider.on(prompt, async (reply) => (reply.think('Hm.'), reply.say(`# Heading\n\n${text}`), reply.finish()));
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end');
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const second = await plain.newPage();
  await second.goto(page.url());
  await expect(second.getByRole('heading', { name: 'Heading' })).toBeVisible();
  await expect(second.getByTestId('text').locator('p')).toHaveText(text);
  await expect(second.getByTestId('user-message')).toHaveText(prompt);
  await plain.close();
});

test('the transcript follows the text, but not a reader who scrolled up', async ({ chat, page, provider, prompt }) => {
  let more = () => {};
  const scrolled = new Promise<void>((resolve) => (more = resolve));
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `line ${from + n}\n\n`).join('');
  provider.on(prompt, async (reply) => {
    await reply.dictate(lines(0, 60), 20, 2);
    await reply.until(scrolled);
    await reply.dictate(lines(60, 90), 20, 2);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts.getByText('line 59', { exact: true })).toBeInViewport();
  await answer.texts.getByText('line 59', { exact: true }).hover();
  await page.mouse.wheel(0, -1500);
  await expect(answer.texts.getByText('line 59', { exact: true })).not.toBeInViewport();
  more();
  await answer.isIn('end');
  await expect(answer.texts.getByText('line 89', { exact: true })).not.toBeInViewport();
});
