/** axe finds nothing, in every state of the page, in both themes, wide and narrow. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { ChatPage } from '../chat';
import type { CutProxy, Plan } from '../cut-proxy';
import { ARTICLE, ECHO, FAKE, expect, gate, test } from '../fixtures';
import { leaveComposer, line, lines, still } from '../reader';
import { command, startServer } from '../server';
import type { FakeProvider } from '../fake-provider';

const MARKDOWN = [
  'Some *emphasis* and [a link](https://example.org/x), `code`, and a footnote[^1].',
  '',
  '## A heading',
  '',
  '- [ ] one',
  '- two',
  '',
  '> A quote.',
  '',
  '| a | b |',
  '|---|---|',
  '| 1 | 2 |',
  '',
  '```rust',
  `fn main() { println!("${'long '.repeat(60)}") }`,
  '```',
  '',
  'And $x^2$.',
  '',
  '[^1]: The note.',
].join('\n');

interface Scene {
  page: Page;
  chat: ChatPage;
  provider: FakeProvider;
  prompt: string;
  narrow: boolean;
  breaking: (plan: Plan) => Promise<{ proxy: CutProxy; chat: ChatPage }>;
}

/** Brings the page into a state; what is returned lets go of it. */
const scenes: Record<string, (scene: Scene) => Promise<void | (() => void)>> = {
  empty: async ({ chat }) => chat.open(),
  typing: async ({ chat }) => {
    await chat.open();
    await chat.composer.fill('Something that is being written');
  },
  waiting: async ({ chat, provider, prompt }) => {
    const end = gate();
    provider.on(prompt, async (reply) => (await reply.until(end.opened), reply.finish()));
    await chat.open();
    await chat.ask(prompt, FAKE);
    await expect(chat.connection).toHaveAttribute('data-phase', 'waiting');
    return end.open;
  },
  thinking: async ({ chat, provider, prompt }) => {
    const end = gate();
    provider.on(prompt, async (reply) => {
      reply.think('A thought.\n'.repeat(60));
      await reply.until(end.opened);
      reply.finish();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.thinkText).toContainText('A thought.');
    return end.open;
  },
  streaming: async ({ chat, provider, prompt }) => {
    const end = gate();
    provider.on(prompt, async (reply) => {
      reply.think('A thought.');
      reply.say(`${MARKDOWN}\n\nAnd then **unfin`);
      await reply.until(end.opened);
      reply.finish();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('unfin');
    return end.open;
  },
  finished: async ({ chat, page }) => {
    await chat.open();
    const answer = await chat.ask(MARKDOWN, ECHO);
    await answer.isIn('end');
    await page.mouse.move(0, 0);
  },
  'finished, with an image and thinking, after a reload': async ({ chat, page, provider, prompt }) => {
    provider.on(prompt, async (reply) => (reply.think('A thought.'), reply.say(MARKDOWN), reply.finish()));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await answer.isIn('end');
    await page.reload();
    await chat.isLive();
    await chat.answer().think.locator('summary').click();
  },
  error: async ({ chat, provider, prompt }) => {
    provider.on(prompt, async (reply) => (reply.say('As I was'), reply.fail('the model broke')));
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('error');
  },
  stopped: async ({ chat, provider, prompt }) => {
    provider.on(prompt, async (reply) => (reply.say('As I was'), await reply.silence()));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toHaveText('As I was');
    await chat.stop.click();
    await answer.isIn('cancelled');
  },
  unsent: async ({ chat, page, prompt }) => {
    await chat.open();
    await page.route('**/api/chat', (route) => route.fulfill({ status: 503, json: { error: { kind: 'x', message: 'No.' } } }));
    await (await chat.ask(prompt, FAKE)).isIn('unsent');
  },
  'the drawer is open': async ({ chat, page, narrow, prompt, provider }) => {
    provider.on(prompt, async (reply) => (reply.say('Yes.'), reply.finish()));
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('end');
    if (narrow) await page.locator('.bar-list').click();
    await expect(chat.rows.first()).toBeVisible();
  },
  'the settings are open': async ({ chat, page }) => {
    await chat.open();
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  },
  'the list of keys is open': async ({ chat, page }) => {
    await chat.open();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  },
  'the facts of an answer are open': async ({ chat, provider, prompt }) => {
    provider.on(prompt, async (reply) => (reply.say('Yes.'), reply.finish()));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await answer.isIn('end');
    await answer.root.getByTestId('facts').locator('summary').click();
    await expect(answer.root.getByRole('button', { name: 'Copy as plain text' })).toBeVisible();
  },
  'an image is large': async ({ chat, page }) => {
    await chat.open();
    const answer = await chat.ask('Tell me', ARTICLE);
    await answer.image.click();
    await expect(page.getByRole('dialog').getByRole('img')).toBeVisible();
  },
  'an image is gone': async ({ chat }) => {
    await chat.open();
    const answer = await chat.ask(`![what it was](/api/files/${'0'.repeat(64)}-300x200)`, ECHO);
    await answer.isIn('end');
    await expect(answer.texts.getByRole('link', { name: 'what it was' })).toHaveAttribute('data-broken', /./);
  },
  'a diagram is shown': async ({ chat }) => {
    await chat.open();
    const answer = await chat.ask('```mermaid\ngraph TD\n  A --> B\n```', ECHO);
    await answer.isIn('end');
    await answer.texts.getByRole('button', { name: 'Show diagram' }).click();
    await expect(answer.texts.getByRole('button', { name: 'Show source' })).toBeVisible();
  },
  'a diagram could not be drawn': async ({ chat }) => {
    await chat.open();
    const answer = await chat.ask('```mermaid\ngraph TD\n  A[[[ --> ???\n```', ECHO);
    await answer.isIn('end');
    await answer.texts.getByRole('button', { name: 'Show diagram' }).click();
    await expect(answer.texts.getByRole('status')).toBeVisible();
  },
  'away from the end': async ({ chat, page, provider, prompt }) => {
    const end = gate();
    provider.on(prompt, async (reply) => (reply.say(lines(0, 60)), await reply.until(end.opened), reply.finish()));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(line(answer, 59)).toBeInViewport();
    await leaveComposer(page);
    await page.keyboard.press('Home');
    await expect(page.getByRole('button', { name: 'Jump to newest' })).toBeVisible();
    await still(page);
    return end.open;
  },
  'the connection is lost': async ({ page, provider, prompt, breaking }) => {
    provider.on(prompt, async (reply) => (reply.say(MARKDOWN), await reply.silence()));
    const { proxy, chat } = await breaking(() => undefined);
    // No stream comes back, so the page stays in this state for as long as it is looked at.
    await page.route('**/api/chat/*/events*', (route) => route.abort());
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('The note.');
    proxy.breakNow();
    await expect(chat.connection).toHaveAttribute('data-phase', 'reconnecting');
    await expect(chat.connection).toBeVisible();
  },
  'a conversation gets another title': async (scene) => {
    await withRow(scene);
    await scene.chat.rows.first().getByRole('button', { name: /^Rename/ }).press('Enter');
    await expect(scene.page.getByRole('textbox', { name: 'New title' })).toBeVisible();
  },
  'a conversation was deleted': async (scene) => {
    await withRow(scene);
    await scene.chat.rows.first().getByRole('button', { name: /^Delete/ }).press('Enter');
    await expect(scene.chat.toast).toBeVisible();
  },
  'a conversation that is not there': async ({ chat, page }) => {
    await page.goto(new URL('/c/0190a6e0-0000-7000-8000-000000000000', await origin(chat)).href);
    await chat.isLive();
  },
  'the lab': async ({ chat }) => chat.open('/lab'),
};

/** A conversation in the list, which is seen. */
async function withRow({ chat, page, narrow, prompt, provider }: Scene) {
  provider.on(prompt, async (reply) => (reply.say('Yes.'), reply.finish()));
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end');
  await chat.listIsLive();
  if (narrow) await page.locator('.bar-list').click();
  await expect(chat.rows.first()).toBeVisible();
}

async function origin(chat: ChatPage): Promise<string> {
  await chat.open();
  return chat.page.url();
}

async function found(page: Page): Promise<string[]> {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.replaceAll(/\s+/g, ' ')}`),
  );
}

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    test.describe(`${scheme}, ${width} px`, () => {
      test.use({
        colorScheme: scheme,
        viewport: { width, height: 800 },
        expectedErrors: /status of (404|503)|net::ERR_[A-Z_]+ .*\/api\/chat/,
        // Animations are at their end, so that no colour is measured on its way.
        contextOptions: { reducedMotion: 'reduce' },
      });

      for (const [name, bring] of Object.entries(scenes)) {
        test(`axe finds nothing: ${name}`, async ({ chat, page, provider, prompt, breaking }) => {
          const release = await bring({ page, chat, provider, prompt, breaking, narrow: width < 600 });
          expect(await found(page)).toEqual([]);
          release?.();
        });
      }

      test('axe finds nothing: signing in', async ({ page, origins }) => {
        const data = mkdtempSync(path.join(tmpdir(), 'sluice-data-'));
        command(['user', 'add', 'anna', '--data', data], 'correct horse\n');
        const server = await startServer('', data);
        origins.add(server.url);
        await page.goto(server.url);
        await expect(page.getByLabel('Password')).toBeVisible();
        expect(await found(page)).toEqual([]);
        await server.stop();
        rmSync(data, { recursive: true });
      });
    });
  }
}
