/** Long answers and conversations: what stands there stays there, and all of it can be found. */
import type { Page } from '@playwright/test';
import { FAKE, expect, gate, random, test } from '../fixtures';

/** Markdown of every kind, of about so many characters. Code has no colours: they are nodes that come later. */
function mixed(characters: number): string {
  const pick = random(characters);
  const kinds = [
    (n: number) => `## Section ${n}\n\nA paragraph with *emphasis*, **strong words** and \`code\` number ${n}.`,
    (n: number) => `- first ${n}\n- second\n  1. nested\n  2. again\n- third`,
    (n: number) => `\`\`\`text\nfn number_${n}() -> u32 {\n    ${n}\n}\n\`\`\``,
    (n: number) => `| number | square |\n|---:|---:|\n| ${n} | ${n * n} |\n| ${n + 1} | ${(n + 1) ** 2} |`,
    (n: number) => `> A quote, ${n}\n>\n> in two paragraphs.`,
    (n: number) => `${`Some words of a longer text ${n}. `.repeat(6)}\nAnd a new line.`,
  ];
  let text = '';
  for (let n = 1; text.length < characters; n++)
    text += `${kinds[Math.floor(pick() * kinds.length)]!(n)}\n\n`;
  return text;
}

/** Keeps all nodes of the last answer's text in the page, to be compared later. */
async function keepNodes(page: Page, but = 0) {
  await page.getByTestId('text').last().evaluate((body, but) => {
    const kept: Node[] = [];
    for (const block of [...body.children].slice(0, body.children.length - but)) {
      const walker = document.createTreeWalker(block);
      for (let node: Node | null = block; node; node = walker.nextNode()) kept.push(node);
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
    reply.say(`${above}\`\`\`text\nlet last;\n\`\`\`\n\nAn open paragraph, sel`);
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
  const selected = await answer.texts.evaluate((body) => {
    const text = body.lastElementChild!.firstChild!;
    getSelection()!.setBaseAndExtent(body.querySelector('em')!.firstChild!, 0, text, 17);
    return getSelection()!.toString();
  });
  expect(selected).toContain('An open paragraph');
  more.open();
  await answer.isIn('end', { timeout: 60_000 });
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
  provider.on(prompt, (reply) => {
    reply.say(half);
    reply.say('The **needle 4711** in the middle.\n\n');
    reply.say(half);
    reply.finish();
    return Promise.resolve();
  });
  await chat.open();
  let answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 60_000 });
  for (const drawnBy of ['the page', 'the server']) {
    if (drawnBy === 'the server') await chat.open(new URL(page.url()).pathname);
    answer = chat.answer();
    await expect(answer.texts, drawnBy).toContainText('needle 4711');
    const [block, found] = await answer.texts.evaluate((body) => {
      const block = [...body.children].find((block) => block.textContent!.includes('needle 4711'))!;
      scrollTo(0, document.documentElement.scrollHeight);
      // What is in a block is skipped, not the block.
      const skipped = !block.querySelector('strong')!.checkVisibility({ contentVisibilityAuto: true });
      getSelection()!.removeAllRanges();
      const find = (window as unknown as { find(text: string): boolean }).find;
      return [skipped, find.call(window, 'needle 4711')];
    });
    expect(block, `${drawnBy}: it is not laid out`).toBe(true);
    expect(found, `${drawnBy}: it is found`).toBe(true);
    expect(await page.evaluate(() => getSelection()!.toString())).toBe('needle 4711');
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
  await answer.isIn('end', { timeout: 60_000 });
  await expect(answer.texts).toContainText('The end so far, and the end.');
  expect(await lostNodes(page)).toEqual({ kept: true, lost: 0 });
});

test('code that is selected by hand is its source, line by line', async ({ chat, provider, prompt }) => {
  const line = (n: number) => (n % 7 === 3 ? '' : `${' '.repeat(n % 5)}line ${n} of the code`);
  const source = Array.from({ length: 700 }, (_, n) => line(n)).join('\n');
  provider.on(prompt, async (reply) => (reply.say(`\`\`\`text\n${source}\n\`\`\`\n\nand after`), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end', { timeout: 60_000 });
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
