/** Versions of messages, and answers that go on. */
import type { Reply } from '../fake-provider';
import { FAKE, expect, test } from '../fixtures';

const says = (text: string, reason = 'stop') => async (reply: Reply) => {
  reply.say(text);
  reply.finish(reason);
};

test('an answer is regenerated, and both versions stay', async ({ chat, provider, prompt }) => {
  provider.on(prompt, says('One.'), says('Two.'));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await expect(answer.versions).toHaveCount(0);
  await answer.regenerate.click();
  await expect(chat.answer().texts).toHaveText('Two.');
  await expect(chat.answers).toHaveCount(1);
  await expect(chat.userMessages).toHaveCount(1);
  await expect(chat.answer().versions).toContainText('2 / 2');
  expect(provider.calls(prompt)[1]?.body.messages, 'asked with the same message').toEqual(
    provider.calls(prompt)[0]?.body.messages,
  );

  await chat.answer().versions.getByRole('link', { name: 'Previous version' }).click();
  await chat.isLive();
  await expect(chat.answer().texts).toHaveText('One.');
  await expect(chat.answer().versions).toContainText('1 / 2');
  await chat.answer().versions.getByRole('link', { name: 'Next version' }).click();
  await chat.isLive();
  await expect(chat.answer().texts).toHaveText('Two.');
  // The one without a neighbour on that side is no link to anywhere.
  await expect(chat.answer().versions.getByRole('link', { name: 'Next version' })).toHaveCount(0);
});

test('what follows on an older version stands below that one', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, says('One.'), says('Two.'));
  provider.on(`${prompt}, then`, says('Below one.'));
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end');
  await chat.answer().regenerate.click();
  await expect(chat.answer().texts).toHaveText('Two.');
  await chat.answer().versions.getByRole('link', { name: 'Previous version' }).click();
  await chat.isLive();
  await (await chat.ask(`${prompt}, then`, FAKE)).isIn('end');
  await expect(chat.answers).toHaveCount(2);
  const said = provider.calls(`${prompt}, then`)[0]?.body.messages.map(({ content }) => content);
  expect(said).toEqual([prompt, 'One.', `${prompt}, then`]);
  expect(page.url(), 'the newest branch has the plain address').not.toContain('?at=');
  await page.reload();
  await chat.isLive();
  await expect(chat.userMessages).toHaveText([prompt, `${prompt}, then`]);
  await expect(chat.answer(0).texts).toHaveText('One.');
});

test('a message is edited and sent again, also the first one', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, says('To the first.'));
  provider.on(`${prompt} edited`, says('To the edited.'));
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end');
  const address = page.url();
  await chat.userMessages.hover();
  await page.getByRole('button', { name: 'Edit message' }).click();
  await expect(chat.composer).toHaveValue(prompt);
  await expect(chat.composer).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chat.composer).toHaveValue('');

  await page.getByRole('button', { name: 'Edit message' }).click();
  await chat.composer.fill(`${prompt} edited`);
  await page.keyboard.press('Enter');
  await expect(chat.answer().texts).toHaveText('To the edited.');
  await expect(chat.userMessages).toHaveText([`${prompt} edited`]);
  expect(page.url()).toBe(address);
  const versions = page.getByTestId('versions');
  await expect(versions).toHaveText('2 / 2');
  await versions.getByRole('link', { name: 'Previous version' }).click();
  await chat.isLive();
  await expect(chat.userMessages).toHaveText([prompt]);
  await expect(chat.answer().texts).toHaveText('To the first.');
  expect(provider.calls(`${prompt} edited`)[0]?.body.messages, 'a new beginning').toHaveLength(1);
});

const CUT: Record<string, (reply: Reply) => Promise<void>> = {
  'its length limit': says('The first part', 'length'),
  'a broken stream': async (reply) => (reply.say('The first part'), reply.close()),
  'a stop': async (reply) => (reply.say('The first part'), await reply.silence()),
};

for (const [name, first] of Object.entries(CUT)) {
  test(`an answer goes on after ${name}`, async ({ chat, page, provider, prompt }) => {
    provider.on(prompt, first);
    // A continuation ends with the answer itself.
    provider.on('The first part', says(' and the rest.'));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toHaveText('The first part');
    if (name === 'a stop') await chat.stop.click();
    await answer.proceed.click();
    await expect(chat.answers).toHaveCount(2);
    await chat.answer().isIn('end');
    await expect(chat.answer().root).toHaveAttribute('aria-label', 'Answer, continued');
    await expect(chat.answer(0).texts).toHaveText('The first part');
    await expect(chat.answer(0).proceed).toHaveCount(0);
    const call = provider.calls('The first part').at(-1);
    expect(call?.body.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    await page.reload();
    await chat.isLive();
    await expect(chat.answers).toHaveCount(2);
    await expect(chat.answer().texts).toHaveText('and the rest.');
    await expect(chat.answer().root).toHaveAttribute('aria-label', 'Answer, continued');
  });
}

test('a message is copied as it was written, also on plain HTTP', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, says('Answered.'));
  // As it is on plain HTTP from another name than localhost, and without a channel between tabs.
  await page.addInitScript(() => {
    for (const name of ['isSecureContext', 'BroadcastChannel']) Object.defineProperty(window, name, { value: undefined });
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    Object.defineProperty(crypto, 'randomUUID', { value: undefined });
  });
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end');
  await page.evaluate(() => document.addEventListener('copy', () => Object.assign(window, { copied: getSelection()?.toString() || (document.activeElement as HTMLTextAreaElement).value })));
  await chat.userMessages.hover();
  await page.getByRole('button', { name: 'Copy message' }).click();
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { copied?: string }).copied))
    .toBe(prompt);
  await chat.rows.first().getByRole('button', { name: /^Delete/ }).focus();
  await page.keyboard.press('Enter');
  await expect(chat.rows).toHaveCount(0);
});
