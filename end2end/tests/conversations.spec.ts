/** The list of conversations. */
import { ECHO, FAKE, expect, gate, test } from '../fixtures';

test('a message puts its conversation at the top at once, and its page is its own', async ({
  chat,
  page,
  provider,
  prompt,
}) => {
  const said = gate();
  provider.on(prompt, async (reply) => (await reply.until(said.opened), reply.say('Done.'), reply.finish()));
  await chat.open();
  await expect(chat.list).toContainText('will be listed here');
  await (await chat.ask('An older one', ECHO)).isIn('end');
  await page.getByRole('link', { name: 'New chat' }).click();
  await chat.isLive();
  await expect(chat.row('An older one').getByRole('link')).not.toHaveAttribute('aria-current', 'page');

  const answer = await chat.ask(prompt, FAKE);
  await expect(chat.rows).toHaveCount(2);
  await expect(chat.rows.first().getByRole('link')).toHaveAttribute('aria-current', 'page');
  await expect(chat.rows.first()).toContainText('is being answered');
  said.open();
  await answer.isIn('end');
  await expect(chat.rows.first()).not.toContainText('is being answered');
  expect(prompt.startsWith((await chat.rows.first().getByRole('link').innerText()).replace('…', ''))).toBe(true);

  await chat.row('An older one').getByRole('link').click();
  await chat.isLive();
  await expect(chat.userMessages).toHaveText(['An older one']);
  await expect(chat.row('An older one').getByRole('link')).toHaveAttribute('aria-current', 'page');
  await expect(page).toHaveTitle('An older one · Sluice');
});

test('a conversation is renamed in place', async ({ chat, page }) => {
  await chat.open();
  await (await chat.ask('Its first name', ECHO)).isIn('end');
  const row = chat.rows.first();
  await row.hover();
  await row.getByRole('button', { name: /^Rename/ }).click();
  const field = page.getByRole('textbox', { name: 'New title' });
  await expect(field).toBeFocused();
  await field.fill('Never mind');
  await page.keyboard.press('Escape');
  await expect(row.getByRole('link')).toHaveText('Its first name');

  await row.hover();
  await row.getByRole('button', { name: /^Rename/ }).click();
  await field.fill('  A second   name ');
  await page.keyboard.press('Enter');
  await expect(row.getByRole('link')).toHaveText('A second name');
  await expect(page).toHaveTitle('A second name · Sluice');
  await page.reload();
  await chat.isLive();
  await expect(row.getByRole('link')).toHaveText('A second name');
  await expect(page).toHaveTitle('A second name · Sluice');
});

test('a deleted conversation stops, and comes back with Undo', async ({ chat, page, provider, prompt }) => {
  provider.on(prompt, async (reply) => (reply.say('So far.'), await reply.silence()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('So far.');
  const address = page.url();
  await chat.rows.first().getByRole('button', { name: /^Delete/ }).focus();
  await page.keyboard.press('Enter');
  await expect(chat.toast).toContainText('Deleted');
  await expect(chat.rows).toHaveCount(0);
  await expect(page).toHaveURL((url) => url.pathname === '/');
  await expect(chat.answers).toHaveCount(0);
  expect(await provider.calls(prompt)[0]?.closed).toBe('by the client');

  const undo = chat.toast.getByRole('button', { name: 'Undo' });
  await expect(undo, 'the keyboard is where it is needed').toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(address);
  await chat.isLive();
  await chat.answer().isIn('cancelled');
  await expect(chat.answer().texts).toHaveText('So far.');
  await expect(chat.rows).toHaveCount(1);
});

test('older conversations come as one scrolls, and by a link', async ({ chat, page, context, server }) => {
  await chat.open();
  for (let n = 0; n < 65; n++) {
    const response = await context.request.post(`${server.url}/send`, {
      form: { text: `Question ${n}`, model: ECHO },
      maxRedirects: 0,
      headers: { origin: server.url },
    });
    expect(response.status()).toBe(303);
    // Sixteen may run at once.
    await expect.poll(async () => (await (await context.request.get(`${server.url}/api/running`)).json()).running).toEqual([]);
  }
  await page.reload();
  await chat.isLive();
  await expect(chat.rows).toHaveCount(30);
  await expect(chat.rows.first()).toHaveText('Question 64');
  await chat.list.hover();
  await page.mouse.wheel(0, 5000);
  await expect(chat.rows).toHaveCount(60);
  await page.getByRole('link', { name: 'Older conversations' }).focus();
  await page.keyboard.press('Enter');
  await expect(chat.rows).toHaveCount(65);
  await expect(page.getByRole('link', { name: 'Older conversations' })).toHaveCount(0);
  await expect(chat.rows.last()).toHaveText('Question 0');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('the list is a drawer that takes the focus and gives it back', async ({ chat, page }) => {
    await chat.open();
    await (await chat.ask('In the drawer', ECHO)).isIn('end');
    const open = page.getByRole('button', { name: 'Conversations' });
    await expect(chat.list).toBeHidden();
    await open.click();
    const drawer = page.getByRole('dialog', { name: 'Conversations' });
    await expect(drawer).toBeVisible();
    await expect(page.getByRole('button', { name: 'Close' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(drawer).toBeHidden();
    await expect(open).toBeFocused();

    await open.click();
    await chat.row('In the drawer').getByRole('link').click();
    await chat.isLive();
    await expect(chat.list).toBeHidden();
    await expect(chat.userMessages).toHaveText(['In the drawer']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing sticks out').toBe(360);
  });

  test('Esc closes the drawer and not the answer', async ({ chat, page, provider, prompt }) => {
    provider.on(prompt, async (reply) => (reply.say('Going on.'), await reply.silence()));
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(answer.texts).toHaveText('Going on.');
    await page.getByRole('button', { name: 'Conversations' }).click();
    await expect(chat.list).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(chat.list).toBeHidden();
    await answer.isIn('running');
    await page.keyboard.press('Escape');
    await answer.isIn('cancelled');
  });
});

test('a page that opens in the middle of an answer goes on from there, in the nodes that stand there', async ({
  chat,
  page,
  provider,
  prompt,
  snapshot,
}) => {
  const hydrated = gate();
  const first = 'The first half of it, which the server has written. ';
  provider.on(prompt, async (reply) => {
    reply.think('A thought.');
    reply.say(first);
    await reply.until(hydrated.opened);
    reply.say('And the second half.');
    reply.finish();
  });
  await chat.open();
  const id = await (await chat.ask(prompt, FAKE)).id();
  await expect(chat.answer().texts).toHaveText(first.trim());
  const before = await snapshot(id);

  const arrived = gate();
  await page.route(/sluice\.wasm$/, async (route) => (await arrived.opened, await route.continue()));
  await page.goto(page.url(), { waitUntil: 'commit' });
  await expect(chat.answer().texts, 'readable before the program is there').toHaveText(first.trim());
  await expect(page.locator('html')).not.toHaveAttribute('data-hydrated', 'true');
  await page.evaluate(() => {
    const nodes: Node[] = [];
    const walker = document.createTreeWalker(document.querySelector('[data-testid=answer]') as Node);
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const removed: Node[] = [];
    new MutationObserver((changes) => changes.forEach((change) => removed.push(...change.removedNodes))).observe(
      document.querySelector('[data-testid=transcript]') as Node,
      { childList: true, subtree: true },
    );
    const top = document.querySelector('[data-testid=text]')?.getBoundingClientRect().top;
    Object.assign(window, { before: { nodes, removed, top } });
  });
  const attached = page.waitForRequest((request) => request.url().includes('/events'));
  arrived.open();
  await chat.isLive();
  const request = await attached;
  const asked = (await request.allHeaders())['last-event-id'] ?? new URL(request.url()).searchParams.get('after');
  expect(Number(asked), 'attached at exactly what stands there').toBe(before.length);
  const kept = await page.evaluate(() => {
    const { nodes, removed, top } = (window as unknown as { before: { nodes: Node[]; removed: Node[]; top: number } }).before;
    const now = document.querySelector('[data-testid=text]')?.getBoundingClientRect().top;
    return { all: nodes.every((node) => node.isConnected), removed: removed.length, moved: top !== now };
  });
  expect(kept).toEqual({ all: true, removed: 0, moved: false });

  hydrated.open();
  await chat.answer().isIn('end');
  await expect(chat.answer().texts).toHaveText(`${first}And the second half.`);
  const body = (await (await request.response())?.body())?.toString() ?? '';
  const contents = [...body.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data as string) as { t: string; r: string });
  const text = contents.filter(({ t }) => t === 'text').map(({ r }) => r).join('');
  expect(text, 'no byte comes twice').toBe('And the second half.');
});

test('a stop has a receipt, and what it says holds', async ({ chat, page, provider, prompt, snapshot }) => {
  provider.on(prompt, async (reply) => (reply.say('水 is kept.'), await reply.silence()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toHaveText('水 is kept.');
  await chat.stop.click();
  await answer.isIn('cancelled');
  await expect(answer.receipt).toContainText('10 characters kept');
  await expect(answer.receipt).toContainText(/connection to the model closed (in under|after \d+) /);
  expect((await snapshot(await answer.id())).length).toBe(12);
  await page.reload();
  await chat.isLive();
  await expect(chat.answer().receipt).toHaveText('10 characters kept');
});
