/**
 * A model server that does what a test tells it, over real HTTP: an OpenAI-compatible
 * `/v1/chat/completions` that paces, stalls, errs and breaks off.
 *
 * What it does is chosen by the prompt (the last message), so tests that share one do not meet.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is done with one request. It ends when this resolves; the connection is then closed. */
export type Script = (reply: Reply) => Promise<void>;

/** How a call's connection came to its end. */
export type Closing = 'answered' | 'by the client';

/** One request that came in. */
export interface Call {
  body: { model: string; messages: { role: string; content: unknown }[] };
  closed: Promise<Closing>;
  /** When the connection closed, by `performance.now()`. */
  closedAt?: number;
}

export class FakeProvider {
  private scripts = new Map<string, Script[]>();
  private received = new Map<string, Call[]>();

  private constructor(private server: http.Server) {}

  static async start(): Promise<FakeProvider> {
    const server = http.createServer();
    const provider = new FakeProvider(server);
    server.on('request', (request, response) => void provider.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  /** What stands in the settings as `base_url`. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** The first call with this prompt gets the first script, and so on; the last one stays. */
  on(prompt: string, ...scripts: Script[]) {
    this.scripts.set(prompt, scripts);
  }

  calls(prompt: string): Call[] {
    return this.received.get(prompt) ?? [];
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse) {
    if (request.url === '/v1/models') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'script', object: 'model' }] }));
      return;
    }
    const body = JSON.parse(await text(request)) as Call['body'];
    const prompt = plain(body.messages.at(-1)?.content);
    const script = this.next(prompt);
    if (!script) {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `no script for the prompt ${JSON.stringify(prompt)}` } }));
      return;
    }
    const reply = new Reply(response);
    this.record(prompt, body, response, reply);
    await script(reply);
    reply.close();
  }

  private next(prompt: string): Script | undefined {
    const scripts = this.scripts.get(prompt) ?? [];
    return scripts[Math.min(this.calls(prompt).length, scripts.length - 1)];
  }

  private record(prompt: string, body: Call['body'], response: http.ServerResponse, reply: Reply) {
    const call: Call = {
      body,
      closed: new Promise((resolve) =>
        response.on('close', () => {
          call.closedAt = performance.now();
          resolve(reply.done ? 'answered' : 'by the client');
        }),
      ),
    };
    this.received.set(prompt, [...this.calls(prompt), call]);
  }
}

/** One response in the making. Whatever is done after the client has gone is without effect. */
export class Reply {
  /** Whether all was said; a connection that closes before was closed by the client. */
  done = false;
  private gone: Promise<void>;

  constructor(private response: http.ServerResponse) {
    this.gone = new Promise((resolve) => response.on('close', () => resolve()));
  }

  think(reasoning: string) {
    this.delta({ reasoning_content: reasoning });
  }

  say(content: string) {
    this.delta({ content });
  }

  /** The text in pieces of `size` characters, `ms` apart. */
  async dictate(content: string, size: number, ms: number) {
    const characters = [...content];
    for (let at = 0; at < characters.length; at += size) {
      this.say(characters.slice(at, at + size).join(''));
      await this.pause(ms);
    }
  }

  /** Finishes as the format wants it. */
  finish(reason = 'stop') {
    this.chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    this.raw('data: [DONE]\n\n');
    this.close();
  }

  /** An error in the stream. */
  fail(message: string) {
    this.chunk({ error: { message, type: 'server_error' } });
    this.close();
  }

  /** A response that is not a stream. */
  refuse(status: number, message: string, headers: Record<string, string> = {}) {
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.done = true;
    this.response.end(JSON.stringify({ error: { message } }));
  }

  /** Breaks the connection with a reset. */
  reset() {
    this.done = true;
    this.response.socket?.resetAndDestroy();
  }

  /** Ends the response as it stands. */
  close() {
    this.done = true;
    this.response.end();
  }

  raw(bytes: string) {
    if (!this.response.headersSent) this.response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.response.write(bytes);
  }

  async pause(ms: number) {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([new Promise((resolve) => (timer = setTimeout(resolve, ms))), this.gone]);
    clearTimeout(timer);
  }

  /** Says nothing more, until the client goes. */
  async silence() {
    await this.gone;
  }

  /** Waits for the test, or until the client goes. */
  async until(gate: Promise<unknown>) {
    await Promise.race([gate, this.gone]);
  }

  private delta(delta: object) {
    this.chunk({ choices: [{ index: 0, delta }] });
  }

  private chunk(chunk: object) {
    this.raw(`data: ${JSON.stringify({ object: 'chat.completion.chunk', ...chunk })}\n\n`);
  }
}

async function text(request: http.IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}

function plain(content: unknown): string {
  if (typeof content === 'string') return content;
  return (content as { text?: string }[]).map((part) => part.text ?? '').join('');
}
