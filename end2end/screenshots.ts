/**
 * Pictures of the pages in all their states, light and dark, wide and narrow, into
 * `end2end/screenshots`; the one for the README into `docs`.
 */
import path from 'node:path';
import type { ChatPage } from './chat';
import type { FakeProvider } from './fake-provider';
import { ARTICLE, ECHO, FAKE, expect, test } from './fixtures';

const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

const TEXT = `A **lock** lifts a boat by letting water in at the bottom, so that nothing is ever pumped.

1. The boat enters, and the lower gates close.
2. A *sluice* in the upper gate opens.
3. When both sides are level, the upper gates open by hand.

| gate | below | above |
|---|---|---|
| lower | 2.1 m | 4.8 m |
| upper | 4.8 m | 7.5 m |

\`\`\`rust
fn level(chamber: f64, upper: f64) -> bool {
    (upper - chamber).abs() < 0.01
}
\`\`\`

> It is the simplest machine that a miller would trust.
`;

interface Stage {
  chat: ChatPage;
  provider: FakeProvider;
  prompt: string;
}

/** Each brings the page into a state. */
const STATES: Record<string, (stage: Stage) => Promise<void>> = {
  async empty({ chat }) {
    await chat.open();
  },
  async waiting({ chat, provider, prompt }) {
    provider.on(prompt, (reply) => reply.silence());
    await chat.open();
    await chat.ask(prompt, FAKE);
    await expect(chat.connection).toBeVisible();
  },
  async thinking({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.think('The gates are the easy part. What moves the water? Nothing does: it falls. So I ');
      await reply.silence();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.thinkText).toHaveText(/falls/);
  },
  async streaming({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.think('The gates are the easy part.');
      reply.say(TEXT.slice(0, 480));
      await reply.silence();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('lower');
  },
  async ended({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.think('The gates are the easy part.');
      reply.say(TEXT);
      reply.finish();
    });
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('end');
  },
  async stopped({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.say(TEXT.slice(0, 200));
      await reply.silence();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('enters');
    await chat.stop.click();
    await answer.isIn('cancelled');
  },
  async error({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.say(TEXT.slice(0, 200));
      reply.fail('The GPU has gone for lunch.');
    });
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('error');
  },
  async offline({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.say(TEXT.slice(0, 200));
      await reply.silence();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('enters');
    await chat.page.context().setOffline(true);
    // The open connection does not notice, but the page replaces it at this event.
    await chat.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(chat.connection).toHaveAttribute('data-phase', 'offline');
  },
  async list({ chat, provider, prompt }) {
    await chat.open();
    for (const title of ['Why is the sky blue at noon and red at dusk?', 'Names for a sloop', '用中文介绍一下流式输出']) {
      await chat.open();
      await (await chat.ask(title, ECHO)).isIn('end');
    }
    provider.on(prompt, async (reply) => (reply.say(TEXT.slice(0, 200)), await reply.silence()));
    await chat.open();
    await expect((await chat.ask(prompt, FAKE)).texts).toContainText('enters');
    const menu = chat.page.getByRole('button', { name: 'Conversations' });
    if (await menu.isVisible()) await menu.click();
    await chat.rows.nth(2).hover();
  },
  async renaming(stage) {
    await STATES.list?.(stage);
    await stage.chat.rows.nth(2).getByRole('button', { name: /^Rename/ }).click();
  },
  async deleted(stage) {
    await STATES.list?.(stage);
    await stage.chat.rows.nth(2).getByRole('button', { name: /^Delete/ }).click();
    await expect(stage.chat.toast).toBeVisible();
  },
  async versions({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => (reply.say(TEXT.slice(0, 200)), reply.finish('length')));
    provider.on(TEXT.slice(0, 200), async (reply) => (reply.say(TEXT.slice(200)), reply.finish()));
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('end');
    await chat.answer().regenerate.click();
    await expect(chat.answer().versions).toBeVisible();
    await chat.answer().proceed.click();
    await expect(chat.answers).toHaveCount(2);
    await chat.answer().isIn('end');
    await chat.userMessages.hover();
  },
  async editing({ chat }) {
    await chat.open();
    await (await chat.ask('A message with a misteak', ECHO)).isIn('end');
    await chat.userMessages.hover();
    await chat.page.getByRole('button', { name: 'Edit message' }).click();
  },
  async missing({ chat }) {
    await chat.open('/c/00000000-0000-4000-8000-000000000000');
  },
  async lab({ chat }) {
    await chat.open('/lab');
    await chat.page.getByTestId('lab-mode').getByLabel('Typed').check({ force: true });
    await chat.page.locator('[name=pace_ms]').fill('5');
    await chat.page.locator('[name=seed]').fill('1');
    await chat.page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(chat.page.getByTestId('lab-state')).toHaveAttribute('data-state', 'end', { timeout: 30_000 });
  },
};

test.use({ expectedErrors: /Failed to load resource/ });

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${size} ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });
      for (const [name, reach] of Object.entries(STATES)) {
        test(name, async ({ chat, provider, page }, { workerIndex }) => {
          await reach({ chat, provider, prompt: `How does a lock lift a boat${'?'.repeat(workerIndex + 1)}` });
          // What is shown only after a moment, so that it does not flicker, is there by then.
          await page.waitForTimeout(1_500);
          await page.screenshot({ path: `screenshots/${name}-${size}-${colorScheme}.png` });
        });
      }
    });
  }
}

test.describe('for the README', () => {
  test.use({ viewport: { width: 1120, height: 1010 } });

  test('the demo while it speaks', async ({ chat, page, context, server }) => {
    await chat.open();
    const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    // Always the same text, and held where it is worth looking at.
    const conversation = crypto.randomUUID();
    const start = new AbortController();
    await fetch(`${server.url}/api/chat`, {
      method: 'POST',
      signal: start.signal,
      headers: { 'content-type': 'application/json', cookie: cookies, origin: server.url },
      body: JSON.stringify({
        conversation,
        model: ARTICLE,
        message: { parts: [{ t: 'text', r: 'How does a lock lift a boat?' }] },
        options: { seed: 4, pace_ms: 5, stall_after: 1272 },
      }),
    });
    start.abort();
    await chat.open(`/c/${conversation}`);
    await expect.poll(async () => (await chat.answer().text()).length).toBeGreaterThan(300);
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: path.join(import.meta.dirname, '../docs/screenshot.png') });
  });
});
