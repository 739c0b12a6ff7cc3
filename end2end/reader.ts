/** What tests of reading share: texts that are long, and where things stand in the page. */
import type { Locator, Page } from '@playwright/test';
import type { AnswerView, ChatPage } from './chat';
import type { FakeProvider } from './fake-provider';
import { FAKE, expect, random } from './fixtures';

/** Markdown of every kind, of about so many characters. */
export function mixed(characters: number): string {
  const pick = random(characters);
  const kinds = [
    (n: number) => `## Section ${n}\n\nA paragraph with *emphasis*, **strong words** and \`code\` number ${n}.`,
    (n: number) => `- first ${n}\n- second\n  1. nested\n  2. again\n- third`,
    (n: number) => `\`\`\`rust\nfn number_${n}() -> u32 {\n    ${n}\n}\n\`\`\``,
    (n: number) => `| number | square |\n|---:|---:|\n| ${n} | ${n * n} |\n| ${n + 1} | ${(n + 1) ** 2} |`,
    (n: number) => `> A quote, ${n}\n>\n> in two paragraphs.`,
    (n: number) => `${`Some words of a longer text ${n}. `.repeat(6)}\nAnd a new line.`,
  ];
  let text = '';
  for (let n = 1; text.length < characters; n++)
    text += `${kinds[Math.floor(pick() * kinds.length)]!(n)}\n\n`;
  return text;
}

/** Paragraphs of one line each. */
export const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `line ${from + n}`).join('\n\n') + '\n\n';

export const line = (answer: AnswerView, n: number) => answer.texts.getByText(`line ${n}`, { exact: true });

export const top = (locator: Locator) => locator.evaluate((element) => element.getBoundingClientRect().top);

/** The button that leads to what has come meanwhile. */
export const newContent = (page: Page) => page.getByRole('button', { name: 'New content' });

/** What is below the screen, in pixels. */
export const below = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight - window.scrollY);

/** Waits until nothing moves: the position is the same in ten frames in a row. */
export const still = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let [before, frames] = [window.scrollY, 0];
        const look = () => {
          frames = window.scrollY === before ? frames + 1 : 0;
          before = window.scrollY;
          if (frames < 10) requestAnimationFrame(look);
          else resolve();
        };
        look();
      }),
  );

/** Waits until the page stands higher than there, and then until nothing moves: what was done may take a while to arrive. */
export async function goesUp(page: Page, from: number) {
  await page.waitForFunction((from) => window.scrollY < from, from);
  await still(page);
}

/** Turns the wheel up, and waits until the page has followed. Its offset need not be less then: what is skipped above
    may turn out to be longer. */
export async function wheelUp(page: Page, turn: number) {
  const turned = await page.evaluateHandle(() => {
    const turned = new Promise((resolve) => addEventListener('wheel', resolve, { once: true, passive: true }));
    return { turned };
  });
  await page.mouse.wheel(0, -turn);
  await turned.evaluate(({ turned }) => turned.then(() => undefined));
  await still(page);
}

/** The focus is where the keys move the page. */
export const leaveComposer = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

/** Says something as a program would that is this browser's; returns what is told of the answer, to its end. */
export async function said(page: Page, body: object): Promise<string> {
  const { origin } = new URL(page.url());
  const headers = { origin, 'content-type': 'application/json' };
  const response = await page.request.post(`${origin}/api/chat`, { headers, data: JSON.stringify(body) });
  expect(response.status()).toBe(200);
  return response.text();
}

/** Keeps an image on the server, as the browser's own; returns its address. */
export async function upload(page: Page, image: Buffer): Promise<string> {
  const { origin } = new URL(page.url());
  const response = await page.request.post(`${origin}/api/files`, { headers: { origin }, data: image });
  expect(response.status()).toBe(201);
  return ((await response.json()) as { url: string }).url;
}

/** A conversation of so many questions with answers like this, made without the page; it is then opened. */
export async function conversation(chat: ChatPage, provider: FakeProvider, prompt: string, texts: string[]) {
  await chat.open();
  const { page } = chat;
  const id = crypto.randomUUID();
  for (const [index, text] of texts.entries()) {
    const question = `${prompt}, ${index}`;
    provider.on(question, async (reply) => (reply.say(text), reply.finish()));
    const told = await said(page, { conversation: id, message: { parts: [{ t: 'text', r: question }] }, model: FAKE });
    expect(told).toContain('"t":"end"');
  }
  await chat.open(`/c/${id}`);
  await expect(chat.answers).toHaveCount(texts.length);
}

/** Keeps hold of a text that stands near the middle of the screen, and says how far it has moved since. */
async function watch(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const has = (element: Element) => [...element.childNodes].some((node) => node instanceof Text && node.data.trim());
    const at = (y: number) => document.elementsFromPoint(innerWidth / 2 - 200, y).find((element) => element.closest('.message') && has(element));
    const steps = Array.from({ length: 40 }, (_, n) => (n % 2 ? -5 : 5) * n);
    const seen = steps.map((step) => at(innerHeight / 2 - 100 + step)).find(Boolean);
    if (!seen) throw new Error('nothing stands there');
    Object.assign(window, { seen, seenAt: seen.getBoundingClientRect().top });
  });
  return () =>
    page.evaluate(() => {
      const { seen, seenAt } = window as unknown as { seen: Element; seenAt: number };
      return seen.getBoundingClientRect().top - seenAt;
    });
}

/** Goes up with the wheel, to the beginning or so many times: what is read moves as far as the wheel says, each time. */
export async function goUp(page: Page, turn: number, most = Infinity) {
  await page.mouse.move(640, 300);
  let turns = 0;
  for (; turns < most && (await page.evaluate(() => scrollY)) > turn; turns++) {
    const moved = await watch(page);
    await wheelUp(page, turn);
    // The browser rounds where it scrolls to.
    const off = Math.abs((await moved()) - turn);
    expect(off, `turn ${turns}, at ${await page.evaluate(() => scrollY)}`).toBeLessThanOrEqual(2);
  }
  return turns;
}

export const laidOut = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => {
    // Of the content, not of the box.
    const seen = (element: Element) => (element.firstElementChild ?? element).checkVisibility({ contentVisibilityAuto: true });
    return { all: all.length, laidOut: all.filter(seen).length };
  });
