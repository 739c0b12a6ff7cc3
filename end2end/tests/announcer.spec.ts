import type { Page } from '@playwright/test';
import { FAKE, expect, gate, test } from '../fixtures';

/** Keeps everything that the live regions of the page say. */
async function listen(page: Page) {
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const note = (records: MutationRecord[]) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest<HTMLElement>('[role=status], [role=alert], [role=log], [aria-live]');
        if (!region?.checkVisibility({ visibilityProperty: true })) continue;
        // What is hidden is not said, also if it is only a piece of the region.
        const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
        let text = '';
        while (walker.nextNode())
          if (walker.currentNode.parentElement!.checkVisibility({ visibilityProperty: true })) text += walker.currentNode.textContent;
        text = text.replaceAll(/\s+/g, ' ').trim();
        if (text && said.at(-1) !== text) said.push(text);
      }
    };
    // What was hidden and is shown is said too.
    const attributeFilter = ['hidden', 'class', 'aria-live', 'role'];
    new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter });
  });
}

const choose = (page: Page, what: string) => page.evaluate((what) => document.documentElement.setAttribute('data-announce', what), what);

const said = (page: Page) => page.evaluate(() => (window as unknown as { said: string[] }).said);

test('what becomes of an answer is announced, and none of its words', async ({ chat, page, provider, prompt }) => {
  const [thought, text] = [gate(), gate()];
  provider.on(prompt, async (reply) => {
    reply.think('A thought. ');
    await reply.until(thought.opened);
    reply.say('A sentence. And another one. ');
    await reply.until(text.opened);
    reply.finish();
  });
  await listen(page);
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect.poll(() => said(page)).toEqual(['Thinking']);
  thought.open();
  await expect.poll(() => said(page)).toEqual(['Thinking', 'Answering']);
  text.open();
  await answer.isIn('end');
  await expect.poll(() => said(page)).toEqual(['Thinking', 'Answering', 'Answer finished']);
});

test('that an answer was stopped or failed is announced', async ({ chat, page, provider, prompt }) => {
  const second = `${prompt}, again`;
  provider.on(prompt, async (reply) => (reply.say('A sentence.'), await reply.silence()));
  provider.on(second, async (reply) => (reply.say('A sentence.'), reply.fail('the model broke')));
  await listen(page);
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('A sentence.');
  await chat.stop.click();
  await answer.isIn('cancelled');
  await expect.poll(() => said(page)).toEqual(['Answering', 'Answer stopped']);
  await (await chat.ask(second, FAKE)).isIn('error');
  // Once, with the reason.
  await expect
    .poll(async () => (await said(page)).filter((line) => line !== 'Answering'))
    .toEqual(['Answer stopped', expect.stringMatching(/^The answer failed: .*the model broke/)]);
});

test('who wants nothing is told nothing', async ({ chat, page, provider, prompt }) => {
  const second = `${prompt}, again`;
  provider.on(prompt, async (reply) => (reply.say('A sentence.'), reply.finish()));
  provider.on(second, async (reply) => (reply.say('A sentence.'), reply.fail('the model broke')));
  await listen(page);
  await chat.open();
  await choose(page, 'off');
  await (await chat.ask(prompt, FAKE)).isIn('end');
  const broken = await chat.ask(second, FAKE);
  await broken.isIn('error');
  await expect(broken.error).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(await said(page)).toEqual([]);
});

test('who wants sentences is told them one by one, and what code and tables are', async ({ chat, page, provider, prompt }) => {
  test.slow();
  const end = gate();
  provider.on(prompt, async (reply) => {
    await reply.dictate('One **whole** sentence. And one more that is', 5, 1);
    await reply.until(end.opened);
    reply.say(' long.\n\n```rust\nfn main() {}\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n');
    reply.finish();
  });
  await listen(page);
  await chat.open();
  await choose(page, 'sentences');
  const answer = await chat.ask(prompt, FAKE);
  await expect.poll(() => said(page)).toEqual(['Answering', 'One whole sentence.']);
  await expect(answer.texts).toContainText('And one more that is');
  end.open();
  await answer.isIn('end');
  await expect
    .poll(() => said(page), { timeout: 30_000 })
    .toEqual([
      'Answering',
      'One whole sentence.',
      'And one more that is long.',
      'code block in rust, 1 line',
      'table, 2 columns, 1 row',
      'Answer finished',
    ]);
});

const sentences = (of: string, count: number) => Array.from({ length: count }, (_, at) => `This is what ${of} answer has to say, number ${at + 1}.`);

test('what is asked is read instead of what was being read', async ({ chat, page, provider, prompt }) => {
  test.slow();
  const second = `${prompt}, again`;
  const [one, two] = [sentences('the first', 9), sentences('the second', 3)];
  provider.on(prompt, async (reply) => (reply.say(one.join(' ')), reply.finish()));
  provider.on(second, async (reply) => (reply.say(two.join(' ')), reply.finish()));
  await listen(page);
  await chat.open();
  await choose(page, 'sentences');
  await (await chat.ask(prompt, FAKE)).isIn('end');
  await expect.poll(() => said(page)).toContain(one[0]);
  await chat.ask(second, FAKE);
  await expect.poll(() => said(page), { timeout: 30_000 }).toContain('Answer finished');
  const heard = await said(page);
  const asked = heard.lastIndexOf('Answering');
  expect(heard.slice(0, asked)).toEqual(['Answering', ...one.slice(0, asked - 1)]);
  expect(heard.slice(asked)).toEqual(['Answering', ...two, 'Answer finished']);
});

test('a stop is told in the middle of a sentence, and the next answer is read once', async ({ chat, page, provider, prompt }) => {
  test.slow();
  const second = `${prompt}, again`;
  // A voice would still be at the first sentence while the second answer is read.
  const [long, two] = [`It ${'really '.repeat(16)}is long.`, sentences('the second', 4)];
  provider.on(prompt, async (reply) => (reply.say(`${long} And`), await reply.silence()));
  provider.on(second, async (reply) => (reply.say(two.join(' ')), reply.finish()));
  await listen(page);
  await chat.open();
  await choose(page, 'sentences');
  const answer = await chat.ask(prompt, FAKE);
  await expect.poll(() => said(page)).toEqual(['Answering', long]);
  await chat.stop.click();
  await answer.isIn('cancelled');
  expect(await said(page)).toEqual(['Answering', long, 'Answer stopped']);
  await chat.ask(second, FAKE);
  await expect
    .poll(() => said(page), { timeout: 30_000 })
    .toEqual(['Answering', long, 'Answer stopped', 'Answering', ...two, 'Answer finished']);
});
