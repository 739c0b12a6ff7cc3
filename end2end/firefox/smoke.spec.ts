/** The whole page in Firefox: send, stream, stop, resume. */
import { CutProxy } from '../cut-proxy';
import { FAKE, test as base, expect, gate } from '../fixtures';
import { Firefox } from '../webdriver';

const test = base.extend<{ page_: Page }, { firefox: Firefox }>({
  firefox: [
    async ({}, use) => {
      const firefox = await Firefox.start();
      await use(firefox);
      await firefox.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  page_: async ({ firefox, server }, use) => {
    const before = firefox.complaints().length;
    await use(new Page(firefox, server.url));
    expect(firefox.complaints().slice(before), 'what went wrong in the browser').toEqual([]);
  },
});

/** The chat page, by what its elements say about themselves. */
class Page {
  constructor(
    readonly firefox: Firefox,
    private base: string,
  ) {}

  async open(base = this.base, path = '/') {
    await this.firefox.goto(base + path);
    await this.isLive();
  }

  async isLive() {
    await this.poll(() => this.firefox.run(() => document.documentElement.dataset.hydrated)).toBe('true');
  }

  /** The address, without the server's. */
  path() {
    return this.firefox.run(() => location.pathname);
  }

  async ask(prompt: string) {
    await this.firefox.run((model: string) => {
      const picker = document.querySelector<HTMLSelectElement>('[data-testid=model]');
      if (!picker) throw new Error('no picker');
      picker.value = model;
      picker.dispatchEvent(new Event('change', { bubbles: true }));
    }, FAKE);
    await this.firefox.type('[data-testid=composer]', prompt);
    await this.firefox.click('button.send');
  }

  /** The newest answer: where it stands, and what its text says. */
  answer() {
    return this.firefox.run(() => {
      const answer = [...document.querySelectorAll<HTMLElement>('[data-testid=answer]')].at(-1);
      const texts = [...(answer?.querySelectorAll('[data-testid=text]') ?? [])];
      return {
        state: answer?.dataset.state,
        verdict: answer?.dataset.verdict,
        text: texts.map((text) => text.textContent).join('').trim(),
      };
    });
  }

  async says(text: string | RegExp) {
    await this.poll(async () => (await this.answer()).text).toMatch(text);
  }

  async isIn(state: string) {
    await this.poll(async () => (await this.answer()).state).toBe(state);
  }

  /** While another page comes there may be none to ask. */
  private poll(ask: () => Promise<string | undefined>) {
    return expect.poll(() => ask().catch(() => ''));
  }
}

test('a message is sent, and its answer streams in to its end', async ({ page_: page, provider, prompt }) => {
  const more = gate();
  provider.on(prompt, async (reply) => {
    reply.think('Let me see.');
    reply.say('The *beginning*');
    await reply.until(more.opened);
    reply.say(' and the end.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nfn main() {}\n```\n');
    reply.finish();
  });
  await page.open();
  await page.ask(prompt);
  await page.says(/^The beginning$/);
  await page.isIn('running');
  more.open();
  await page.isIn('end');
  const { text, verdict } = await page.answer();
  expect(text).toContain('The beginning and the end.');
  expect(text).toContain('fn main() {}');
  expect(verdict).toBe('whole');
  const elements = await page.firefox.run(() => ['em', 'table td', 'pre code', 'details.think:not([open])'].map((what) =>
    document.querySelectorAll(`[data-testid=answer] ${what}`).length,
  ));
  expect(elements).toEqual([1, 2, 1, 1]);
});

test('Stop stops, and what was seen stays', async ({ page_: page, provider, prompt }) => {
  provider.on(prompt, async (reply) => {
    reply.say('Well …');
    await reply.silence();
  });
  await page.open();
  await page.ask(prompt);
  await page.says(/^Well …$/);
  await page.firefox.click('button.send.stop');
  expect(await provider.calls(prompt)[0]?.closed).toBe('by the client');
  await page.isIn('cancelled');
  await page.firefox.reload();
  await page.isLive();
  expect(await page.answer()).toEqual({ state: 'cancelled', verdict: 'whole', text: 'Well …' });
});

test('an answer goes on after a reload, and after its connection broke', async ({ page_: page, provider, server, prompt }) => {
  const [reloaded, broken] = [gate(), gate()];
  provider.on(prompt, async (reply) => {
    reply.say('One, ');
    await reply.until(reloaded.opened);
    reply.say('two, ');
    await reply.until(broken.opened);
    reply.say('three.');
    reply.finish();
  });
  const proxy = await CutProxy.start(server.url, () => undefined);
  await page.open(proxy.url);
  await page.ask(prompt);
  await page.says(/^One,$/);
  await page.firefox.reload();
  await page.isLive();
  await page.isIn('running');
  await page.says(/^One,$/);
  reloaded.open();
  await page.says(/^One, two,$/);
  proxy.breakNow();
  broken.open();
  await page.isIn('end');
  expect(await page.answer()).toEqual({ state: 'end', verdict: 'whole', text: 'One, two, three.' });
  expect(provider.calls(prompt).length).toBe(1);
  await proxy.stop();
});

test('two more windows read the same answer from the same place', async ({ page_: page, provider, prompt }) => {
  const shown = gate();
  provider.on(prompt, async (reply) => {
    reply.say('One, ');
    await reply.until(shown.opened);
    reply.say('two, ');
    await reply.silence();
  });
  await page.open();
  await page.ask(prompt);
  await page.says(/^One,$/);
  const path = await page.path();
  // The two have the beginning from the server, and ask for what follows it.
  const open = async () => {
    await page.open(undefined, path);
    await page.says(/^One,$/);
  };
  await page.firefox.beside(async () => {
    await open();
    await page.firefox.beside(async () => {
      await open();
      shown.open();
      await page.says(/^One, two,$/);
    });
    await page.says(/^One, two,$/);
  });
  await page.says(/^One, two,$/);
  await page.firefox.click('button.send.stop');
  await page.isIn('cancelled');
});

test('a page that is left holds no connection', async ({ page_: page, provider, server, prompt }) => {
  const back = gate();
  provider.on(prompt, async (reply) => {
    reply.say('Well …');
    await reply.until(back.opened);
    reply.say(' yes.');
    reply.finish();
  });
  const proxy = await CutProxy.start(server.url, () => undefined);
  await page.open(proxy.url);
  await page.ask(prompt);
  await page.says(/^Well …$/);
  expect(proxy.held).toBe(1);
  // In the page that comes nothing runs. (After 15 s the server says something also to nobody, and is told so.)
  await page.open(proxy.url, '/');
  await expect.poll(() => proxy.held, { timeout: 5_000 }).toBe(0);
  await page.firefox.back();
  await page.says(/^Well …$/);
  back.open();
  await page.isIn('end');
  await page.says(/^Well … yes\.$/);
  await proxy.stop();
});

test('the end is followed, but not with a reader who goes up', async ({ page_: page, provider, prompt }) => {
  const [more, again] = [gate(), gate()];
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `line ${from + n}\n\n`).join('');
  provider.on(prompt, async (reply) => {
    reply.say(lines(0, 60));
    await reply.until(more.opened);
    reply.say(lines(60, 80));
    await reply.until(again.opened);
    reply.say(lines(80, 100));
    reply.finish();
  });
  const below = () =>
    page.firefox.run(() => document.documentElement.scrollHeight - window.innerHeight - window.scrollY);
  await page.open();
  await page.ask(prompt);
  await page.says(/line 59/);
  more.open();
  await page.says(/line 79/);
  await expect.poll(below).toBeLessThanOrEqual(1);
  await page.firefox.wheel('[data-testid=answer] .group:last-child > p:nth-last-child(5)', -400);
  await expect.poll(below).toBeGreaterThan(200);
  again.open();
  await page.isIn('end');
  expect(await below()).toBeGreaterThan(200);
  await page.firefox.click('button.jump');
  await expect.poll(below).toBeLessThanOrEqual(1);
});

test('the list of conversations is a drawer on a narrow screen', async ({ page_: page }) => {
  await page.firefox.resize(500, 800);
  await page.open();
  const isOpen = () => page.firefox.run(() => document.querySelectorAll(':popover-open').length);
  expect(await isOpen()).toBe(0);
  await page.firefox.click('.bar-list');
  expect(await isOpen()).toBe(1);
  await page.firefox.resize(1280, 800);
});
