import { textOf } from '../chat';
import { FAKE, expect, gate, test } from '../fixtures';

test('what was on the screen at Stop is what stays', async ({ chat, provider, prompt, snapshot, page }) => {
  provider.on(prompt, async (reply) => {
    for (let n = 0; ; n++) {
      if ((await Promise.race([reply.pause(20), provider.calls(prompt)[0]?.closed])) !== undefined) return;
      reply.say(`word${n} `);
    }
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toContainText('word20');
  // In one task of the page: what is seen at the click, and the click.
  const seen = await page.evaluate(() => {
    const text = document.querySelector('[data-testid=text]')?.textContent ?? '';
    const stop = [...document.querySelectorAll('button')].find(
      (button) => (button.getAttribute('aria-label') ?? button.textContent)?.trim() === 'Stop',
    );
    stop?.click();
    return text;
  });
  await answer.isIn('cancelled');
  await expect(answer.cancelled).toContainText('Stopped');
  expect((await answer.text()).trim()).toBe(seen.trim());

  const stored = await snapshot(await answer.id());
  expect(stored.state).toBe('cancelled');
  expect(textOf(stored).trim()).toBe(seen.trim());
  expect(stored.terminal?.length).toBe(stored.length);
  expect(await provider.calls(prompt)[0]?.closed).toBe('by the client');

  await page.reload();
  await chat.isLive();
  expect((await chat.answer().text()).trim()).toBe(seen.trim());
  await chat.answer().isIn('cancelled');
});

test('Stop closes the connection to a provider that is silent', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, async (reply) => {
    reply.say('Well …');
    await reply.silence();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('Well …');
  const asked = page.waitForRequest('**/cancel').then(() => performance.now());
  await chat.stop.click();
  expect(await provider.calls(prompt)[0]?.closed).toBe('by the client');
  expect((provider.calls(prompt)[0]?.closedAt ?? Infinity) - (await asked)).toBeLessThan(2_000);
  await answer.isIn('cancelled');
  await expect(answer.texts).toHaveText('Well …');
});

test('an answer can be stopped before the provider has said anything', async ({ chat, provider, prompt }) => {
  provider.on(prompt, (reply) => reply.silence());
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(chat.connection).toHaveAttribute('data-phase', 'waiting');
  await chat.stop.click();
  await answer.isIn('cancelled');
  expect(await provider.calls(prompt)[0]?.closed).toBe('by the client');
  await expect(chat.connection).toHaveCount(0);
  await expect(chat.send).toBeVisible();
});

test('Escape stops', async ({ chat, provider, prompt, page }) => {
  provider.on(prompt, async (reply) => {
    reply.say('On and on');
    await reply.silence();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('On and on');
  await chat.composer.focus();
  await page.keyboard.press('Escape');
  await answer.isIn('cancelled');
});

test('after a stop the conversation goes on', async ({ chat, provider, prompt }) => {
  const second = `${prompt}, again`;
  const stopped = gate();
  provider.on(prompt, async (reply) => {
    reply.say('Stop me.');
    await reply.until(stopped.opened);
  });
  provider.on(second, async (reply) => (reply.say('Still here.'), reply.finish()));
  await chat.open();
  const first = await chat.ask(prompt, FAKE);
  await expect(first.texts).toHaveText('Stop me.');
  await chat.stop.click();
  await first.isIn('cancelled');
  stopped.open();
  const answer = await chat.ask(second, FAKE);
  await answer.isIn('end');
  await expect(answer.texts).toHaveText('Still here.');
  expect(provider.calls(second)[0]?.body.messages.map((message) => message.content)).toEqual([
    prompt,
    'Stop me.',
    second,
  ]);
});
