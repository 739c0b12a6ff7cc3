/**
 * What is done with a code block that is finished: its colours are fetched when it comes near the
 * screen, and a diagram is offered to be drawn.
 *
 * The page imports this at the first such block that names a language.
 */
import { type Words, offer } from './frame';

/** What the page says: where the colours are, and its words. */
export interface Page {
  colours: string;
  words: Words;
}

/** A longer block stays plain, in UTF-16 units: finding its tokens is one call, and nothing else happens meanwhile. */
const LONGEST = 50_000;

/** Names under which the colours know a language. A test asks them for each. */
export const LANGUAGES = new Set(
  (
    'bash sh zsh c h cpp c++ cc cxx hpp h++ csharp cs c# css diff patch go golang ini toml java ' +
    'javascript js jsx mjs cjs json jsonc json5 markdown md python py gyp rust rs shell console ' +
    'shellsession sql typescript ts tsx mts cts xml html xhtml svg rss atom plist yaml yml'
  ).split(' '),
);

/** Blocks that are not near the screen yet, with how to go on: nothing is done for what nobody sees. */
const far = new WeakMap<Element, () => void>();
const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      far.get(target)?.();
      far.delete(target);
    }
  },
  { rootMargin: '100%' },
);

const seen = new WeakSet<Element>();

/** Takes a code block, which will not change any more. */
export function finished(block: Element, { colours, words }: Page): void {
  if (seen.has(block)) return;
  seen.add(block);
  const language = block.querySelector('.code-language')?.textContent?.toLowerCase() ?? '';
  const code = block.querySelector('code');
  if (!code) return;
  if (language === 'mermaid') {
    offer(block, words);
  } else if (LANGUAGES.has(language) && (code.textContent ?? '').length <= LONGEST) {
    far.set(block, () => void colour(colours, code, language));
    near.observe(block);
  }
}

async function colour(address: string, code: Element, language: string): Promise<void> {
  try {
    const colours = (await import(address)) as typeof import('./colours');
    colours.colour(code, language);
  } catch {
    // Without colours the code is there all the same, and whatever is said here would help nobody.
  }
}
