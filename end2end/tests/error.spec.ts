import { FAKE, expect, test } from '../fixtures';

test('an error in the middle keeps the text, and Retry brings an answer', async ({ chat, provider, prompt }) => {
  provider.on(
    prompt,
    async (reply) => {
      reply.think('Let me see.');
      reply.say('It is like th');
      await reply.pause(100);
      reply.fail('the GPU is on fire');
    },
    async (reply) => (reply.say('It is like this.'), reply.finish()),
  );
  await chat.open();
  const broken = await chat.ask(prompt, FAKE);
  await broken.isIn('error');
  await expect(broken.error).toContainText('the GPU is on fire');
  await expect(broken.texts).toHaveText('It is like th');
  await expect(broken.thinkText).toHaveText('Let me see.');

  await broken.retry.click();
  const answer = chat.answer();
  await answer.isIn('end');
  await expect(answer.texts).toHaveText('It is like this.');
  await expect(chat.userMessages).toHaveCount(1);
  expect(provider.calls(prompt)).toHaveLength(2);
});

test('a provider that breaks off is an error, never a finished answer', async ({ chat, provider, prompt }) => {
  provider.on(
    prompt,
    async (reply) => {
      reply.say('Half a sent');
      await reply.pause(50);
      reply.reset();
    },
    async (reply) => {
      reply.say('Half a sent');
      reply.close();
    },
  );
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('error');
  await expect(chat.answer().texts).toHaveText('Half a sent');
  await chat.answer().retry.click();
  await expect.poll(() => provider.calls(prompt).length).toBe(2);
  await chat.answer().isIn('error');
  await expect(chat.answer().texts).toHaveText('Half a sent');
});

test('a provider that refuses is quoted', async ({ chat, provider, prompt }) => {
  provider.on(prompt, async (reply) => reply.refuse(429, 'too many tokens', { 'retry-after': '7' }));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('error');
  await expect(answer.error).toContainText(/too many tokens|slow down|busy|rate/i);
  await expect(chat.send).toBeVisible();
});

test.describe('refused by the server itself', () => {
  // Chromium itself reports the status of a request that was refused.
  test.use({ expectedErrors: /the server responded with a status of (503|404)/ });

  test('what the server refuses is said, and nothing is lost', async ({ chat, page }) => {
    await chat.open();
    await page.route('**/api/chat', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/json',
        headers: { 'retry-after': '1' },
        body: JSON.stringify({ error: { kind: 'unavailable', message: 'The server is shutting down.' } }),
      }),
    );
    const answer = await chat.ask('Are you there?', FAKE);
    await expect(answer.root).toHaveAttribute('data-state', /unsent|error/);
    await expect(answer.root).toContainText('The server is shutting down.');
    await expect(chat.userMessages).toHaveText(['Are you there?']);
    await expect(answer.retry).toBeVisible();
  });
});
