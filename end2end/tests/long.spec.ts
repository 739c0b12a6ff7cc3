/** Long answers and conversations: what stands there stays there, and all of it can be found. */
import type { Page } from '@playwright/test';
import { FAKE, expect, gate, test } from '../fixtures';
import { mixed, still } from '../reader';

// Pictures of a long page for the trace, one for each step, cost more than what is tested.
test.use({ trace: { mode: 'retain-on-failure', snapshots: false, screenshots: false } });

/** Keeps all nodes of the last answer's text in the page, to be compared later; but for the texts of code, which
    its colours replace. */
async function keepNodes(page: Page, but = 0) {
  await page.getByTestId('text').last().evaluate((body, but) => {
    const kept: Node[] = [];
    const blocks = [...body.querySelectorAll(':scope > .group > *')];
    for (const block of blocks.slice(0, blocks.length - but)) {
      const walker = document.createTreeWalker(block);
      for (let node: Node | null = block; node; node = walker.nextNode())
        if (!(node instanceof Text && node.parentElement!.closest('pre'))) kept.push(node);
    }
    (window as unknown as { kept: Node[] }).kept = kept;
  }, but);
}

/** How many nodes were kept, and how many of them stand in the page no more. */
function lostNodes(page: Page) {
  return page.evaluate(() => {
    const { kept } = window as unknown as { kept: Node[] };
    return { kept: kept.length > 0, lost: kept.filter((node) => !node.isConnected).length };
  });
}

test('what is closed keeps its nodes, a selection and the focus while more comes', async ({
  chat,
  page,
  provider,
  prompt,
}) => {
  test.slow();
  const [above, below] = [mixed(4_000), mixed(8_000)];
  const more = gate();
  provider.on(prompt, async (reply) => {
    reply.say(`${above}\`\`\`rust\nlet last;\n\`\`\`\n\nAn open paragraph, sel`);
    await reply.until(more.opened);
    await reply.dictate(`ected and *going on* with [a link](https://example.org).\n\n${below}`, 40, 1);
    reply.finish();
  });
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await expect(answer.texts).toContainText('An open paragraph, sel', { timeout: 60_000 });
  await keepNodes(page, 1);
  const copy = answer.texts.getByRole('button', { name: 'Copy', exact: true }).first();
  await copy.focus();
  // From within code that has its colours to the end of what is open.
  const code = answer.texts.locator('pre').last();
  await expect(code.locator('[class^="hl-"]').first()).toBeAttached();
  const selected = await answer.texts.evaluate((body) => {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    let last: Node = body;
    while (walker.nextNode()) if (walker.currentNode.textContent!.includes('sel')) last = walker.currentNode;
    const from = [...body.querySelectorAll('pre')].at(-1)!.querySelector('[class^="hl-"]')!.firstChild!;
    getSelection()!.setBaseAndExtent(from, 1, last, last.textContent!.indexOf('sel') + 3);
    return getSelection()!.toString();
  });
  expect(selected).toContain('let last;'.slice(1));
  expect(selected).toMatch(/An open paragraph, sel$/);
  more.open();
  await answer.isIn('end', { timeout: 120_000 });
  await expect(answer.root).toHaveAttribute('data-verdict', 'whole');
  expect(await lostNodes(page)).toEqual({ kept: true, lost: 0 });
  await expect(copy).toBeFocused();
  expect(await page.evaluate(() => getSelection()!.toString())).toBe(selected);
});

test('in a long answer everything can be found, also what is far from the screen', async ({
  chat,
  page,
  provider,
  prompt,
}) => {
  test.slow();
  const half = mixed(40_000);
  const needles = ['A needle 4711 in plain words.', 'A **needle 4712** that is strong.', '- a list\n  > with needle 4713'];
  provider.on(prompt, (reply) => {
    reply.say(`${half}${needles.join(`\n\n${half}`)}\n\n${half}\n\n\`\`\`rust\nlet needle = 4714;\n\`\`\`\n\n${half}`);
    reply.finish();
    return Promise.resolve();
  });
  await chat.open();
  await (await chat.ask(prompt, FAKE)).isIn('end', { timeout: 120_000 });
  for (const drawnBy of ['the page', 'the server']) {
    if (drawnBy === 'the server') await chat.open(new URL(page.url()).pathname);
    const { texts } = chat.answer();
    await expect(texts, drawnBy).toContainText('needle 4711');
    for (const needle of ['needle 4711', 'needle 4712', 'needle 4713', 'needle = 4714']) {
      await page.evaluate(() => scrollTo(0, 0));
      await still(page);
      const [skipped, found] = await texts.evaluate((body, needle) => {
        const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
        while (!walker.currentNode.textContent!.includes(needle) || walker.currentNode === body) if (!walker.nextNode()) break;
        const element = walker.currentNode.parentElement!;
        // What is in a group of blocks is skipped, and not hidden.
        const skipped = element.checkVisibility() && !element.checkVisibility({ contentVisibilityAuto: true });
        getSelection()!.removeAllRanges();
        const find = (window as unknown as { find(text: string): boolean }).find;
        return [skipped, find.call(window, needle)];
      }, needle);
      expect(skipped, `${drawnBy}: ${needle} is not laid out`).toBe(true);
      expect(found, `${drawnBy}: ${needle} is found`).toBe(true);
      expect(await page.evaluate(() => getSelection()!.toString())).toBe(needle);
      // And it is shown where it is found.
      await still(page);
      const shown = await page.evaluate(() => {
        const { top, bottom } = getSelection()!.getRangeAt(0).getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight && bottom > top;
      });
      expect(shown, `${drawnBy}: ${needle} is on the screen`).toBe(true);
    }
  }
});

test('an answer that is long already goes on behind what the server drew', async ({ chat, page, provider, prompt }) => {
  test.slow();
  const above = mixed(60_000);
  const more = gate();
  provider.on(prompt, async (reply) => {
    reply.say(`${above}The end so f`);
    await reply.until(more.opened);
    reply.say('ar, and the end.');
    reply.finish();
  });
  await chat.open();
  const first = await chat.ask(prompt, FAKE);
  await expect(first.texts).toContainText('The end so f', { timeout: 60_000 });
  await chat.open(new URL(page.url()).pathname);
  const answer = chat.answer();
  await answer.isIn('running');
  await expect(answer.texts).toContainText('The end so f');
  await keepNodes(page);
  more.open();
  await answer.isIn('end', { timeout: 120_000 });
  await expect(answer.texts).toContainText('The end so far, and the end.');
  expect(await lostNodes(page)).toEqual({ kept: true, lost: 0 });
});

test('code that is selected by hand is its source, line by line', async ({ chat, provider, prompt }) => {
  const line = (n: number) => (n % 7 === 3 ? '' : `${' '.repeat(n % 5)}line ${n} of the code`);
  const source = Array.from({ length: 700 }, (_, n) => line(n)).join('\n');
  provider.on(prompt, async (reply) => (reply.say(`\`\`\`text\n${source}\n\`\`\`\n\nand after`), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 120_000 });
  const selected = await answer.texts.evaluate((body) => {
    const code = body.querySelector('code')!;
    getSelection()!.selectAllChildren(code);
    return { text: code.textContent, selected: getSelection()!.toString() };
  });
  expect(selected.text).toBe(`${source}\n`);
  expect(selected.selected.trimEnd()).toBe(source.trimEnd());
  // From within one line to within another, far below.
  const lines = await answer.texts.evaluate((body) => {
    const walker = document.createTreeWalker(body.querySelector('code')!, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    getSelection()!.setBaseAndExtent(texts[0]!, 5, texts.at(-1)!, texts.at(-1)!.length);
    return getSelection()!.toString();
  });
  expect(lines.trimEnd()).toBe(source.slice(5).trimEnd());
});
