import { type Page } from '@playwright/test';
import { expect, test } from '../fixtures';

/** The lab's page: a form on top, the result on one side, the frames on the other. */
class Lab {
  readonly result;
  readonly frames;
  readonly state;

  constructor(
    readonly page: Page,
    private base: string,
  ) {
    this.result = page.getByTestId('lab-result');
    this.frames = page.getByTestId('lab-frame');
    this.state = page.getByTestId('lab-state');
  }

  async open(mode: 'Plain' | 'Typed', fields: Record<string, string | number>) {
    await this.page.goto(`${this.base}/lab`);
    await expect(this.page.locator('html')).toHaveAttribute('data-hydrated', 'true');
    await this.page.getByTestId('lab-mode').getByLabel(mode).check({ force: true });
    for (const [name, value] of Object.entries(fields)) {
      const field = this.page.locator(`[name="${name}"]`);
      if (name === 'model') await field.selectOption(`${value}`);
      else await field.fill(`${value}`);
    }
  }

  async press(name: 'Start' | 'Stop' | 'Cut connection' | 'Resume') {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  async isIn(state: 'idle' | 'running' | 'cut' | 'end' | 'cancelled' | 'error') {
    await expect(this.state).toHaveAttribute('data-state', state);
  }
}

const TEXT = 'The plain stream, in pieces.\nA second line, 第二行 and 🌊.';

test('the lab is reached from the chat', async ({ chat, page }) => {
  await chat.open();
  await page.getByRole('link', { name: 'Stream lab' }).click();
  await expect(page).toHaveURL(/\/lab$/);
  await chat.isLive();
  await expect(page.getByTestId('lab-state')).toHaveAttribute('data-state', 'idle');
});

test('the plain stream grows to exactly its text', async ({ page, server }) => {
  const lab = new Lab(page, server.url);
  await lab.open('Plain', { text: TEXT });
  await lab.press('Start');
  await lab.isIn('running');
  await lab.isIn('end');
  expect((await lab.result.innerText()).trim()).toContain(TEXT);
  await expect(lab.frames.last()).toContainText('[DONE]');
});

test('the plain stream can be stopped', async ({ page, server }) => {
  const lab = new Lab(page, server.url);
  await lab.open('Plain', { text: 'word '.repeat(200) });
  await lab.press('Start');
  await expect(lab.frames.nth(2)).toBeVisible();
  await lab.press('Stop');
  await expect(lab.state).toHaveAttribute('data-state', /cancelled|cut/);
  const text = await lab.result.innerText();
  const frames = await lab.frames.count();
  await page.waitForTimeout(500);
  expect(await lab.result.innerText()).toBe(text);
  expect(await lab.frames.count()).toBe(frames);
});

test('a typed stream shows its frames with offsets that add up', async ({ page, server }) => {
  const lab = new Lab(page, server.url);
  await lab.open('Typed', { model: 'demo/echo', text: TEXT, pace_ms: 10, pieces_min: 2, pieces_max: 4, seed: 7 });
  await lab.press('Start');
  await lab.isIn('end');
  await expect(lab.result.getByTestId('text')).toContainText('第二行 and 🌊.');
  await expect(lab.frames.last()).toContainText('"t":"end"');
  await expect(lab.frames.last()).toContainText(`"length":${new TextEncoder().encode(TEXT).length}`);
  expect(await lab.frames.count()).toBeGreaterThan(3);
});

test('the same seed gives the same text', async ({ page, server }) => {
  const lab = new Lab(page, server.url);
  const texts = [];
  for (let run = 0; run < 2; run++) {
    await lab.open('Typed', { model: 'demo/article', pace_ms: 0, seed: 42 });
    await lab.press('Start');
    await lab.isIn('end');
    // Formulas are typeset a moment later.
    await expect(lab.result.locator('code.math:not(:has(math))')).toHaveCount(0);
    texts.push(await lab.result.getByTestId('text').allTextContents());
  }
  expect(texts[1]).toEqual(texts[0]);
});

test('a connection that is cut by hand is resumed without a loss', async ({ page, server }) => {
  const lab = new Lab(page, server.url);
  await lab.open('Typed', { model: 'demo/echo', text: TEXT.repeat(6), pace_ms: 20, pieces_min: 1, pieces_max: 3 });
  await lab.press('Start');
  await expect(lab.frames.nth(5)).toBeVisible();
  await lab.press('Cut connection');
  await lab.isIn('cut');
  await lab.press('Resume');
  await lab.isIn('end');
  await expect(lab.frames.last()).toContainText('"t":"end"');
  const shown = (await lab.result.getByTestId('text').allTextContents()).join('').replaceAll(/\s+/g, '');
  expect(shown).toBe(TEXT.repeat(6).replaceAll(/\s+/g, ''));
});

test('a typed stream can be stopped', async ({ page, server }) => {
  const lab = new Lab(page, server.url);
  await lab.open('Typed', { model: 'demo/article', pace_ms: 50 });
  await lab.press('Start');
  await expect(lab.frames.nth(2)).toBeVisible();
  await lab.press('Stop');
  await lab.isIn('cancelled');
  await expect(lab.frames.last()).toContainText('"t":"cancelled"');
});

test('the simulated failures show as what they are', async ({ page, server }) => {
  const lab = new Lab(page, server.url);
  await lab.open('Typed', { model: 'demo/article', pace_ms: 0, error_after: 40 });
  await lab.press('Start');
  await lab.isIn('error');
  await expect(lab.frames.last()).toContainText('"t":"error"');
  await expect(lab.result).toContainText(/\S/);

  await lab.open('Typed', { model: 'demo/article', pace_ms: 0, cut_after: 40 });
  await lab.press('Start');
  await lab.isIn('error');
  await expect(lab.frames.last()).toContainText('"kind":"incomplete"');

  await lab.open('Typed', { model: 'demo/article', pace_ms: 0, stall_after: 40 });
  await lab.press('Start');
  await expect(lab.result).toContainText(/\S/);
  await lab.isIn('running');
  await lab.press('Stop');
  await lab.isIn('cancelled');
});
