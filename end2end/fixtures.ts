/**
 * What every test stands on: one server and one fake provider per worker, and a browser in which
 * nothing goes wrong unnoticed. A console error, an uncaught error, a violation of the content
 * policy or a request to another origin fails the test in which it happens.
 */
import { test as base, expect } from '@playwright/test';
import { ChatPage, type Snapshot } from './chat';
import { CutProxy, type Plan } from './cut-proxy';
import { FakeProvider } from './fake-provider';
import { type Server, startServer } from './server';

/** The fake provider's model, as the page names it. */
export const FAKE = 'fake/script';
export const ECHO = 'demo/echo';
export const ARTICLE = 'demo/article';

interface PerWorker {
  provider: FakeProvider;
  server: Server;
}

interface PerTest {
  /** Console errors that a test provokes: Chromium itself reports failed requests there. */
  expectedErrors: RegExp;
  /** Where pages may come from, and what they may ask. */
  origins: Set<string>;
  chat: ChatPage;
  /** A proxy before the server that breaks event streams. */
  breaking: (plan: Plan) => Promise<{ proxy: CutProxy; chat: ChatPage }>;
  snapshot: (id: string) => Promise<Snapshot>;
  /** A prompt that no other test uses. */
  prompt: string;
}

export const test = base.extend<PerTest, PerWorker>({
  provider: [
    async ({}, use) => {
      const provider = await FakeProvider.start();
      await use(provider);
      await provider.stop();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ provider }, use) => {
      const server = await startServer(settings(provider));
      await use(server);
      const code = await server.stop();
      expect(code, `the server's exit code after SIGTERM; it said:\n${server.output()}`).toBe(0);
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  expectedErrors: [/^$/, { option: true }],

  origins: async ({ server }, use) => use(new Set([server.url])),

  context: async ({ context, origins, expectedErrors }, use) => {
    const complaints: string[] = [];
    const complain = (complaint: string) => {
      if (!expectedErrors.test(complaint)) complaints.push(complaint);
    };
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complain(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => complain(`uncaught: ${error.error().stack}`));
    context.on('dialog', (dialog) => {
      complain(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => {
      if (!origins.has(new URL(request.url()).origin)) complain(`foreign request: ${request.url().slice(0, 200)}`);
    });
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    await use(context);
    expect(complaints, 'what went wrong in the browser').toEqual([]);
  },

  chat: async ({ page, server }, use) => use(new ChatPage(page, server.url)),

  breaking: async ({ page, server, origins }, use) => {
    const proxies: CutProxy[] = [];
    await use(async (plan) => {
      const proxy = await CutProxy.start(server.url, plan);
      proxies.push(proxy);
      origins.add(proxy.url);
      return { proxy, chat: new ChatPage(page, proxy.url) };
    });
    for (const proxy of proxies) await proxy.stop();
  },

  snapshot: async ({ server, context }, use) =>
    use(async (id) => {
      // As the browser's own, since nobody else sees the answer.
      const response = await context.request.get(`${server.url}/api/chat/${id}`);
      expect(response.status()).toBe(200);
      return (await response.json()) as Snapshot;
    }),

  prompt: async ({}, use, info) => use(`${info.title} (${info.workerIndex}, ${info.repeatEachIndex})`),
});

export { expect };

function settings(provider: FakeProvider): string {
  return `
[[providers]]
name = "fake"
base_url = "${provider.url}"
models = ["script"]
`;
}

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A promise and the function that fulfils it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Prose of about so many characters, without any Markdown: what is shown is what was sent. */
export function prose(characters: number): string {
  const words = ['water', 'gate', 'river', '闸门', 'stone', 'weir', '流水', 'meadow', 'naïve', 'mill', '🌊'];
  const pick = random(characters);
  let text = 'A';
  while (text.length < characters) text += ` ${words[Math.floor(pick() * words.length)]}`;
  return `${text}.`;
}
