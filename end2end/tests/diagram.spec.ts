/** Diagrams: offered where a fence is closed, drawn when asked for, in a frame that can do nothing else. */
import type { Request } from '@playwright/test';
import type { ChatPage } from '../chat';
import { FAKE, expect, gate, test } from '../fixtures';
import type { FakeProvider } from '../fake-provider';

const GRAPH = 'graph TD\n  A[Low water] --> B{Gate shut?}\n  B -->|yes| C[Fill]\n  B -->|no| A\n';

function fence(source: string): string {
  return `Before it.\n\n\`\`\`mermaid\n${source}\`\`\`\n\nBehind it.\n`;
}

/** The block of an answer with this diagram. */
async function answered(chat: ChatPage, provider: FakeProvider, prompt: string, source: string) {
  provider.on(prompt, async (reply) => (reply.say(fence(source)), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  const block = answer.texts.locator('.code');
  return {
    block,
    source: block.locator('pre'),
    show: block.getByRole('button', { name: 'Show diagram' }),
    hide: block.getByRole('button', { name: 'Show source' }),
    frame: block.locator('iframe'),
    drawing: block.frameLocator('iframe').locator('svg').first(),
    failed: block.getByRole('status'),
  };
}

test('a diagram is offered once its fence is closed, and nothing is loaded for it', async ({ chat, provider, prompt, page }) => {
  const urls: string[] = [];
  page.on('request', (request) => urls.push(new URL(request.url()).pathname));
  const closed = gate();
  provider.on(prompt, async (reply) => {
    reply.say(`\`\`\`mermaid\n${GRAPH}`);
    await closed.opened;
    reply.say('```\n\nBehind it.\n');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts.locator('code')).toContainText('Fill');
  const show = answer.texts.getByRole('button', { name: 'Show diagram' });
  await expect(show).toHaveCount(0);
  closed.open();
  await expect(show).toBeVisible();
  await answer.isIn('end');
  expect(urls).not.toContain('/diagram');
  expect(urls).not.toContain('/parts/diagram.js');
  await expect(answer.texts.locator('iframe')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in a ${colorScheme} page`, () => {
    test.use({ colorScheme });

    test('it is drawn when asked for, and its source is there again when asked for', async ({ chat, provider, prompt, page, context }) => {
      const diagram = await answered(chat, provider, prompt, GRAPH);
      await diagram.show.press('Enter');
      await expect(diagram.drawing).toContainText('Low water');
      await expect(diagram.hide).toBeFocused();
      await expect(diagram.source).toBeHidden();
      await expect(diagram.frame).toHaveAttribute('title', 'Diagram');
      await expect(diagram.frame).toHaveAttribute('sandbox', 'allow-scripts');
      // It takes up what it needs, and no more.
      const height = (await diagram.frame.boundingBox())?.height ?? 0;
      const drawn = (await diagram.drawing.boundingBox())?.height ?? 0;
      expect(drawn).toBeGreaterThan(100);
      expect(height).toBeGreaterThanOrEqual(drawn);
      expect(height).toBeLessThan(drawn + 60);
      expect(await diagram.frame.evaluate((frame) => frame.ownerDocument.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      const scheme = await diagram.drawing.evaluate(() => document.documentElement.style.colorScheme);
      expect(scheme).toBe(colorScheme);
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await diagram.block.getByRole('button', { name: 'Copy' }).click();
      await expect(diagram.block.getByRole('button', { name: 'Copied' })).toBeVisible();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(GRAPH);
      await diagram.hide.click();
      await expect(diagram.frame).toHaveCount(0);
      await expect(diagram.source).toBeVisible();
      expect(await diagram.source.textContent()).toBe(GRAPH);
    });
  });
}

test('as plain text its source is copied, shown or not', async ({ chat, provider, prompt, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const diagram = await answered(chat, provider, prompt, GRAPH);
  await chat.answer().root.getByTestId('facts').locator('summary').click();
  const copied = async () => {
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await chat.answer().root.getByRole('button', { name: 'Copy as plain text' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).not.toBe('');
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const text = `Before it.\n\n${GRAPH}\n\nBehind it.`;
  expect(await copied()).toBe(text);
  await diagram.show.click();
  await expect(diagram.drawing).toContainText('Low water');
  await expect(diagram.source).toBeHidden();
  expect(await copied()).toBe(text);
});

test('it follows the page into the dark', async ({ chat, provider, prompt, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const diagram = await answered(chat, provider, prompt, GRAPH);
  await diagram.show.click();
  await expect(diagram.drawing).toContainText('Low water');
  const scheme = () => diagram.drawing.evaluate(() => document.documentElement.style.colorScheme);
  expect(await scheme()).toBe('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(scheme).toBe('dark');
  await expect(diagram.drawing).toContainText('Low water');
});

test('what can not be drawn shows its source, with a sentence', async ({ chat, provider, prompt }) => {
  const diagram = await answered(chat, provider, prompt, 'graph TD\n  A[[[ --> ???\n');
  await diagram.show.click();
  await expect(diagram.failed).toHaveText('This diagram could not be drawn, so here is its source.');
  await expect(diagram.frame).toHaveCount(0);
  await expect(diagram.source).toBeVisible();
  await expect(diagram.show).toBeFocused();
});

test('what is not drawn within five seconds shows its source', async ({ chat, provider, prompt, page }) => {
  const deaf = "addEventListener('message', () => (document.body.textContent = 'asked'))";
  await page.route('**/parts/diagram.js*', (route) => route.fulfill({ contentType: 'text/javascript', body: deaf }));
  await page.clock.install();
  const diagram = await answered(chat, provider, prompt, GRAPH);
  // From here on the page's time stands still but for what is said below.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1_000);
  await diagram.show.click();
  await expect(diagram.block.frameLocator('iframe').locator('body')).toHaveText('asked');
  await page.clock.fastForward(4_900);
  expect(await diagram.frame.count()).toBe(1);
  await page.clock.fastForward(200);
  expect(await diagram.frame.count()).toBe(0);
  await expect(diagram.failed).toBeVisible();
  await expect(diagram.source).toBeVisible();
});

const HOSTILE = [
  'graph TD\n  A["<img src=x onerror=parent.postMessage({height:1},1)><script>alert(1)</script>"] --> B\n',
  'graph TD\n  A --> B\n  click A "javascript:alert(1)"\n  click B call alert(1)\n',
  '%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "*{background:url(//evil.test/a)}"}}%%\ngraph TD\n  A["<iframe srcdoc=\'<script>alert(1)</script>\'></iframe>"] --> B\n',
  'graph TD\n  A@{ img: "https://evil.test/cat.png", label: "cat", w: 60, h: 60 }\n',
];

test.describe('a hostile source', () => {
  // The frame's own policy is what stops some of them, and says so; what was not sent is told of as well.
  test.use({ expectedErrors: /Content Security Policy|policy violation|^foreign request: https?:..evil.test|EncodingError/ });

  for (const [number, source] of HOSTILE.entries()) {
    test(`scripts nothing and fetches nothing (${number})`, async ({ chat, provider, prompt, page }) => {
      const foreign: Request[] = [];
      page.on('request', (request) => {
        if (request.url().includes('evil.test')) foreign.push(request);
      });
      const diagram = await answered(chat, provider, prompt, source);
      await page.evaluate(() => Object.assign(window, { untouched: true }));
      await diagram.show.click();
      await expect(diagram.hide.or(diagram.failed)).toBeVisible();
      const frame = page.frames().find((frame) => frame.url().endsWith('/diagram'));
      if (frame) {
        // Its origin is nobody's: not even our cookies are in its reach.
        expect(await frame.evaluate(() => self.origin)).toBe('null');
        expect(await frame.evaluate(() => document.querySelectorAll('script:not([src]), iframe, [onerror], a[href^="javascript"]').length)).toBe(0);
      }
      expect(await page.evaluate(() => 'untouched' in window)).toBe(true);
      for (const request of foreign) await expect.poll(() => request.failure()?.errorText).toBe('csp');
    });
  }
});

test('what a frame says of its height is taken within bounds, and from no other frame', async ({ chat, provider, prompt, page }) => {
  const lies = "addEventListener('message', ({data}) => parent.postMessage(JSON.parse(data.source), '*'))";
  await page.route('**/parts/diagram.js*', (route) => route.fulfill({ contentType: 'text/javascript', body: lies }));
  for (const [number, [said, height]] of Object.entries([['{"height":1e9}', 1200], ['{"height":-5}', 40]] as const)) {
    const diagram = await answered(chat, provider, `${prompt} ${number}`, `${said}\n`);
    await diagram.show.click();
    await expect(diagram.source).toBeHidden();
    expect((await diagram.frame.boundingBox())?.height).toBe(height);
    await page.evaluate(() => postMessage({ height: 700 }, '*'));
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect((await diagram.frame.boundingBox())?.height).toBe(height);
  }
  const diagram = await answered(chat, provider, `${prompt} 2`, '{"height":"<b>"}\n');
  await diagram.show.click();
  await expect(diagram.failed).toBeVisible();
});
