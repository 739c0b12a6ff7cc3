/**
 * Pictures of the pages in all their states, light and dark, wide and narrow, in English and Chinese, into
 * `end2end/screenshots`; the one for the README into `docs`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChatPage } from './chat';
import type { CutProxy, Plan } from './cut-proxy';
import type { FakeProvider } from './fake-provider';
import { ARTICLE, ECHO, FAKE, expect, test } from './fixtures';
import { png } from './png';
import { said, upload } from './reader';
import { command, startServer } from './server';

const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

const TEXT = `A **lock** lifts a boat by letting water in at the bottom, so that nothing is ever pumped.

1. The boat enters, and the lower gates close.
2. A *sluice* in the upper gate opens.
3. When both sides are level, the upper gates open by hand.

| gate | below | above |
|---|---|---|
| lower | 2.1 m | 4.8 m |
| upper | 4.8 m | 7.5 m |

\`\`\`rust
fn level(chamber: f64, upper: f64) -> bool {
    (upper - chamber).abs() < 0.01
}
\`\`\`

> It is the simplest machine that a miller would trust.
`;

const ALL = `# A lock, in all that Markdown has

Water *falls*, **always**; ~~sometimes~~ never up. See [the article](https://en.wikipedia.org/wiki/Lock_(water_navigation)), https://example.org and \`levels()\`.[^1]

## Lists

- gates
  - lower
  - upper, with a longer text that has to be broken into a second line on a phone and so shows where that begins
- sluices

1. Enter.
2. Wait.

- [x] closed
- [ ] filled

> A quote of somebody who knew.
>
> > And one within it.

> [!NOTE]
> Boats going down need no water.

> [!TIP]
> Share the lock.

> [!IMPORTANT]
> Keep away from the sill.

> [!WARNING]
> Ropes must never be made fast.

> [!CAUTION]
> The walls are slippery.

### Code

\`\`\`rust
/// Whether a boat can leave. This line is long enough to be scrolled sideways on every screen that there is.
fn level(chamber: f64, upper: f64) -> bool {
    (upper - chamber).abs() < 0.01 // a "close" guess
}
\`\`\`

\`\`\`
no language
\`\`\`

| gate | below | above | remark |
|---|--:|:-:|---|
| lower | 2.1 m | 4.8 m | the heavy one, with the plates of 1911 |
| upper | 4.8 m | 7.5 m | |

Inline $v = \\sqrt{2gh}$ and alone:

$$\\int_0^h A\\,dz = \\frac{Q}{2}\\left(1 + \\sum_{i=1}^{n} \\alpha_i^2\\right)$$

---

![a cat](https://example.org/cat.png)

[^1]: In a footnote that says more about it than anybody wanted to know.
`;

const TURNED = `يرفع القفل القارب بإدخال الماء من الأسفل، فلا يُضخ شيء أبدًا.

# عنوان

- البوابة السفلى
  - داخلية
- [x] مغلقة
- [ ] ممتلئة

1. ادخل.
2. انتظر.

> اقتباس من شخص يعرف.

> [!NOTE]
> القوارب النازلة لا تحتاج إلى ماء.

> [!WARNING]
> אין לקשור את החבלים לעולם.

| البوابة | تحت |
|---|--:|
| السفلى | 2.1 |
| العليا | 4.8 |

\`\`\`rust
let x = 1;
\`\`\`

حاشية[^1] و\`code\` و $a^2$.

And a paragraph in English.

[^1]: حاشية طويلة بعض الشيء تقول أكثر مما أراد أحد أن يعرف عن هذا الموضوع كله.
`;

interface Stage {
  chat: ChatPage;
  provider: FakeProvider;
  prompt: string;
  breaking: (plan: Plan) => Promise<{ proxy: CutProxy; chat: ChatPage }>;
}

const echo = async (chat: ChatPage, text: string) => {
  await chat.open();
  await (await chat.ask(text, ECHO)).isIn('end');
};

/** Opens `/` or `/login` of a server with these settings, where people come if that is said. */
async function elsewhere({ page }: ChatPage, settings: string, person = false) {
  const data = mkdtempSync(path.join(tmpdir(), 'sluice-data-'));
  const server = await startServer(settings, data);
  if (person) command(['user', 'add', 'anna', '--data', data], 'correct horse\n');
  await page.goto(server.url);
  page.once('close', () => void server.stop().then(() => rmSync(data, { recursive: true })));
  return server;
}

async function home(chat: ChatPage) {
  await chat.open();
  return chat.page.url();
}

/** Each brings the page into a state. */
const STATES: Record<string, (stage: Stage) => Promise<void>> = {
  async empty({ chat }) {
    await chat.open();
  },
  async waiting({ chat, provider, prompt }) {
    provider.on(prompt, (reply) => reply.silence());
    await chat.open();
    await chat.ask(prompt, FAKE);
    await expect(chat.connection).toBeVisible();
  },
  async thinking({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.think('The gates are the easy part. What moves the water? Nothing does: it falls. So I ');
      await reply.silence();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.thinkText).toHaveText(/falls/);
  },
  async streaming({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.think('The gates are the easy part.');
      reply.say(TEXT.slice(0, 480));
      await reply.silence();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('lower');
  },
  async ended({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.think('The gates are the easy part.');
      reply.say(TEXT);
      reply.finish();
    });
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('end');
  },
  async stopped({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.say(TEXT.slice(0, 200));
      await reply.silence();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('enters');
    await chat.stop.click();
    await answer.isIn('cancelled');
  },
  async error({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.say(TEXT.slice(0, 200));
      reply.fail('The GPU has gone for lunch.');
    });
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('error');
  },
  async offline({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => {
      reply.say(TEXT.slice(0, 200));
      await reply.silence();
    });
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toContainText('enters');
    await chat.page.context().setOffline(true);
    // The open connection does not notice, but the page replaces it at this event.
    await chat.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(chat.connection).toHaveAttribute('data-phase', 'offline');
  },
  async list({ chat, provider, prompt }) {
    await chat.open();
    for (const title of ['Why is the sky blue at noon and red at dusk?', 'Names for a sloop', '用中文介绍一下流式输出']) {
      await chat.open();
      await (await chat.ask(title, ECHO)).isIn('end');
    }
    provider.on(prompt, async (reply) => (reply.say(TEXT.slice(0, 200)), await reply.silence()));
    await chat.open();
    await expect((await chat.ask(prompt, FAKE)).texts).toContainText('enters');
    const menu = chat.page.locator('.bar-list');
    if (await menu.isVisible()) await menu.click();
    await chat.rows.nth(2).hover();
  },
  async renaming(stage) {
    await STATES.list?.(stage);
    await stage.chat.rows.nth(2).getByRole('button', { name: /^(Rename|重命名)/ }).click();
  },
  async deleted(stage) {
    await STATES.list?.(stage);
    await stage.chat.rows.nth(2).getByRole('button', { name: /^(Delete|删除)/ }).click();
    await expect(stage.chat.toast).toBeVisible();
  },
  async versions({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => (reply.say(TEXT.slice(0, 200)), reply.finish('length')));
    provider.on(TEXT.slice(0, 200), async (reply) => (reply.say(TEXT.slice(200)), reply.finish()));
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('end');
    await chat.answer().regenerate.click();
    await expect(chat.answer().versions).toBeVisible();
    await chat.answer().proceed.click();
    await expect(chat.answers).toHaveCount(2);
    await chat.answer().isIn('end');
    await chat.userMessages.hover();
  },
  async editing({ chat }) {
    await chat.open();
    await (await chat.ask('A message with a misteak', ECHO)).isIn('end');
    await chat.userMessages.hover();
    await chat.page.getByRole('button', { name: /Edit message|编辑消息/ }).click();
  },
  async provider_unreachable({ chat }) {
    await elsewhere(chat, '[[providers]]\nname = "local"\nbase_url = "http://127.0.0.1:9/v1"\n');
    await chat.isLive();
    await chat.page.waitForTimeout(1_000);
    await chat.page.reload();
    await expect(chat.page.locator('.problem')).toBeVisible();
  },
  async no_provider({ chat }) {
    await elsewhere(chat, '[server]\ndemo = false\n');
    await chat.isLive();
  },
  async refused({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => reply.refuse(429, 'You have used up your quota.', { 'retry-after': '75' }));
    await chat.open();
    await (await chat.ask(prompt, FAKE)).isIn('error');
  },
  async unsent({ chat, prompt }) {
    await chat.open();
    await chat.page.route('**/api/chat', (route) => route.abort());
    await (await chat.ask(prompt, FAKE)).isIn('unsent');
  },
  async reconnecting({ provider, prompt, breaking }) {
    provider.on(prompt, async (reply) => (reply.say(TEXT.slice(0, 200)), await reply.silence()));
    const { proxy, chat } = await breaking(() => undefined);
    await chat.page.route('**/events*', (route) => route.abort());
    await chat.open();
    await expect((await chat.ask(prompt, FAKE)).texts).toContainText('enters');
    proxy.breakNow();
    await expect(chat.connection).toHaveAttribute('data-phase', 'reconnecting');
  },
  async all({ chat }) {
    await echo(chat, ALL);
  },
  async turned({ chat }) {
    await echo(chat, TURNED);
  },
  async image({ chat }) {
    await chat.open();
    const url = await upload(chat.page, png(640, 400));
    await (await chat.ask(`A picture:\n\n![a lock](${url})\n\n![gone](/api/files/${'0'.repeat(64)}.png)`, ECHO)).isIn('end');
  },
  async lightbox(stage) {
    await STATES.image?.(stage);
    await stage.chat.answer().root.locator('.open-image').first().click();
  },
  async settings({ chat }) {
    await chat.open();
    await chat.page.locator('.bar-settings').click();
  },
  async shortcuts({ chat }) {
    await chat.open();
    await chat.page.keyboard.press('Tab');
    await chat.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await chat.page.keyboard.press('?');
  },
  async list_empty({ chat }) {
    await chat.open();
    const menu = chat.page.locator('.bar-list');
    if (await menu.isVisible()) await menu.click();
  },
  async list_long({ chat }) {
    await chat.open();
    for (let i = 0; i < 60; i++) {
      const parts = [{ t: 'text', r: `${i}. Why does a sluice gate hum, and how long may a title be before it is cut?` }];
      await said(chat.page, { message: { parts }, model: ECHO, options: { pace_ms: 0 } });
    }
    await chat.open();
    const menu = chat.page.locator('.bar-list');
    if (await menu.isVisible()) await menu.click();
    await chat.page.locator('.sidebar-list').evaluate((list) => list.scrollTo(0, 1e6));
  },
  async thoughts_open(stage) {
    await STATES.ended?.(stage);
    await stage.chat.answer().think.locator('summary').click();
    await stage.chat.answer().root.getByTestId('facts').locator('summary').click();
  },
  async jump({ chat, provider, prompt }) {
    provider.on(prompt, async (reply) => (reply.say(ALL), await reply.silence()));
    await chat.open();
    await expect((await chat.ask(prompt, FAKE)).texts).toContainText('wanted to know');
    await chat.page.mouse.move((chat.page.viewportSize()?.width ?? 0) / 2, 300);
    await chat.page.mouse.wheel(0, -900);
  },
  async login({ chat }) {
    await elsewhere(chat, '', true);
  },
  async login_wrong({ chat }) {
    await elsewhere(chat, '', true);
    await chat.page.locator('[name=name]').fill('anna');
    await chat.page.locator('[name=password]').fill('wrong');
    await chat.page.keyboard.press('Enter');
    await expect(chat.page.getByRole('alert')).toBeVisible();
  },
  async signed_in({ chat }) {
    await elsewhere(chat, '', true);
    await chat.page.locator('[name=name]').fill('anna');
    await chat.page.locator('[name=password]').fill('correct horse');
    await chat.page.keyboard.press('Enter');
    await chat.isLive();
    await chat.page.locator('.person summary').click();
  },
  async no_page({ chat }) {
    await chat.page.goto(new URL('/nowhere', await home(chat)).href);
  },
  async no_file({ chat }) {
    await chat.page.goto(new URL(`/api/files/${'0'.repeat(64)}.png`, await home(chat)).href);
  },
  async no_id({ chat }) {
    await chat.page.goto(new URL('/api/chat/nothing', await home(chat)).href);
  },
  async missing({ chat }) {
    await chat.open('/c/00000000-0000-4000-8000-000000000000');
  },
  async lab({ chat }) {
    await chat.open('/lab');
    await chat.page.getByTestId('lab-mode').getByLabel(/^(Typed|带类型)/).check({ force: true });
    await chat.page.locator('[name=pace_ms]').fill('5');
    await chat.page.locator('[name=seed]').fill('1');
    await chat.page.getByRole('button', { name: /^(Start|开始)$/ }).click();
    await expect(chat.page.getByTestId('lab-state')).toHaveAttribute('data-state', 'end', { timeout: 30_000 });
  },
};

test.use({ expectedErrors: /./ });

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const locale of ['en', 'zh-CN']) {
      test.describe(`${size} ${colorScheme} ${locale}`, () => {
        test.use({ viewport, colorScheme, locale });
        for (const [name, reach] of Object.entries(STATES)) {
          test(name, async ({ chat, provider, page, breaking, origins }, { workerIndex }) => {
            // Other servers of ours are none of a stranger's.
            origins.has = () => true;
            const prompt = `How does a lock lift a boat${'?'.repeat(workerIndex + 1)}`;
            await reach({ chat, provider, prompt, breaking });
            // What is shown only after a moment, so that it does not flicker, is there by then.
            await page.waitForTimeout(1_500);
            await page.screenshot({ path: `screenshots/${name}-${size}-${colorScheme}-${locale}.png` });
          });
        }
      });
    }
  }
}

test.describe('for the README', () => {
  test.use({ viewport: { width: 1120, height: 1010 } });

  test('the demo while it speaks', async ({ chat, page, context, server }) => {
    await chat.open();
    const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    // Always the same text, and held where it is worth looking at.
    const conversation = crypto.randomUUID();
    const start = new AbortController();
    await fetch(`${server.url}/api/chat`, {
      method: 'POST',
      signal: start.signal,
      headers: { 'content-type': 'application/json', cookie: cookies, origin: server.url },
      body: JSON.stringify({
        conversation,
        model: ARTICLE,
        message: { parts: [{ t: 'text', r: 'How does a lock lift a boat?' }] },
        options: { seed: 4, pace_ms: 5, stall_after: 1272 },
      }),
    });
    start.abort();
    await chat.open(`/c/${conversation}`);
    await expect.poll(async () => (await chat.answer().text()).length).toBeGreaterThan(300);
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: path.join(import.meta.dirname, '../docs/screenshot.png') });
  });
});
