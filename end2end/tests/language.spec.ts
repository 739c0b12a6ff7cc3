/** English and Chinese: as the browser asks, as somebody chose, and from the first byte on. */
import { type Page } from '@playwright/test';
import type { ChatPage } from '../chat';
import { ECHO, FAKE, expect, test } from '../fixtures';

const choose = async (page: Page, name: string) => {
  await page.locator('.bar-settings').click();
  await page.getByRole('radio', { name, exact: true }).click();
};

/** When the newest conversation was asked in last, as its link says it: made by the page, and after a reload from the server. */
async function dates(chat: ChatPage): Promise<(string | null)[]> {
  const link = chat.page.getByTestId('conversation').first().getByRole('link');
  const said: (string | null)[] = [];
  for (const again of [false, true]) {
    if (again) await chat.page.reload();
    await link.hover();
    await expect(link).toHaveAttribute('title', /\d/);
    said.push(await link.getAttribute('title'));
  }
  return said;
}

for (const [locale, form] of Object.entries({
  'en-US': /^[A-Z][a-z]{2} \d{1,2}, 20\d\d, \d{1,2}:\d\d\s[AP]M$/,
  'en-GB': /^\d{1,2} [A-Z][a-z]{2,3} 20\d\d, \d\d:\d\d$/,
  'zh-CN': /^20\d\d年\d{1,2}月\d{1,2}日 \d\d:\d\d$/,
  // Its language is not there, so neither is its way to write a date.
  'de-DE': /^[A-Z][a-z]{2} \d{1,2}, 20\d\d, \d{1,2}:\d\d\s[AP]M$/,
})) {
  test.describe(`with ${locale}`, () => {
    test.use({ locale });

    test('dates are written as there', async ({ chat, page, server, prompt }) => {
      await page.goto(server.url);
      await chat.isLive();
      await page.getByTestId('model').selectOption(ECHO);
      await page.getByTestId('composer').fill(prompt);
      await page.keyboard.press('Enter');
      await chat.answer().isIn('end');
      for (const date of await dates(chat)) expect(date).toMatch(form);
    });
  });
}

test.describe('a browser that asks for Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('gets it from the server, and the program goes on in it', async ({ page, chat, server, provider, prompt }) => {
    const html = await (await page.request.get(server.url, { headers: { 'accept-language': 'zh-CN,zh;q=0.9' } })).text();
    expect(html).toContain('<html lang="zh-CN"');
    expect(html).toContain('今天想聊点什么？');
    expect(html).not.toContain('What would you like to know?');

    provider.on(prompt, async (reply) => (reply.think('想一想'), reply.say('水往低处流。'), reply.finish()));
    await page.goto(server.url);
    await chat.isLive();
    await page.getByRole('combobox', { name: '模型' }).selectOption(FAKE);
    await page.getByRole('textbox', { name: '消息', exact: true }).fill(prompt);
    await page.getByRole('button', { name: '发送', exact: true }).click();
    const answer = page.getByRole('article', { name: '回答', exact: true });
    await expect(answer).toHaveAttribute('data-state', 'end');
    // Made by the program, not by the server.
    await expect(answer.getByText('完整')).toBeVisible();
    await expect(answer.locator('.think summary')).toHaveText(/^思考了 \d+\.\d 秒$/);
    await expect(answer.getByTestId('facts').locator('summary')).toHaveText(/\d+\.\d 秒/);
    await expect(page.getByTestId('conversation').first().getByRole('button')).toHaveCount(2);
    await expect(page.getByTestId('conversation').first().getByRole('button').first()).toHaveAttribute('title', /^重命名“/);

    await page.goto(`${server.url}/lab`);
    await chat.isLive();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('流式实验室');
    await expect(page.getByTestId('lab-state')).toHaveText('未开始');
    await page.locator('[name=text]').fill('水往低处流。');
    await page.getByRole('button', { name: '开始' }).click();
    await expect(page.getByTestId('lab-state')).toHaveAttribute('data-state', 'end');
    await expect(page.getByTestId('lab-state')).toHaveText('已结束');
    await page.goto(`${server.url}/c/0f8fad5b-d9cb-469f-a165-70867728950e`).catch(() => null);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('找不到这个对话');
  });

  test('is told in it what stands within an answer, while it streams and after a reload', async ({ page, chat, server }) => {
    await page.goto(server.url);
    await chat.isLive();
    await page.getByRole('combobox', { name: '模型' }).selectOption(ECHO);
    const text = '> [!TIP]\n> 慢慢来。\n\n- [x] 关门\n\n|a|\n|-|\n|1|\n\n![猫](https://a.test/cat.png)\n\n```rust\nlet a = 1;\n```';
    await page.getByRole('textbox', { name: '消息', exact: true }).fill(text);
    await page.getByRole('button', { name: '发送', exact: true }).click();
    const said = async () => {
      const answer = page.getByRole('article', { name: '回答', exact: true });
      await expect(answer).toHaveAttribute('data-state', 'end');
      await expect(answer.locator('.alert-title')).toHaveText('提示');
      await expect(answer.getByRole('checkbox', { name: '已完成' })).toBeChecked();
      await expect(answer.locator('.table-bar')).toHaveText('复制 Markdown复制 CSV');
      await expect(answer.locator('.image-blocked')).toHaveText('来自 a.test 的图片未加载：猫 打开');
      await expect(answer.locator('.code-bar .wrap')).toHaveText('自动换行');
      await expect(answer.locator('.code-bar .copy')).toHaveText('复制');
    };
    await said();
    await page.reload();
    await chat.isLive();
    await said();
  });

  test('is told in it why a message was not sent, with the words of the server behind', async ({ page, chat, server }) => {
    await page.goto(server.url);
    await chat.isLive();
    const json = { error: { kind: 'too_many', message: 'too many answers run' } };
    await page.route('**/api/chat', (route) => route.fulfill({ status: 429, headers: { 'retry-after': '5' }, json }));
    await page.getByRole('textbox', { name: '消息', exact: true }).fill('在吗？');
    await page.getByRole('button', { name: '发送', exact: true }).click();
    const lines = page.getByTestId('error').locator('p');
    await expect(lines).toHaveText(['消息没有发出。', '同时进行的回答太多了。', 'too many answers run', '请在 5 秒后重试']);
  });

  test('can have English all the same, and keeps it', async ({ page, chat, server }) => {
    await page.goto(server.url);
    await chat.isLive();
    await choose(page, 'English');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await chat.isLive();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('What would you like to know?');
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await chat.isLive();
    await choose(page, 'As the browser');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  });
  test.use({ expectedErrors: /Failed to load resource.*(404|429)/ });
});

test('a browser of another language gets English', async ({ browser, server }) => {
  const context = await browser.newContext({ locale: 'de-DE' });
  const page = await context.newPage();
  await page.goto(server.url);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await context.close();
});

test('text takes the direction in which it is written', async ({ chat }) => {
  await chat.open();
  const arabic = 'يرفع القفل القارب بإدخال الماء من الأسفل.';
  const answer = await chat.ask(`${arabic}\n\nA lock lifts a boat.\n\n- ${arabic}\n\n\`\`\`\nlet x = 1;\n\`\`\``, ECHO);
  await answer.isIn('end');
  /** Where the first line of a text begins and ends, as a share of its block. */
  const place = (selector: string) =>
    answer.texts.locator(selector).first().evaluate((block) => {
      const range = document.createRange();
      range.selectNodeContents(block);
      const [text, box] = [range.getBoundingClientRect(), block.getBoundingClientRect()];
      return { left: text.left - box.left, right: box.right - text.right };
    });
  const [rtl, ltr] = [await place('p >> nth=0'), await place('p >> nth=1')];
  expect(rtl.right).toBeLessThan(2);
  expect(rtl.left).toBeGreaterThan(20);
  expect(ltr.left).toBeLessThan(2);
  expect(ltr.right).toBeGreaterThan(20);
  // Its bullet is on its side.
  await expect(answer.texts.locator('ul')).toHaveCSS('direction', 'rtl');
  await expect(answer.texts.locator('pre').first()).toHaveCSS('direction', 'ltr');
  // An alert's border and its title are on the side of its text, also while it streams.
  const alert = await chat.ask(`> [!NOTE]\n> ${arabic}\n\n| ${arabic} | 2 |\n|---|---|\n| 1 | 2 |`, ECHO);
  await expect(alert.texts.locator('.alert p').nth(1)).toBeVisible();
  await expect(alert.texts.locator('.alert')).toHaveCSS('border-right-width', '4px');
  await expect(alert.texts.locator('.alert-title')).toHaveCSS('text-align', 'right');
  await alert.isIn('end');
  await expect(alert.texts.locator('.alert')).toHaveCSS('border-left-width', '1px');
  await expect(alert.texts.locator('td').first()).toHaveCSS('text-align', 'right');
});
