import { FAKE, expect, gate, test } from '../fixtures';

const HEAD = '| Gate | Level | Note |\n|:-----|------:|:----:|\n';
const ROWS = '| A | 1,5 | **wide** `a\\|b` |\n| B "old" | 2 | $x_1$ |\n';

test('a table is copied as Markdown and as CSV, to the byte', async ({ chat, context, page, provider, prompt }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  provider.on(prompt, async (reply) => {
    reply.say(`${HEAD}${ROWS}\nafter`);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  for (const loaded of ['live', 'again']) {
    const markdown = answer.root.getByRole('button', { name: 'Copy Markdown' });
    await markdown.focus();
    await page.keyboard.press('Enter');
    await expect.poll(clipboard, loaded).toBe(
      '| Gate | Level | Note |\n| --- | --: | :-: |\n| A | 1,5 | **wide** `a\\|b` |\n| B "old" | 2 | $x_1$ |\n',
    );
    await answer.root.getByRole('button', { name: 'Copy CSV' }).click();
    await expect.poll(clipboard, loaded).toBe('Gate,Level,Note\r\nA,"1,5",wide a|b\r\n"B ""old""",2,$x_1$\r\n');
    await page.reload();
    await chat.isLive();
  }
});

test('the buttons are there from the first row on and stay the same', async ({ chat, provider, prompt }) => {
  const more = gate();
  provider.on(prompt, async (reply) => {
    reply.say(`${HEAD}| A | 1 | x |\n`);
    await reply.until(more.opened);
    reply.say('| B | 2 | y |\n\nThe end.');
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  const button = answer.root.getByRole('button', { name: 'Copy CSV' });
  await button.focus();
  more.open();
  await answer.isIn('end');
  await expect(button).toBeFocused();
  await expect(answer.root.locator('td')).toHaveCount(6);
  const top = await answer.root.locator('table').evaluate((table) => table.getBoundingClientRect().top);
  await button.hover();
  expect(await answer.root.locator('table').evaluate((table) => table.getBoundingClientRect().top)).toBe(top);
});

test('a wide table scrolls by itself and its buttons stay in sight', async ({ chat, page, provider, prompt }) => {
  await page.setViewportSize({ width: 360, height: 700 });
  const cells = (text: string) => `|${Array(12).fill(` ${text} `).join('|')}|\n`;
  provider.on(prompt, async (reply) => {
    reply.say(cells('column') + cells('---') + cells('value'));
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  const table = answer.root.locator('div.table');
  await table.evaluate((box) => box.scrollTo(500, 0));
  await expect(answer.root.getByRole('button', { name: 'Copy CSV' })).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
