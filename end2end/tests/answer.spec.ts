import { textOf } from '../chat';
import { ARTICLE, ECHO, FAKE, expect, gate, prose, test } from '../fixtures';

test('an answer is read to its end: image, thinking and text, in this order', async ({ chat, page, snapshot }) => {
  await chat.open();
  const answer = await chat.ask('Tell me', ARTICLE);
  await answer.isIn('running');
  await expect(chat.userMessages).toHaveText(['Tell me']);
  await answer.isIn('end', { timeout: 50_000 });
  await expect(answer.root).toHaveAttribute('data-verdict', 'whole');

  const order = await answer.root
    .locator('[data-testid=image], [data-testid=think], [data-testid=text]')
    .evaluateAll((parts) => parts.map((part) => part.getAttribute('data-testid')));
  expect(order).toEqual(['image', 'think', 'text']);

  const image = answer.image;
  await expect(image).toHaveAttribute('alt', /\S/);
  expect(await image.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0)).toBe(true);
  expect(await image.evaluate((img) => img.hasAttribute('width') && img.hasAttribute('height'))).toBe(true);

  const stored = await snapshot(await answer.id());
  expect(stored.state).toBe('end');
  expect(stored.parts.map(({ t }) => t)).toEqual(['image', 'think', 'text']);
  expect(await answer.thinkText.textContent()).toBe(textOf(stored, 'think'));
  expect(new URL(page.url()).pathname).toBe(`/c/${stored.conversation}`);
});

test('thinking is open while it lasts and folds when the text begins', async ({ chat, provider, prompt }) => {
  const thought = gate();
  provider.on(prompt, async (reply) => {
    reply.think('First of all, ');
    await reply.until(thought.opened);
    reply.think('yes.');
    reply.say('Yes.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.think).toHaveAttribute('open', /.*/);
  await expect(answer.think.locator('summary')).toContainText('Thinking…');
  await expect(answer.thinkText).toHaveText('First of all,');
  thought.open();
  await answer.isIn('end');
  await expect(answer.think).not.toHaveAttribute('open', /.*/);
  await expect(answer.think.locator('summary')).toContainText(/Thought for \d+(\.\d)? s/);
  await expect(answer.texts).toHaveText('Yes.');
});

test('thinking that the reader folded stays folded', async ({ chat, provider, prompt }) => {
  const [folded, said] = [gate(), gate()];
  provider.on(prompt, async (reply) => {
    reply.think('One. ');
    await reply.until(folded.opened);
    reply.think('Two. ');
    reply.think('Three.');
    await reply.until(said.opened);
    reply.say('Done.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.thinkText).toHaveText('One.');
  await answer.think.locator('summary').click();
  folded.open();
  await expect(answer.thinkText).toHaveText('One. Two. Three.');
  await expect(answer.think).not.toHaveAttribute('open', /.*/);
  await answer.think.locator('summary').click();
  said.open();
  await answer.isIn('end');
  // Opened by the reader, it is the reader who closes it.
  await expect(answer.think).toHaveAttribute('open', /.*/);
});

test('text appears while the model still speaks', async ({ chat, provider, prompt }) => {
  const more = gate();
  provider.on(prompt, async (reply) => {
    reply.say('The beginning');
    await reply.until(more.opened);
    reply.say(' and the end.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('The beginning');
  await answer.isIn('running');
  await expect(chat.stop).toBeVisible();
  more.open();
  await answer.isIn('end');
  await expect(answer.texts).toHaveText('The beginning and the end.');
  await expect(chat.send).toBeVisible();
});

test('the page says that it waits while the provider is silent', async ({ chat, provider, prompt }) => {
  const wake = gate();
  provider.on(prompt, async (reply) => {
    await reply.until(wake.opened);
    reply.say('Here I am.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(chat.connection).toHaveAttribute('data-phase', 'waiting');
  wake.open();
  await answer.isIn('end');
  await expect(chat.connection).toHaveCount(0);
});

test('a conversation goes on: the model is told what was said before', async ({ chat, provider, prompt }) => {
  const second = `${prompt}, again`;
  provider.on(prompt, async (reply) => (reply.think('hm'), reply.say('First answer.'), reply.finish()));
  provider.on(second, async (reply) => (reply.say('Second answer.'), reply.finish()));
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end');
  const answer = await chat.ask(second, FAKE);
  await answer.isIn('end');
  await expect(answer.texts).toHaveText('Second answer.');
  expect(provider.calls(second)[0]?.body.messages).toEqual([
    { role: 'user', content: prompt },
    { role: 'assistant', content: 'First answer.' },
    { role: 'user', content: second },
  ]);
});

test('Markdown becomes elements', async ({ chat }) => {
  const markdown = [
    '# Heading',
    '',
    'Some *emphasis*, **strength**, `code` and [a link](https://example.org/x).',
    '',
    '- one',
    '- two',
    '',
    '| a | b |',
    '|---|---|',
    '| 1 | 2 |',
    '',
    '```rust',
    'fn main() {}',
    '```',
  ].join('\n');
  await chat.open();
  const answer = await chat.ask(markdown, ECHO);
  await answer.isIn('end');
  const text = answer.texts;
  await expect(text.getByRole('heading', { name: 'Heading' })).toBeVisible();
  await expect(text.locator('em')).toHaveText('emphasis');
  await expect(text.locator('strong')).toHaveText('strength');
  await expect(text.getByRole('listitem')).toHaveText(['one', 'two']);
  await expect(text.getByRole('cell')).toHaveText(['1', '2']);
  await expect(text.locator('pre code')).toHaveText('fn main() {}');
  const link = text.getByRole('link', { name: 'a link' });
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(link).toHaveAttribute('target', '_blank');
});

test('a fast answer of 200 KB arrives whole', async ({ chat, provider, prompt, snapshot }) => {
  const text = Array.from({ length: 200 }, (_, n) => `${n}: ${prose(700)}`).join('\n\n');
  provider.on(prompt, async (reply) => {
    await reply.dictate(text, 500, 0);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 50_000 });
  await expect(answer.root).toHaveAttribute('data-verdict', 'whole');
  expect(textOf(await snapshot(await answer.id()))).toBe(text);
  await expect.poll(async () => (await answer.text()).replaceAll(/\s+/g, ' ').trim().length).toBe(
    text.replaceAll(/\n\n/g, '').replaceAll(/\s+/g, ' ').trim().length,
  );
});

test('the reason is shown when a model stopped at its own limit', async ({ chat, provider, prompt }) => {
  provider.on(prompt, async (reply) => (reply.say('As I was say'), reply.finish('length')));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await expect(answer.notice).toContainText('length limit');
});
