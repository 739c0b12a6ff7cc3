/**
 * As much of a WebDriver client as the smoke test in Firefox needs: geckodriver is its own program, and
 * speaks JSON over HTTP (https://www.w3.org/TR/webdriver2/).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const DRIVER = process.env.GECKODRIVER ?? 'geckodriver';
const BROWSER = [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => path && existsSync(path));

/** The key of an element's reference in JSON, as the standard has it. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export type Element = { [ELEMENT]: string };

export class Firefox {
  private output = '';

  private constructor(
    private driver: ChildProcess,
    private session: string,
  ) {}

  static async start(): Promise<Firefox> {
    const driver = spawn(DRIVER, ['--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    driver.stdout.on('data', (chunk) => (output += chunk));
    driver.stderr.on('data', (chunk) => (output += chunk));
    const address = await new Promise<string>((resolve, reject) => {
      driver.stdout.on('data', () => {
        const found = output.match(/Listening on (127\.0\.0\.1:[1-9]\d*)/);
        if (found) resolve(`http://${found[1]}`);
      });
      driver.on('error', reject);
      driver.on('exit', (code) => reject(new Error(`geckodriver ended with ${code}:\n${output}`)));
    });
    const firefox = new Firefox(driver, `${address}/session`);
    driver.stdout.on('data', (chunk) => (firefox.output += chunk));
    driver.stderr.on('data', (chunk) => (firefox.output += chunk));
    try {
      const { sessionId } = (await firefox.send('POST', '', { capabilities: { alwaysMatch: CAPABILITIES } })) as {
        sessionId: string;
      };
      firefox.session += `/${sessionId}`;
    } catch (error) {
      driver.kill();
      throw new Error(`${error}\n${output}`);
    }
    return firefox;
  }

  async stop() {
    const gone = new Promise((resolve) => this.driver.on('exit', resolve));
    await this.send('DELETE', '');
    this.driver.kill();
    await gone;
  }

  /** What went wrong in pages, as Firefox writes it to its standard error. */
  complaints(): string[] {
    const ours = (line: string) => /JavaScript error: http|console\.(error|warn): /.test(line);
    // Firefox's own program writes there too.
    return this.output.split('\n').filter((line) => ours(line) && !/resource:|chrome:|moz-src:|RSLoader/.test(line));
  }

  async goto(url: string) {
    await this.send('POST', '/url', { url });
  }

  async reload() {
    await this.send('POST', '/refresh', {});
  }

  /** Goes to the page before this one. */
  async back() {
    await this.send('POST', '/back', {});
  }

  /** Opens another window beside this one, and goes on in it until `inside` is over. */
  async beside<T>(inside: () => Promise<T>): Promise<T> {
    const before = (await this.send('GET', '/window')) as string;
    const { handle } = (await this.send('POST', '/window/new', { type: 'window' })) as { handle: string };
    await this.send('POST', '/window', { handle });
    try {
      return await inside();
    } finally {
      await this.send('DELETE', '/window');
      await this.send('POST', '/window', { handle: before });
    }
  }

  async resize(width: number, height: number) {
    await this.send('POST', '/window/rect', { width, height });
  }

  /** Runs a function in the page and gives back what it returns. */
  async run<T>(inPage: (...args: never[]) => T, ...args: unknown[]): Promise<T> {
    const script = `return (${inPage}).apply(null, arguments)`;
    return (await this.send('POST', '/execute/sync', { script, args })) as T;
  }

  /** The one element that is meant; an error where there is none. */
  async find(selector: string): Promise<Element> {
    return (await this.send('POST', '/element', { using: 'css selector', value: selector })) as Element;
  }

  async click(selector: string) {
    await this.send('POST', `/element/${(await this.find(selector))[ELEMENT]}/click`, {});
  }

  /** Types into what a selector names. */
  async type(selector: string, text: string) {
    await this.send('POST', `/element/${(await this.find(selector))[ELEMENT]}/value`, { text });
  }

  /** A turn of the wheel over the middle of what a selector names. */
  async wheel(selector: string, deltaY: number) {
    const origin = await this.find(selector);
    const actions = [{ type: 'scroll', x: 0, y: 0, deltaX: 0, deltaY, origin }];
    await this.send('POST', '/actions', { actions: [{ type: 'wheel', id: 'wheel', actions }] });
  }

  private async send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.session + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
    if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  }
}

const CAPABILITIES = {
  browserName: 'firefox',
  'moz:firefoxOptions': {
    ...(BROWSER ? { binary: BROWSER } : {}),
    args: ['-headless'],
    prefs: {
      'devtools.console.stdout.content': true,
      'intl.accept_languages': 'en-US',
      'dom.disable_open_during_load': false,
    },
  },
};
