import { ECHO, FAKE, expect, test } from '../fixtures';

test('Enter sends and Shift+Enter breaks the line', async ({ chat, page }) => {
  await chat.open();
  await chat.model.selectOption(ECHO);
  await chat.composer.focus();
  await page.keyboard.type('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await expect(chat.composer).toHaveValue('first line\nsecond line');
  await page.keyboard.press('Enter');
  await chat.answer().isIn('end');
  await expect(chat.userMessages).toHaveCount(1);
  expect(await chat.userMessages.innerText()).toContain('first line\nsecond line');
  await expect(chat.composer).toHaveValue('');
  await expect(chat.composer).toBeFocused();
});

test('Enter that belongs to an input method does not send', async ({ chat, page }) => {
  await chat.open();
  await chat.model.selectOption(ECHO);
  await chat.composer.fill('ni hao');
  const press = (init: { keyCode: number; isComposing?: boolean }) =>
    chat.composer.dispatchEvent('keydown', { bubbles: true, cancelable: true, key: 'Enter', ...init });

  // Chromium and Firefox: the key goes down while composing. Also with the old key code alone.
  await chat.composer.dispatchEvent('compositionstart', { data: '' });
  await press({ isComposing: true, keyCode: 229 });
  await press({ keyCode: 229 });
  await press({ isComposing: true, keyCode: 13 });
  // Safari: the composition ends first, and the same key goes down after it with code 229.
  await chat.composer.dispatchEvent('compositionend', { data: '你好' });
  await press({ keyCode: 229 });
  await expect(chat.userMessages).toHaveCount(0);
  await expect(chat.composer).toHaveValue('ni hao');

  await chat.composer.focus();
  await page.keyboard.press('Enter');
  await expect(chat.userMessages).toHaveText(['ni hao']);
  await chat.answer().isIn('end');
});

test('a real composition is committed by Enter without being sent', async ({ chat, page, context }) => {
  await chat.open();
  await chat.model.selectOption(ECHO);
  await chat.composer.focus();
  const client = await context.newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: '你好', selectionStart: 2, selectionEnd: 2 });
  await client.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key: 'Process',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  await client.send('Input.insertText', { text: '你好' });
  await expect(chat.composer).toHaveValue('你好');
  await expect(chat.userMessages).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(chat.userMessages).toHaveText(['你好']);
  await chat.answer().isIn('end');
});

test('nothing is sent that is empty', async ({ chat, page }) => {
  await chat.open();
  await chat.composer.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('   ');
  await page.keyboard.press('Enter');
  await expect(chat.userMessages).toHaveCount(0);
});

test('what was typed before the page was live stays', async ({ chat, page, server }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\.wasm(\?|$)/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(server.url, { waitUntil: 'commit' });
  await chat.composer.fill('typed early');
  await expect(page.locator('html')).not.toHaveAttribute('data-hydrated', 'true');
  release();
  await chat.isLive();
  await expect(chat.composer).toHaveValue('typed early');
  await chat.model.selectOption(ECHO);
  await chat.send.click();
  await expect(chat.userMessages).toHaveText(['typed early']);
  await chat.answer().isIn('end');
});

test('everything can be done with the keyboard alone', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, async (reply) => {
    reply.think('Keys.');
    reply.say('Typed.');
    await reply.silence();
  });
  await chat.open();
  // Everything that can be pressed is reached with Tab, and shows that it has the focus.
  const reached = new Set<string>();
  for (let n = 0; n < 16; n++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return undefined;
      const style = getComputedStyle(at);
      const ring = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      const name = at.getAttribute('aria-label') ?? at.textContent?.trim() ?? at.tagName;
      return { name, shown: ring || getComputedStyle(at.parentElement as Element).boxShadow !== 'none' };
    });
    // Past the last one comes the browser's own frame, and then the first again.
    if (!focused) continue;
    expect(focused.shown, `${focused.name} shows its focus`).toBe(true);
    reached.add(focused.name);
  }
  for (const name of ['New chat', 'Stream lab', 'Message', 'Model']) {
    expect([...reached].some((reached) => reached.includes(name)), `${name} among ${[...reached]}`).toBe(true);
  }
  await chat.model.focus();
  await page.keyboard.type('scr');
  await chat.model.selectOption(FAKE);
  await chat.composer.focus();
  await page.keyboard.type(prompt);
  await page.keyboard.press('Enter');
  await expect(chat.answer().texts).toHaveText('Typed.');
  await expect(chat.composer).toBeFocused();
  await page.keyboard.press('Escape');
  await chat.answer().isIn('cancelled');
  const summary = chat.answer().think.locator('summary');
  await summary.focus();
  const open = await chat.answer().think.getAttribute('open');
  await page.keyboard.press('Enter');
  expect(await chat.answer().think.getAttribute('open')).not.toBe(open);
});

test('"New chat" begins a new conversation', async ({ chat, page }) => {
  await chat.open();
  await (await chat.ask('one', ECHO)).isIn('end');
  const first = page.url();
  await page.getByRole('link', { name: 'New chat' }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/');
  await chat.isLive();
  await expect(chat.userMessages).toHaveCount(0);
  await (await chat.ask('two', ECHO)).isIn('end');
  expect(page.url()).not.toBe(first);
  await page.goto(first);
  await expect(chat.userMessages).toHaveText(['one']);
});
