/** The page where scripts are off: everything that matters can still be done. */
import { ECHO, FAKE, expect, test } from '../fixtures';

test.use({ javaScriptEnabled: false, expectedErrors: /Failed to load resource.*400/ });

test('a chat is held with forms and links alone', async ({ chat, page, server, provider, prompt }) => {
  provider.on(prompt, async (reply) => (reply.say('So **far**.'), await reply.silence()));
  await page.goto(server.url);
  await chat.model.selectOption(FAKE);
  await chat.composer.fill(prompt);
  await chat.send.click();
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
  await expect(chat.userMessages).toHaveText([prompt]);
  // It is written while nobody reloads; then it stands there.
  await expect(async () => {
    await page.getByRole('link', { name: /^Reload/ }).click();
    await expect(chat.answer().texts).toHaveText('So far.', { timeout: 500 });
  }).toPass();
  await expect(chat.answer().texts.locator('strong')).toHaveText('far');
  await chat.answer().isIn('running');
  await expect(chat.rows.first()).toContainText('is being answered');

  await chat.stop.click();
  await chat.answer().isIn('cancelled');
  await expect(chat.answer().texts).toHaveText('So far.');
  expect(await provider.calls(prompt)[0]?.closed).toBe('by the client');
  await expect(page.getByRole('link', { name: /^Reload/ })).toHaveCount(0);

  await chat.model.selectOption(ECHO);
  await chat.composer.fill('two\nlines');
  await chat.send.click();
  await expect(chat.userMessages).toHaveText([prompt, 'two\nlines']);
  await expect(async () => {
    await page.reload();
    await expect(chat.answer().texts).toContainText('two', { timeout: 500 });
  }).toPass();
  await page.getByRole('link', { name: 'New chat' }).click();
  await chat.rows.first().getByRole('link').click();
  await expect(chat.userMessages).toHaveCount(2);
});

test('a refused message is not lost', async ({ chat, page, server }) => {
  await page.goto(server.url);
  await chat.composer.fill('   ');
  await chat.send.click();
  await expect(page.locator('aside')).toContainText('This message was not sent');
  // The model went away while somebody was writing.
  await page.goto(server.url);
  await page.route('**/send', (route) => route.continue({ postData: 'text=Keep+%3Cme%3E&model=no%2Fsuch' }));
  await chat.composer.fill('Keep <me>');
  await chat.send.click();
  await expect(page.locator('aside textarea')).toHaveValue('Keep <me>');
});

test('versions of an answer are links', async ({ chat, page, server, context }) => {
  await page.goto(server.url);
  await chat.model.selectOption(ECHO);
  await chat.composer.fill('Twice');
  await chat.send.click();
  const id = (await chat.userMessages.locator('..').getAttribute('id')) ?? '';
  await expect
    .poll(async () => {
      const again = { parent: id, model: ECHO };
      return (await context.request.post(`${server.url}/api/chat`, { data: again, headers: { origin: server.url } })).status();
    })
    .toBe(200);
  await page.reload();
  await expect(chat.answer().versions).toContainText('2 / 2');
  await chat.answer().versions.getByRole('link', { name: 'Previous version' }).click();
  await expect(chat.answer().versions).toContainText('1 / 2');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('the drawer opens by the browser itself', async ({ chat, page, server }) => {
    await page.goto(server.url);
    await expect(chat.list).toBeHidden();
    await page.getByRole('button', { name: 'Conversations' }).click();
    await expect(chat.list).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(chat.list).toBeHidden();
  });
});
