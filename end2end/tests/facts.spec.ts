import { ECHO, FAKE, expect, gate, test } from '../fixtures';

// Chromium itself reports the connection that a test breaks.
test.use({ permissions: ['clipboard-read', 'clipboard-write'], expectedErrors: /ERR_CONNECTION_RESET/ });

test('an answer says what is known about it, also after a reload', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, async (reply) => {
    reply.think('Hm.');
    await reply.dictate('Some words that take their time to come.', 4, 5);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  for (const again of [false, true]) {
    if (again) {
      await page.reload();
      await chat.isLive();
    }
    const facts = chat.answer().root.getByTestId('facts');
    await facts.locator('summary').click();
    await expect(facts.getByRole('definition').first()).toHaveText(FAKE);
    await expect(facts).toContainText(/First text after\s*\d/);
    await expect(facts).toContainText(/Speed\s*[\d.,]+ characters\/s/);
    await expect(facts).toContainText(/agrees \(\d+ B, CRC-32 [0-9a-f]{8}\)/);
    await expect(facts).not.toContainText('Connection');
  }
});

test('of an answer whose tokens were counted everything is told, also that it paused', async ({ chat, page, provider, prompt }) => {
  const [thought, paused] = [gate(), gate()];
  const chunk = (more: object) => `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [], ...more })}\n\n`;
  provider.on(prompt, async (reply) => {
    reply.think('Hm.');
    await reply.until(thought.opened);
    reply.say('One, ');
    await reply.until(paused.opened);
    reply.say('two.');
    reply.raw(chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
    reply.raw(chunk({ usage: { prompt_tokens: 1234, completion_tokens: 5678 } }));
    reply.raw('data: [DONE]\n\n');
    reply.close();
  });
  await page.clock.install();
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.thinkText).toHaveText('Hm.');
  thought.open();
  await expect(answer.texts).toHaveText('One,');
  // The page's clock goes on for longer than a pause may be without being told.
  await page.clock.fastForward(6_000);
  paused.open();
  await answer.isIn('end');
  const facts = answer.root.getByTestId('facts');
  await expect(facts.locator('summary')).toHaveText(/^\d+\.\d s · 5,678 tokens$/);
  await facts.locator('summary').click();
  await expect(facts.getByRole('definition').first()).toHaveText(FAKE);
  const told = await facts.locator('.fact').evaluateAll((all) => all.map((fact) => [...fact.children].map((one) => one.textContent)));
  expect(told).toEqual([
    ['Model', FAKE],
    ['First text after', expect.stringMatching(/^\d+\.\d s$/)],
    ['Thinking', expect.stringMatching(/^\d+\.\d s$/)],
    ['In all', expect.stringMatching(/^\d+\.\d s$/)],
    ['Speed', expect.stringMatching(/^[\d,.]+ tokens\/s$/)],
    ['Tokens in, out', '1,234 → 5,678'],
    ['Connection', 'pauses of over 5 s: 1'],
    ['Checksum', expect.stringMatching(/^agrees \(12 B, CRC-32 [0-9a-f]{8}\)$/)],
  ]);
  await expect(answer.root.getByText('Complete')).toBeVisible();
  await expect(answer.regenerate).toBeVisible();
});

test('a connection that broke is among the facts', async ({ breaking, provider, prompt }) => {
  const [cut, more] = [gate(), gate()];
  provider.on(prompt, async (reply) => {
    reply.say('One, ');
    await reply.until(cut.opened);
    reply.say('two, ');
    await reply.until(more.opened);
    reply.say('three.');
    reply.finish();
  });
  const { chat, proxy } = await breaking(() => undefined);
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('One,');
  proxy.breakNow();
  cut.open();
  await expect(answer.texts).toHaveText('One, two,');
  more.open();
  await answer.isIn('end');
  const facts = answer.root.getByTestId('facts');
  await facts.locator('summary').click();
  await expect(facts).toContainText('broke and came back: 1');
});

test('an answer is copied as Markdown and as plain text', async ({ chat, page }) => {
  const markdown = [
    '# Heading',
    '',
    'Some *emphasis*, `code` and [a link](https://example.org/x).',
    '',
    '- one',
    '- two',
    '  1. inner',
    '',
    '| a | b |',
    '|---|---|',
    '| 1 | 2 |',
    '',
    '```rust',
    'fn main() {',
    '    run();',
    '}',
    '```',
  ].join('\n');
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await chat.open();
  const answer = await chat.ask(markdown, ECHO);
  await answer.isIn('end');
  await answer.root.getByRole('button', { name: 'Copy', exact: true }).last().click();
  await expect.poll(clipboard).toBe(markdown);
  await answer.root.getByTestId('facts').locator('summary').click();
  await answer.root.getByRole('button', { name: 'Copy as plain text' }).click();
  await expect(answer.root.getByTestId('facts')).toContainText('Copied');
  expect(await clipboard()).toBe(
    [
      'Heading',
      '',
      'Some emphasis, code and a link.',
      '',
      '- one',
      '- two',
      '  1. inner',
      '',
      'a\tb',
      '1\t2',
      '',
      'fn main() {',
      '    run();',
      '}',
    ].join('\n'),
  );
});

test('the question of an answer is edited from its facts', async ({ chat, provider, prompt }) => {
  provider.on(prompt, async (reply) => (reply.say('Yes.'), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await answer.root.getByTestId('facts').locator('summary').click();
  await answer.root.getByRole('button', { name: 'Edit the question' }).click();
  await expect(chat.composer).toHaveValue(prompt);
  await expect(chat.composer).toBeFocused();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 }, hasTouch: true });

  test('the facts fit a screen of 360 px', async ({ chat, page, provider, prompt }) => {
    provider.on(prompt, async (reply) => (reply.think('Hm.'), reply.say('Yes.'), reply.finish()));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await answer.isIn('end');
    await answer.root.getByTestId('facts').locator('summary').tap();
    await expect(answer.root.getByRole('button', { name: 'Copy as plain text' })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  });
});
