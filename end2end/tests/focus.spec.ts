/** What the keyboard reaches is seen: not under the bar, not under the dock, and marked. What goes passes the focus on. */
import type { Page } from '@playwright/test';
import type { AnswerView } from '../chat';
import { FAKE, expect, gate, test } from '../fixtures';
import type { Reply } from '../fake-provider';

interface Stop {
  name: string;
  /** Whether some of it is seen. */
  seen: boolean;
  /** Whether it, or what is around it, looks otherwise than without the focus. */
  marked: boolean;
}

const stop = (page: Page): Promise<Stop | undefined> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    if (element === document.body) return undefined;
    const { x, width, top, height, bottom } = element.getBoundingClientRect();
    const seen = [top + 2, top + height / 2, bottom - 2].some((y) => {
      const at = document.elementFromPoint(x + Math.min(width / 2, 20), y);
      return !!at && (element.contains(at) || at.contains(element));
    });
    const looks = () => {
      const around = [element, element.nextElementSibling, element.closest('form')].filter((one) => !!one);
      return around.map((one) => {
        const { outlineStyle, outlineColor, borderColor } = getComputedStyle(one);
        return `${outlineStyle} ${outlineColor} ${borderColor}`;
      });
    };
    const name = `${element.localName} ${(element.getAttribute('aria-label') ?? element.title) || element.textContent?.slice(0, 30)}`;
    const marked = looks().some((look) => look.startsWith('solid'));
    return { name, seen, marked: marked || element.localName === 'textarea' };
  });

const MARKDOWN = Array.from(
  { length: 12 },
  (_, n) => `A paragraph with [link ${n}](https://example.org/${n}) in it.\n\n\`\`\`rust\nlet n = ${n};\n\`\`\`\n\n|a|b|\n|-|-|\n|1|${n}|\n\n`,
).join('');

for (const [width, height] of [
  [1280, 640],
  // A screen of 1280 x 800, magnified twice.
  [640, 400],
] as const) {
  test.describe(`on ${width} x ${height}`, () => {
    test.use({ viewport: { width, height } });

    test('what is reached with Tab is seen and marked, on the way down and on the way up', async ({ chat, page, provider, prompt }) => {
      provider.on(prompt, async (reply) => (reply.think('Hm.'), reply.say(MARKDOWN), reply.finish()));
      await chat.open();
      await (await chat.ask(prompt, FAKE)).isIn('end');
      await chat.listIsLive();
      await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
      await page.locator('.skip').focus();
      await page.keyboard.press('Tab');
      for (const key of ['Tab', 'Shift+Tab']) {
        const names: string[] = [];
        for (let found = await stop(page); found && names.length < 150; found = await stop(page)) {
          names.push(found.name);
          expect(found, key).toEqual({ ...found, seen: true, marked: true });
          await page.keyboard.press(key);
        }
        for (const name of ['link 0', 'link 11', 'Message', 'Settings', 'Model']) expect(names.join('\n'), key).toContain(name);
        // From the end of the page to the last thing in it.
        if (key === 'Tab') await page.keyboard.press('Shift+Tab');
      }
    });
  });
}

/** Buttons that begin an answer and are gone then, and what comes before them. */
const beginners: Record<string, { first: (reply: Reply) => Promise<void>; button: (answer: AnswerView) => AnswerView['retry'] }> = {
  Regenerate: { first: async (reply) => (reply.say('One.'), reply.finish()), button: (answer) => answer.regenerate },
  Continue: { first: async (reply) => (reply.say('One.'), reply.finish('length')), button: (answer) => answer.proceed },
  Retry: { first: async (reply) => (reply.say('One.'), reply.fail('the GPU is on fire')), button: (answer) => answer.retry },
};

for (const [name, { first, button }] of Object.entries(beginners)) {
  test(`${name} passes the focus on to the answer that it begins`, async ({ chat, page, provider, prompt }) => {
    const ended = gate();
    const second = async (reply: Reply) => (reply.say('Two.'), await reply.until(ended.opened), reply.finish());
    provider.on(prompt, first, second);
    // A continuation ends with the answer itself.
    provider.on('One.', second);
    await chat.open();
    await button(await chat.ask(prompt, FAKE)).focus();
    await page.keyboard.press('Enter');
    await expect(chat.answer().texts).toHaveText('Two.');
    await expect(chat.answer().root).toBeFocused();
    ended.open();
    await chat.answer().isIn('end');
    await expect(chat.answer().root).toBeFocused();
  });
}

test('a button that did not have the focus leaves it where it is', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, ...['One.', 'Two.', 'Three.'].map((text) => async (reply: Reply) => (reply.say(text), reply.finish())));
  await chat.open();
  await chat.ask(prompt, FAKE);
  const regenerate = () => chat.answer().regenerate.evaluate((button: HTMLElement) => button.click());
  await expect(chat.composer).toBeFocused();
  await regenerate();
  await expect(chat.answer().texts).toHaveText('Two.');
  await expect(chat.composer).toBeFocused();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await regenerate();
  await expect(chat.answer().texts).toHaveText('Three.');
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body');
});

test.describe('of a message that was not sent', () => {
  // Chromium itself reports the status of a request that was refused.
  test.use({ expectedErrors: /the server responded with a status of (503|404)/ });

  test('Retry passes the focus on to the same answer', async ({ chat, page, provider, prompt }) => {
    provider.on(prompt, async (reply) => (reply.say('Two.'), reply.finish()));
    await chat.open();
    await page.route('**/api/chat', (route) =>
      route.fulfill({ status: 503, contentType: 'application/json', body: '{"error":{"kind":"unavailable","message":"Not now."}}' }),
    );
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.retry).toBeVisible();
    await page.unroute('**/api/chat');
    await answer.retry.focus();
    await page.keyboard.press('Enter');
    await answer.isIn('end');
    await expect(answer.root).toBeFocused();
  });
});
