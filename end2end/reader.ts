/** What tests of reading share: texts that are long, and where things stand in the page. */
import type { Locator, Page } from '@playwright/test';
import type { AnswerView } from './chat';
import { random } from './fixtures';

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

/** The focus is where the keys move the page. */
export const leaveComposer = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
