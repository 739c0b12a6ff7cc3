/**
 * A TCP relay between the browser and the server that breaks event streams where it is told to.
 * Everything else passes untouched.
 */
import net, { type AddressInfo, type Socket } from 'node:net';

/** What happens to one event stream: after so many bytes of its response (its head included). */
export interface Cut {
  after: number;
  how: 'close' | 'reset' | 'stall';
}

/** Which event stream is asked about: how many came before it, and whether a POST opened it. */
export type Plan = (stream: { index: number; start: boolean }) => Cut | undefined;

export class CutProxy {
  /** Event streams that came through, starts included. */
  streams = 0;
  /** Streams that were broken. */
  cuts = 0;
  private open = new Set<Socket>();
  private streaming = new Set<Socket>();
  private silent = new WeakSet<Socket>();

  private constructor(
    private server: net.Server,
    private target: URL,
    private plan: Plan,
  ) {}

  static async start(target: string, plan: Plan): Promise<CutProxy> {
    const server = net.createServer({ noDelay: true });
    const proxy = new CutProxy(server, new URL(target), plan);
    server.on('connection', (socket) => proxy.relay(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Event streams that somebody holds now. */
  get held(): number {
    return this.streaming.size;
  }

  /** Breaks every event stream that is open now. */
  breakNow() {
    for (const socket of this.streaming) socket.resetAndDestroy();
  }

  /** Lets nothing more through on any event stream that is open now, and tells neither end. */
  stallNow() {
    for (const socket of this.streaming) this.silent.add(socket);
  }

  async stop() {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private relay(browser: Socket) {
    const server = net.connect({ host: this.target.hostname, port: Number(this.target.port), noDelay: true });
    let cut: Cut | undefined;
    let stalled = false;
    browser.on('data', (chunk) => {
      if (stalled) return;
      const request = requestLine(chunk);
      if (request) {
        const stream = isStream(request);
        cut = stream ? this.planned(request) : undefined;
        if (stream) this.streaming.add(browser);
        else this.streaming.delete(browser);
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (stalled || this.silent.has(browser)) return;
      if (!cut || chunk.length < cut.after) {
        if (cut) cut.after -= chunk.length;
        browser.write(chunk);
        return;
      }
      this.cuts += 1;
      browser.write(chunk.subarray(0, cut.after));
      if (cut.how === 'stall') stalled = true;
      else if (cut.how === 'reset') browser.resetAndDestroy();
      else browser.destroySoon();
      if (!stalled) server.destroy();
    });
    this.tie(browser, server);
    this.tie(server, browser);
  }

  /** When the one ends or fails, so does the other. */
  private tie(one: Socket, other: Socket) {
    this.open.add(one);
    one.on('end', () => other.end());
    // The other end's resets are part of the game, and `close` follows every error.
    one.on('error', () => {});
    one.on('close', () => {
      this.open.delete(one);
      this.streaming.delete(one);
      other.destroySoon();
    });
  }

  private planned(request: string): Cut | undefined {
    const cut = this.plan({ index: this.streams++, start: request.startsWith('POST') });
    return cut && { ...cut };
  }
}

function isStream(request: string): boolean {
  return /^(POST \/api\/chat|GET \/api\/chat\/[^/ ]+\/events(\?\S*)?) HTTP/.test(request);
}

/** The first line, where the bytes begin a request (browsers do not pipeline). */
function requestLine(chunk: Buffer): string | undefined {
  return /^(?:GET|POST) .*/.exec(chunk.subarray(0, 1024).toString('latin1'))?.[0];
}
