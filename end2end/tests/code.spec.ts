/** Code blocks: their colours, which come when they are finished, and their buttons. */
import type { Locator, Page } from '@playwright/test';
import type { AnswerView, ChatPage } from '../chat';
import { FAKE, expect, gate, test } from '../fixtures';
import type { FakeProvider } from '../fake-provider';

const CODE = `/// What a lock may do, <b>and</b> what it may not.
#[derive(Debug)]
enum Level { Low, High }

fn open(level: &str) -> Option<u32> {
    // "quoted" & kept
    let found = match level { "low" => 1, r#"high"# => 0x2a, _ => return None };
\tSome(found)
}
`;

const COLOURS = /\/parts\/colours\.js/;
const PARTS = /\/parts\//;

/** What the page asks for of this, from now on. */
function asked(page: Page, what: RegExp): string[] {
  const urls: string[] = [];
  page.on('request', (request) => {
    if (what.test(request.url())) urls.push(request.url());
  });
  return urls;
}

function fence(language: string, code: string): string {
  return `Before it.\n\n\`\`\`${language}\n${code}\`\`\`\n\nBehind it.\n`;
}

/** An answer with this text, that has ended. */
async function answered(chat: ChatPage, provider: FakeProvider, prompt: string, text: string): Promise<AnswerView> {
  provider.on(prompt, async (reply) => (reply.say(text), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  return answer;
}

function coloured(code: Locator): Locator {
  return code.locator('[class^="hl-"]');
}

test('a page without code asks for nothing of it', async ({ chat, provider, prompt, page }) => {
  const parts = asked(page, PARTS);
  const answer = await answered(chat, provider, prompt, 'Some **text** and `code` in it.\n\n    an indented block\n\n```\nand one without a name\n```\n');
  await expect(answer.texts.locator('pre')).toHaveCount(2);
  await page.reload();
  await chat.isLive();
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  expect(parts).toEqual([]);
});

test('colours come when the fence is closed, and not before, and change no byte', async ({ chat, provider, prompt, page }) => {
  const parts = asked(page, PARTS);
  const closed = gate();
  provider.on(prompt, async (reply) => {
    reply.say(`\`\`\`rust\n${CODE}`);
    await closed.opened;
    reply.say('```\n\nBehind it.\n');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  const code = answer.texts.locator('code');
  await expect(code).toContainText('Some(found)');
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  expect(parts).toEqual([]);
  closed.open();
  await expect(coloured(code).first()).toBeAttached();
  expect(await code.evaluate((code) => code.textContent)).toBe(CODE);
  await expect(code.locator('.hl-keyword').first()).toHaveText('enum');
  await answer.isIn('end');
  // What the server drew gets them too.
  await page.reload();
  await chat.isLive();
  await expect(coloured(code).first()).toBeAttached();
  expect(await code.evaluate((code) => code.textContent)).toBe(CODE);
});

test('what is selected stays selected, and nothing moves', async ({ chat, provider, prompt, page }) => {
  const loaded = gate();
  await page.route(COLOURS, async (route) => {
    await loaded.opened;
    await route.continue();
  });
  const many = Array.from({ length: 200 }, (_, line) => `let line_${line} = "${line}"; // and so on\n`).join('');
  const answer = await answered(chat, provider, prompt, fence('rust', many));
  const code = answer.texts.locator('code');
  const block = answer.texts.locator('.code');
  const select = (from: string, to: string) =>
    code.evaluate(
      (code, [from, to]) => {
        const texts: Text[] = [];
        const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) texts.push(walker.currentNode as Text);
        const find = (word: string) => {
          const text = texts.find(({ data }) => data.includes(word)) as Text;
          return [text, text.data.indexOf(word)] as const;
        };
        // Backwards, as a reader can too.
        getSelection()?.setBaseAndExtent(...find(to as string), ...find(from as string));
        return getSelection()?.toString();
      },
      [from, to],
    );
  const before = await select('line_3 ', 'line_150');
  expect(before?.length).toBeGreaterThan(1000);
  const height = (await block.boundingBox())?.height;
  loaded.open();
  await expect(coloured(code).last()).toHaveText('// and so on');
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(before);
  expect(await page.evaluate(() => getSelection()?.direction ?? 'backward')).toBe('backward');
  expect((await block.boundingBox())?.height).toBe(height);
  expect(await code.evaluate((code) => code.textContent)).toBe(many);
});

test('a button in the block keeps the focus, and copies the source', async ({ chat, provider, prompt, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const loaded = gate();
  await page.route(COLOURS, async (route) => {
    await loaded.opened;
    await route.continue();
  });
  const answer = await answered(chat, provider, prompt, fence('rust', CODE));
  const copy = answer.texts.getByRole('button', { name: 'Copy' });
  await copy.focus();
  loaded.open();
  await expect(coloured(answer.texts.locator('code')).first()).toBeAttached();
  await expect(copy).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(answer.texts.getByRole('button', { name: 'Copied' })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(CODE);
});

test('long lines scroll inside, or are broken where the reader says so', async ({ chat, provider, prompt }) => {
  const long = `const text = "${'long '.repeat(100)}";\n`;
  const answer = await answered(chat, provider, prompt, fence('js', long));
  const pre = answer.texts.locator('pre');
  const sideways = () => pre.evaluate((pre) => pre.scrollWidth - pre.clientWidth);
  const wrap = answer.texts.getByRole('button', { name: 'Wrap' });
  await expect(wrap).toHaveAttribute('aria-pressed', 'false');
  expect(await sideways()).toBeGreaterThan(100);
  await wrap.press('Enter');
  await expect(wrap).toHaveAttribute('aria-pressed', 'true');
  expect(await sideways()).toBe(0);
  expect(await pre.textContent()).toBe(long);
  await wrap.click();
  expect(await sideways()).toBeGreaterThan(100);
});

test('an unknown language and a very long block stay plain', async ({ chat, provider, prompt, page }) => {
  const colours = asked(page, COLOURS);
  const code = asked(page, /\/parts\/code\.js/);
  const long = 'let x = 1;\n'.repeat(5_000);
  const answer = await answered(chat, provider, prompt, `${fence('brainfuck', '+++[->+<]\n')}\n${fence('rust', long)}`);
  await expect.poll(() => code.length).toBeGreaterThan(0);
  await answer.texts.locator('pre').last().scrollIntoViewIfNeeded();
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  expect(colours).toEqual([]);
  await expect(answer.texts.locator('[class^="hl-"]')).toHaveCount(0);
});

test('every name under which colours are looked for is one that they know', async ({ chat, page, server }) => {
  await chat.open();
  const unknown = await page.evaluate(async (server) => {
    const { LANGUAGES } = (await import(`${server}/parts/code.js`)) as { LANGUAGES: Set<string> };
    const { knows } = (await import(`${server}/parts/colours.js`)) as { knows: (name: string) => boolean };
    return [LANGUAGES.size > 15, [...LANGUAGES].filter((name) => !knows(name))];
  }, server.url);
  expect(unknown).toEqual([true, []]);
});

/** Code of many kinds, so that every colour is met. */
const COLOURFUL = [
  fence('rust', CODE),
  fence('diff', '--- a\n+++ b\n@@ -1 +1 @@\n-gone\n+new\n'),
  fence('html', '<!-- note --><a href="x">text &amp; more</a>\n'),
  fence('python', '@decorated\nclass Lock(Base):\n    def open(self): return self.level == 1.5\n'),
  fence('markdown', '# Title\n\n**strong** and *emphasis*, `code`\n'),
  fence('bash', '#!/bin/sh\necho "$HOME" # so\n'),
].join('\n');

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in a ${colorScheme} page`, () => {
    test.use({ colorScheme });

    test('every colour can be read', async ({ chat, provider, prompt }) => {
      const answer = await answered(chat, provider, prompt, COLOURFUL);
      for (const name of ['keyword', 'string', 'number', 'comment', 'title', 'type', 'name', 'meta', 'added', 'removed', 'strong', 'emphasis']) {
        const piece = answer.texts.locator(`.hl-${name}`).first();
        await expect(piece, name).toBeAttached();
        expect(await piece.evaluate(contrast), name).toBeGreaterThanOrEqual(4.5);
      }
    });
  });
}

/** The contrast of code with its block, as WCAG computes it. */
function contrast(piece: Element): number {
  const luminance = (colour: string) => {
    const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const block = piece.closest('.code') as Element;
  const [light = 0, dark = 0] = [getComputedStyle(piece).color, getComputedStyle(block).backgroundColor].map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}
