import type { CDPSession, Page } from '@playwright/test';
import { type AnswerView, type Snapshot, textOf } from '../chat';
import { FAKE, expect, gate, prose, random, test } from '../fixtures';

// Chromium itself reports connections that break, and a GET that finds nothing yet.
test.use({ expectedErrors: /Failed to load resource: (net::ERR_[A-Z_]+|.* status of 404) .*\/api\/chat/ });

const TIMES = 20;

/** What is on the screen is what was said, once, and the server and the check say so too. */
async function isWhole(answer: AnswerView, text: string, stored: (id: string) => Promise<Snapshot>) {
  await answer.isIn('end', { timeout: 45_000 });
  await expect(answer.root).toHaveAttribute('data-verdict', 'whole');
  expect((await answer.text()).trim()).toBe(text);
  expect(textOf(await stored(await answer.id()))).toBe(text);
}

/** What a browser does when its tab comes to the front or goes; one without a screen never does. */
async function show(page: Page, shown: boolean) {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, shown ? 'visible' : 'hidden');
}

const freeze = (session: CDPSession, frozen: boolean) =>
  session.send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' });

/** A model that says one word for each call of `next`, and then ends. */
function dictation(words: string[]) {
  const gates = words.map(() => gate());
  let at = 0;
  return {
    next: () => gates[at++]?.open(),
    script: async (reply: import('../fake-provider').Reply) => {
      for (const [n, word] of words.entries()) {
        await reply.until(gates[n]?.opened ?? Promise.resolve());
        reply.say(word);
      }
      reply.finish();
    },
  };
}

const words = (count: number) => Array.from({ length: count }, (_, n) => (n === 0 ? 'word0' : ` word${n}`));

for (const seed of [101, 102, 103, 104]) {
  test(`cuts in heads, between events and inside them lose nothing (seed ${seed})`, async ({
    breaking,
    provider,
    prompt,
    snapshot,
  }) => {
    const pick = random(seed);
    const text = prose(1_500);
    provider.on(prompt, async (reply) => {
      await reply.dictate(text, 1 + Math.floor(pick() * 20), 4);
      reply.finish();
    });
    // Every third one in the head, which brings the reader nothing and makes its next pause longer.
    const { proxy, chat } = await breaking(({ index }) =>
      index < 7
        ? {
            after: Math.floor(index % 3 === 1 ? 1 + pick() * 300 : 500 + pick() * 900),
            how: pick() < 0.5 ? 'reset' : 'close',
          }
        : undefined,
    );
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await isWhole(answer, text, snapshot);
    expect(proxy.cuts, 'connections were really cut').toBeGreaterThan(3);
    expect(provider.calls(prompt), 'the provider was asked once').toHaveLength(1);
  });
}

test('hidden and shown twenty times, with the connection broken meanwhile', async ({
  breaking,
  provider,
  prompt,
  page,
  snapshot,
}) => {
  const all = words(TIMES + 1);
  const said = dictation(all);
  provider.on(prompt, said.script);
  const { proxy, chat } = await breaking(() => undefined);
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  for (let n = 0; n < TIMES; n++) {
    await show(page, false);
    if (n % 2 === 0) proxy.breakNow();
    else proxy.stallNow();
    said.next();
    await show(page, true);
    await expect(answer.texts).toHaveText(all.slice(0, n + 1).join(''));
  }
  said.next();
  await isWhole(answer, all.join(''), snapshot);
  expect(provider.calls(prompt)).toHaveLength(1);
});

test('offline and online twenty times', async ({ breaking, provider, prompt, context, snapshot }) => {
  const all = words(TIMES + 1);
  const said = dictation(all);
  provider.on(prompt, said.script);
  const { proxy, chat } = await breaking(() => undefined);
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  for (let n = 0; n < TIMES; n++) {
    await context.setOffline(true);
    proxy.breakNow();
    said.next();
    await context.setOffline(false);
    await expect(answer.texts).toHaveText(all.slice(0, n + 1).join(''));
  }
  said.next();
  await isWhole(answer, all.join(''), snapshot);
  await expect(chat.connection).toHaveCount(0);
  expect(provider.calls(prompt)).toHaveLength(1);
});

test('a frozen page whose connection died in silence has everything once it is shown', async ({
  breaking,
  provider,
  prompt,
  page,
  context,
  snapshot,
}) => {
  const all = ['Before the lid was closed.', ' While it was.'];
  const said = dictation(all);
  provider.on(prompt, said.script);
  const { proxy, chat } = await breaking(() => undefined);
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  said.next();
  await expect(answer.texts).toHaveText('Before the lid was closed.');

  const session = await context.newCDPSession(page);
  await show(page, false);
  await freeze(session, true);
  proxy.stallNow();
  said.next();
  expect(await provider.calls(prompt)[0]?.closed).toBe('answered');
  await freeze(session, false);
  await show(page, true);
  // Of itself the page would know only after 40 s of silence.
  await answer.isIn('end', { timeout: 15_000 });
  await isWhole(answer, all.join(''), snapshot);
  expect(provider.calls(prompt)).toHaveLength(1);
});

test('back and forward in the middle of an answer', async ({ chat, provider, prompt, page, snapshot }) => {
  const all = words(4);
  const said = dictation(all);
  provider.on(prompt, said.script);
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  said.next();
  await expect(answer.texts).toHaveText('word0');
  await page.goto(new URL('/lab', page.url()).href);
  said.next();
  await page.goBack();
  await expect(chat.answer().texts).toHaveText('word0 word1');
  await page.goForward();
  said.next();
  await page.goBack();
  await chat.isLive();
  await expect(chat.answer().texts).toHaveText('word0 word1 word2');
  said.next();
  await isWhole(chat.answer(), all.join(''), snapshot);
  expect(provider.calls(prompt)).toHaveLength(1);
});
