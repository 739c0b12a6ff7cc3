import type { Page } from '@playwright/test';
import { type Snapshot, textOf } from '../chat';
import { ARTICLE, FAKE, expect, gate, prose, random, test } from '../fixtures';

// Chromium itself reports connections that break, and a GET that finds nothing yet.
test.use({ expectedErrors: /Failed to load resource: (net::ERR_[A-Z_]+|.* status of 404) .*\/api\/chat/ });

/** The starts that the page sends. (On a connection that breaks before a response, Chromium may send
 * the same request once more by itself; that is what the ids are for.) */
function startsOf(page: Page): string[] {
  const bodies: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname === '/api/chat')
      bodies.push(request.postData() ?? '');
  });
  return bodies;
}

/** What the reader has on the screen is what the server has, and what a fresh page shows. */
async function isSame(
  text: string,
  stored: Snapshot,
  fresh: () => Promise<string>,
) {
  expect(text).toBe(textOf(stored));
  expect(await fresh()).toBe(text);
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`a connection that is cut at random places loses and repeats nothing (seed ${seed})`, async ({
    breaking,
    provider,
    prompt,
    snapshot,
    page,
    context,
  }) => {
    const pick = random(seed);
    const text = prose(3_000);
    provider.on(prompt, async (reply) => {
      reply.think(prose(200));
      await reply.dictate(text, 1 + Math.floor(pick() * 30), 5);
      reply.finish();
    });
    const { proxy, chat } = await breaking(({ index }) =>
      // The sixth connection holds, so that the test ends.
      index < 6
        ? { after: 1 + Math.floor(pick() * 1_500), how: pick() < 0.5 ? 'reset' : 'close' }
        : undefined,
    );
    const starts = startsOf(page);
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await answer.isIn('end', { timeout: 50_000 });
    await expect(answer.root).toHaveAttribute('data-verdict', 'whole');
    await expect(chat.connection).toHaveCount(0);

    const stored = await snapshot(await answer.id());
    expect(textOf(stored)).toBe(text);
    await isSame((await answer.text()).trim(), stored, async () => {
      const second = await context.newPage();
      await second.goto(page.url());
      return (await second.getByTestId('text').allTextContents()).join('').trim();
    });
    expect(proxy.cuts, 'connections were really cut').toBeGreaterThan(2);
    expect(starts, 'the POST is never repeated').toHaveLength(1);
    expect(provider.calls(prompt), 'the provider was asked once').toHaveLength(1);
  });
}

test('a start whose response never came is found, not repeated', async ({ breaking, provider, prompt, page }) => {
  provider.on(prompt, async (reply) => (reply.say('I did hear you.'), reply.finish()));
  const starts = startsOf(page);
  const { proxy, chat } = await breaking(({ start }) => (start ? { after: 0, how: 'reset' } : undefined));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await expect(answer.texts).toHaveText('I did hear you.');
  expect(proxy.cuts).toBeGreaterThan(0);
  expect(starts).toHaveLength(1);
  expect(provider.calls(prompt)).toHaveLength(1);
});

test('a message that never reached the server is shown as not sent, and Retry sends it', async ({
  chat,
  provider,
  prompt,
  page,
}) => {
  provider.on(prompt, async (reply) => (reply.say('Now.'), reply.finish()));
  const bodies: (string | null)[] = [];
  await chat.open();
  await page.route('**/api/chat', (route) => {
    bodies.push(route.request().postData());
    return bodies.length === 1 ? route.abort('connectionreset') : route.continue();
  });
  const answer = await chat.ask(prompt, FAKE);
  // It asks for 11 seconds whether the message has arrived after all.
  await answer.isIn('unsent', { timeout: 25_000 });
  expect(bodies).toHaveLength(1);
  await answer.retry.click();
  await chat.answer().isIn('end');
  await expect(chat.answer().texts).toHaveText('Now.');
  await expect(chat.userMessages).toHaveCount(1);
  expect(bodies).toHaveLength(2);
  expect(bodies[1], 'the same body with the same ids').toBe(bodies[0]);
  expect(provider.calls(prompt)).toHaveLength(1);
});

test('a message that never reached the server is one also where the page was left meanwhile', async ({
  chat,
  provider,
  prompt,
  page,
}) => {
  provider.on(prompt, async (reply) => (reply.say('Now.'), reply.finish()));
  let starts = 0;
  const asked = gate();
  await chat.open();
  await page.route('**/api/chat', (route) => (starts++ ? route.continue() : route.abort('connectionreset')));
  // The first one to ask whether it has arrived hears nothing.
  await page.route('**/api/chat/*/events?*', () => asked.open(), { times: 1 });
  const answer = await chat.ask(prompt, FAKE);
  await asked.opened;
  await page.evaluate(() => {
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  await answer.isIn('unsent', { timeout: 25_000 });
  await answer.retry.click();
  await chat.answer().isIn('end');
  expect(provider.calls(prompt)).toHaveLength(1);
});

test('a reload in the middle goes on where it was', async ({ chat, provider, prompt, page, snapshot }) => {
  const reloaded = gate();
  const [before, after] = [prose(500), prose(400)];
  provider.on(prompt, async (reply) => {
    reply.think('A thought.');
    await reply.dictate(before, 7, 1);
    await reply.until(reloaded.opened);
    await reply.dictate(after, 7, 1);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText(before);
  await page.reload();
  // From the server's HTML, before anything is live.
  await expect(chat.answer().texts).toHaveText(before);
  await chat.isLive();
  await chat.answer().isIn('running');
  await expect(chat.stop).toBeVisible();
  reloaded.open();
  await chat.answer().isIn('end');
  await expect(chat.answer().root).toHaveAttribute('data-verdict', 'whole');
  await expect(chat.answer().texts).toHaveText(before + after);
  await expect(chat.answer().thinkText).toHaveText('A thought.');
  expect(textOf(await snapshot(await chat.answer().id()))).toBe(before + after);
  expect(provider.calls(prompt)).toHaveLength(1);
});

test('an answer runs on while nobody looks', async ({ chat, provider, prompt, page }) => {
  const left = gate();
  provider.on(prompt, async (reply) => {
    reply.say('Before. ');
    await reply.until(left.opened);
    reply.say('After.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('Before.');
  const url = page.url();
  await page.goto('about:blank');
  left.open();
  expect(await provider.calls(prompt)[0]?.closed).toBe('answered');
  await page.goto(url);
  await chat.isLive();
  await chat.answer().isIn('end');
  await expect(chat.answer().texts).toHaveText('Before. After.');
});

test('a second tab reads the same answer', async ({ chat, context, page, snapshot }) => {
  await chat.open();
  const answer = await chat.ask('For two', ARTICLE);
  await expect(answer.thinkText).toHaveText(/\S/);
  const second = await context.newPage();
  await second.goto(page.url());
  const other = second.getByTestId('answer').last();
  await expect(other).toHaveAttribute('data-state', 'running');
  await expect(other).toHaveAttribute('data-state', 'end', { timeout: 50_000 });
  await answer.isIn('end');
  await expect(other).toHaveAttribute('data-verdict', 'whole');
  expect(await other.getByTestId('text').allTextContents()).toEqual(await answer.texts.allTextContents());
  expect(await other.getByTestId('think-text').textContent()).toBe(await answer.thinkText.textContent());
  expect(await other.getAttribute('data-answer-id')).toBe(await answer.id());
  expect((await snapshot(await answer.id())).state).toBe('end');
});

test('a stop in one tab is a stop in the other', async ({ chat, context, page, provider, prompt }) => {
  provider.on(prompt, async (reply) => {
    reply.say('Both of you read this.');
    await reply.silence();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('Both of you read this.');
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(second.locator('html')).toHaveAttribute('data-hydrated', 'true');
  await second.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(second.getByTestId('answer').last()).toHaveAttribute('data-state', 'cancelled');
  await answer.isIn('cancelled');
  await expect(answer.texts).toHaveText('Both of you read this.');
});

test('a connection that is dead without saying so is replaced when the network is back', async ({
  breaking,
  provider,
  prompt,
  page,
}) => {
  const stalled = gate();
  provider.on(prompt, async (reply) => {
    reply.say('The cable is cut ');
    await reply.until(stalled.opened);
    reply.say('here, and nobody noticed.');
    reply.finish();
  });
  const { proxy, chat } = await breaking(({ index }) => (index === 0 ? { after: 500, how: 'stall' } : undefined));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.root).toHaveAttribute('data-state', 'running');
  stalled.open();
  await expect.poll(() => proxy.cuts).toBe(1);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await answer.isIn('end');
  await expect(answer.texts).toHaveText('The cable is cut here, and nobody noticed.');
  expect(provider.calls(prompt)).toHaveLength(1);
});

test('a connection on which nothing comes for 40 s is replaced', async ({ breaking, provider, prompt, page }) => {
  await page.clock.install();
  provider.on(prompt, async (reply) => {
    reply.say(prose(600));
    reply.finish();
  });
  const { proxy, chat } = await breaking(({ index }) => (index === 0 ? { after: 500, how: 'stall' } : undefined));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect.poll(() => proxy.cuts).toBe(1);
  expect(await answer.root.getAttribute('data-state')).toBe('running');
  await page.clock.fastForward('00:45');
  await answer.isIn('end');
  await expect(answer.texts).toHaveText(prose(600));
});

test('while there is no connection the page says so, and it goes on by itself', async ({
  breaking,
  provider,
  prompt,
  context,
}) => {
  const offline = gate();
  provider.on(prompt, async (reply) => {
    reply.say('Online. ');
    await reply.until(offline.opened);
    reply.say('Online again.');
    reply.finish();
  });
  const { proxy, chat } = await breaking(() => undefined);
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('Online.');
  await context.setOffline(true);
  proxy.breakNow();
  await expect(chat.connection).toHaveAttribute('data-phase', /offline|reconnecting/);
  offline.open();
  await context.setOffline(false);
  await answer.isIn('end');
  await expect(answer.texts).toHaveText('Online. Online again.');
  await expect(chat.connection).toHaveCount(0);
  expect(provider.calls(prompt)).toHaveLength(1);
});
