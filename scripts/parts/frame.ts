/**
 * Diagrams in the page: a frame of its own for each, which is given the source and tells its height.
 *
 * What comes out of a frame is what a model made of it: one number, taken within bounds, or "failed".
 */

/** What is said, in the reader's language. */
export interface Words {
  show: string;
  hide: string;
  title: string;
  failed: string;
}

/** How long a frame may take to load, and then to draw, in ms. */
const LOADING = 30_000;
const DRAWING = 5_000;
/** What a frame may be high, in CSS pixels. What does not fit scrolls in it. */
const LOWEST = 40;
const HIGHEST = 1_200;

/** Puts a button into the bar of a code block, which shows the diagram in place of its source. */
export function offer(block: Element, words: Words): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'diagram';
  button.textContent = words.show;
  let shown: Diagram | undefined;
  button.addEventListener('click', () => {
    if (shown?.isOpen) shown.close();
    else shown = new Diagram(block, button, words);
  });
  block.querySelector('.code-language')?.after(button);
}

class Diagram {
  private readonly frame = document.createElement('iframe');
  private readonly source: HTMLElement | null;
  private readonly open = new AbortController();
  private timer = setTimeout(() => this.fail(), LOADING);
  private dark = false;

  constructor(
    private readonly block: Element,
    private readonly button: HTMLButtonElement,
    private readonly words: Words,
  ) {
    this.source = block.querySelector('pre');
    block.querySelector('.diagram-failed')?.remove();
    const { signal } = this.open;
    this.frame.className = 'diagram-frame';
    this.frame.title = words.title;
    // It runs scripts, and gets nothing else: not our origin, no forms, no windows, no navigation.
    this.frame.setAttribute('sandbox', 'allow-scripts');
    this.frame.src = '/diagram';
    this.frame.addEventListener('load', () => this.ask(), { signal });
    addEventListener('message', (event) => this.hear(event), { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.follow(), { signal });
    const themes = new MutationObserver(() => this.follow());
    themes.observe(document.documentElement, { attributes: true });
    signal.addEventListener('abort', () => themes.disconnect());
    button.setAttribute('aria-busy', 'true');
    this.source?.before(this.frame);
  }

  get isOpen(): boolean {
    return !this.open.signal.aborted;
  }

  private ask(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail(), DRAWING);
    this.dark = isDark(this.block);
    const source = this.source?.textContent ?? '';
    const font = getComputedStyle(document.body).fontFamily;
    // The frame's origin has no name by which it could be called.
    this.frame.contentWindow?.postMessage({ source, dark: this.dark, font }, '*');
  }

  /** Has it drawn anew if the page has become dark, or light. */
  private follow(): void {
    if (this.frame.dataset.drawn && isDark(this.block) !== this.dark) this.ask();
  }

  private hear({ source, data }: MessageEvent): void {
    if (source !== this.frame.contentWindow) return;
    const height: unknown = data?.height;
    if (typeof height === 'number' && Number.isFinite(height)) this.show(height);
    else this.fail();
  }

  private show(height: number): void {
    clearTimeout(this.timer);
    this.frame.height = `${Math.min(Math.max(Math.ceil(height), LOWEST), HIGHEST)}`;
    this.frame.dataset.drawn = 'true';
    if (this.source) this.source.hidden = true;
    this.settle(this.words.hide);
  }

  private fail(): void {
    this.close();
    const sentence = document.createElement('p');
    sentence.className = 'diagram-failed';
    sentence.setAttribute('role', 'status');
    this.source?.before(sentence);
    // A status is read out when its text changes, not when it comes.
    sentence.textContent = this.words.failed;
  }

  /** Shows the source again. */
  close(): void {
    clearTimeout(this.timer);
    this.open.abort();
    this.frame.remove();
    if (this.source) this.source.hidden = false;
    this.settle(this.words.show);
  }

  private settle(text: string): void {
    this.button.removeAttribute('aria-busy');
    this.button.textContent = text;
  }
}

/** Whether what is written here is light on dark, whoever decided that. */
function isDark(element: Element): boolean {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue > 384;
}
