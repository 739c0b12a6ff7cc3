/** The chat page as a test sees it, in either language: by accessible names and test ids, and by nothing else. */
import { type Locator, type Page, expect } from '@playwright/test';

export type State = 'running' | 'end' | 'cancelled' | 'error' | 'unsent';

export class ChatPage {
  readonly composer: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly model: Locator;
  readonly answers: Locator;
  readonly userMessages: Locator;
  readonly connection: Locator;
  /** The list of conversations, and its rows. */
  readonly list: Locator;
  readonly rows: Locator;
  readonly toast: Locator;

  constructor(
    readonly page: Page,
    private base: string,
  ) {
    this.composer = page.getByRole('textbox', { name: /^(Message|消息)$/ });
    this.send = page.getByRole('button', { name: /^(Send|发送)$/ });
    this.stop = page.getByRole('button', { name: /^(Stop|停止)$/ });
    this.model = page.getByRole('combobox', { name: /^(Model|模型)$/ });
    this.answers = page.getByTestId('answer');
    this.userMessages = page.getByTestId('user-message');
    this.connection = page.getByTestId('connection');
    this.list = page.getByRole('navigation', { name: /^(Conversations|对话列表)$/ });
    this.rows = page.getByTestId('conversation');
    this.toast = page.getByTestId('toast');
  }

  /** Opens a page of the server and waits until it is live. */
  async open(path = '/') {
    await this.page.goto(new URL(path, this.base).href);
    await this.isLive();
  }

  async isLive() {
    await expect(this.page.locator('html')).toHaveAttribute('data-hydrated', 'true');
  }

  /** Waits until the part that keeps the list has come. */
  async listIsLive() {
    await expect(this.page.locator('#list')).toHaveAttribute('data-live', 'true');
  }

  /** Sends a message; the answer is the last one. */
  async ask(prompt: string, model: string): Promise<AnswerView> {
    const before = await this.answers.count();
    await this.model.selectOption(model);
    await this.composer.fill(prompt);
    await this.send.click();
    await expect(this.answers).toHaveCount(before + 1);
    return this.answer(before);
  }

  /** The row of a conversation with this title. */
  row(title: string): Locator {
    return this.rows.filter({ hasText: title });
  }

  /** The answer at `index`; the last one where none is given. */
  answer(index = -1): AnswerView {
    return new AnswerView(this.answers.nth(index));
  }
}

export class AnswerView {
  readonly think: Locator;
  readonly thinkText: Locator;
  readonly image: Locator;
  readonly texts: Locator;
  readonly error: Locator;
  readonly retry: Locator;
  readonly cancelled: Locator;
  readonly notice: Locator;
  readonly receipt: Locator;
  readonly versions: Locator;
  readonly regenerate: Locator;
  readonly proceed: Locator;

  constructor(readonly root: Locator) {
    this.think = root.getByTestId('think');
    this.thinkText = root.getByTestId('think-text');
    this.image = root.getByTestId('image');
    this.texts = root.getByTestId('text');
    this.error = root.getByTestId('error');
    this.retry = root.getByRole('button', { name: /Retry|重试/ });
    this.cancelled = root.getByTestId('cancelled');
    this.notice = root.getByTestId('notice');
    this.receipt = root.getByTestId('receipt');
    this.versions = root.getByTestId('versions');
    this.regenerate = root.getByRole('button', { name: /Regenerate|重新生成/ });
    this.proceed = root.getByRole('button', { name: /Continue|继续/ });
  }

  async isIn(state: State, options?: { timeout?: number }) {
    await expect(this.root).toHaveAttribute('data-state', state, options);
  }

  /** The text as a reader sees it, parts joined. */
  async text(): Promise<string> {
    return (await this.texts.allTextContents()).join('');
  }

  async id(): Promise<string> {
    const id = await this.root.getAttribute('data-answer-id');
    if (!id) throw new Error('the answer has no data-answer-id');
    return id;
  }
}

/** `GET /api/chat/{id}`. */
export interface Snapshot {
  state: string;
  conversation: string;
  parts: { t: string; r: string }[];
  length: number;
  check: string;
  terminal?: { t: string; r?: string; kind?: string; discarded?: number; length: number; check: string };
}

export function textOf(snapshot: Snapshot, t = 'text'): string {
  return snapshot.parts.filter((part) => part.t === t).map((part) => part.r).join('');
}
