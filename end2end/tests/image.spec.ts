import type { Locator, Page } from '@playwright/test';
import type { ChatPage } from '../chat';
import { ARTICLE, ECHO, expect, gate, test } from '../fixtures';
import { png } from '../png';
import { said, upload } from '../reader';

/** Says something with an image, as a program would, and opens the conversation. */
async function say(chat: ChatPage, page: Page, text: string, image: string) {
  const conversation = crypto.randomUUID();
  const parts = [{ t: 'text', r: text }, { t: 'image', r: image }];
  await said(page, { conversation, message: { parts }, model: ECHO });
  await openAtOnce(chat, page, `/c/${conversation}`);
}

/** Opens a page whose images may not have come. */
async function openAtOnce(chat: ChatPage, page: Page, path: string) {
  await page.goto(new URL(path, page.url()).href, { waitUntil: 'commit' });
  await chat.isLive();
}

/** Holds back all images that are asked for, until what is returned is called. */
async function hold(page: Page): Promise<() => void> {
  const { opened, open } = gate();
  await page.route('**/api/files/**', async (route) => {
    await opened;
    await route.continue();
  });
  return open;
}

const isLoaded = (image: Locator) =>
  expect.poll(() => image.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);

/** Where the image and what stands behind it are, from the top of the one and to a tenth of a pixel. */
async function places(image: Locator, behind: Locator) {
  const [box, next] = [(await image.boundingBox())!, (await behind.boundingBox())!];
  const round = (pixels: number) => Math.round(pixels * 10) / 10;
  return { width: round(box.width), height: round(box.height), next: round(next.y - box.y) };
}

/** Opens it with the keyboard, looks at it, and goes back. */
async function opensLarge(page: Page, image: Locator, href: string, alt: string) {
  const link = image.locator('xpath=..');
  await link.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: alt });
  await expect(dialog.getByRole('img', { name: alt })).toHaveAttribute('src', href);
  await isLoaded(dialog.getByRole('img'));
  await expect(dialog.locator('p')).toHaveText(alt);
  const save = dialog.getByRole('link', { name: 'Save' });
  const downloaded = page.waitForEvent('download');
  await save.press('Enter');
  expect(new URL((await downloaded).url()).pathname).toBe(href);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(link).toBeFocused();
  await image.click();
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
  await expect(link).toBeFocused();
}

test('an image in Markdown has its place before it comes, and opens large: live, and as the server drew it', async ({ chat, page }) => {
  await chat.open();
  const url = await upload(page, png(600, 400));
  for (const drawnBy of ['the page', 'the server'] as const) {
    const release = await hold(page);
    if (drawnBy === 'the page') await chat.ask(`Look: ![a *lock*](${url})\n\nBehind it.`, ECHO);
    else await openAtOnce(chat, page, new URL(page.url()).pathname);
    const answer = chat.answer();
    await answer.isIn('end');
    const image = answer.texts.getByRole('img', { name: 'a lock' });
    await expect(image).toHaveAttribute('width', '600');
    await expect(image).toHaveAttribute('height', '400');
    expect(await image.evaluate((image: HTMLImageElement) => image.naturalWidth), drawnBy).toBe(0);
    const behind = answer.texts.getByText('Behind it.');
    const before = await places(image, behind);
    expect([before.width, before.height], drawnBy).toEqual([528, 352]);
    release();
    await isLoaded(image);
    expect(await places(image, behind), drawnBy).toEqual(before);
    await page.unroute('**/api/files/**');
    await opensLarge(page, image, url, 'a lock');
  }
});

test('an image of the user keeps its proportions, has its place before it comes, and opens large', async ({ chat, page, prompt }) => {
  await chat.open();
  const url = await upload(page, png(300, 900, 60));
  const release = await hold(page);
  await say(chat, page, prompt, url);
  const image = chat.userMessages.getByRole('img');
  const behind = chat.answer().root;
  const before = await places(image, behind);
  expect([before.width, before.height]).toEqual([64, 192]);
  release();
  await isLoaded(image);
  expect(await places(image, behind)).toEqual(before);
  await opensLarge(page, image, url, 'Image');
});

test('an image of an answer has its place before it comes: live, and as the server drew it', async ({ chat, page }) => {
  await chat.open();
  for (const drawnBy of ['the page', 'the server'] as const) {
    const shown = gate();
    await page.route('**/demo/**', async (route) => {
      await shown.opened;
      await route.continue();
    });
    if (drawnBy === 'the page') {
      const answer = await chat.ask('Tell me', ARTICLE);
      await expect(answer.think).toBeVisible();
      await chat.stop.click();
    } else await openAtOnce(chat, page, new URL(page.url()).pathname);
    const answer = chat.answer();
    await answer.isIn('cancelled');
    const before = await places(answer.image, answer.think);
    expect(before.height, drawnBy).toBeGreaterThan(100);
    shown.open();
    await isLoaded(answer.image);
    expect(await places(answer.image, answer.think), drawnBy).toEqual(before);
    await page.unroute('**/demo/**');
  }
});

test('an image whose address says no size, as those of old conversations do not, is shown whole and opens large', async ({ chat, page, prompt }) => {
  await chat.open();
  const url = (await upload(page, png(300, 200))).replace(/-\d+x\d+$/, '');
  await say(chat, page, `${prompt} ![old](${url})`, url);
  for (const [where, alt] of [[chat.userMessages, 'Image'], [chat.answer().texts, 'old']] as const) {
    const image = where.getByRole('img', { name: alt });
    await isLoaded(image);
    await expect(image).not.toHaveAttribute('width');
    const { width, height } = (await image.boundingBox())!;
    expect(width / height, alt).toBeCloseTo(1.5);
    await opensLarge(page, image, url, alt);
  }
});

test.describe('where an image is gone', () => {
  test.use({ expectedErrors: /Failed to load resource.*404/ });

  test('it says so in its place, with its text: live, and as the server drew it', async ({ chat, page }) => {
    await chat.open();
    const url = `/api/files/${'0'.repeat(64)}-300x200`;
    await chat.ask(`![what it was](${url})`, ECHO);
    for (const drawnBy of ['the page', 'the server'] as const) {
      if (drawnBy === 'the server') await chat.open(new URL(page.url()).pathname);
      const answer = chat.answer();
      await answer.isIn('end');
      const link = answer.texts.getByRole('link', { name: 'what it was' });
      await expect(link, drawnBy).toHaveAttribute('data-broken', 'This image could not be loaded.');
      await expect(link, drawnBy).toHaveAccessibleName('what it was This image could not be loaded.');
      expect((await link.boundingBox())!.height, drawnBy).toBeGreaterThan(60);
    }
  });
});

test('an image opens large, with its text and a way to save it, and gives the focus back', async ({ chat, page }) => {
  await chat.open();
  const answer = await chat.ask('Tell me', ARTICLE);
  const link = answer.root.locator('a.open-image');
  await expect(link).toHaveCount(1);
  const alt = (await answer.image.getAttribute('alt'))!;
  const href = (await link.getAttribute('href'))!;
  await link.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: alt });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('img', { name: alt })).toHaveAttribute('src', href);
  await expect(dialog.locator('p')).toHaveText(alt);
  // There is no other one to go to.
  await expect(dialog.getByRole('button', { name: 'Next image' })).toBeHidden();
  await expect(dialog.getByRole('link', { name: 'Save' })).toHaveAttribute('download', '');
  await expect(dialog.getByRole('link', { name: 'Save' })).toHaveAttribute('href', href);
  // Esc closes it and stops nothing.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(link).toBeFocused();
  await answer.isIn('running');
  await chat.stop.click();
  await answer.isIn('cancelled');
});

test('arrow keys go on to the other images of the conversation', async ({ chat, page }) => {
  await chat.open();
  for (const prompt of ['One', 'Two']) {
    const answer = await chat.ask(prompt, ARTICLE);
    await expect(answer.image).toBeVisible();
    await chat.stop.click();
    await answer.isIn('cancelled');
  }
  const links = page.locator('a.open-image');
  await expect(links).toHaveCount(2);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await links.nth(0).click();
  const shown = page.locator('dialog.lightbox img');
  const sources = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
  await expect(shown).toHaveAttribute('src', sources[0]!);
  await page.keyboard.press('ArrowRight');
  await expect(shown).toHaveAttribute('src', sources[1]!);
  await page.keyboard.press('ArrowRight');
  await expect(shown).toHaveAttribute('src', sources[0]!);
  await page.getByRole('button', { name: 'Close' }).last().click();
  await expect(shown).toBeHidden();
});

test('without the program an image is a link to its file', async ({ browser, chat, page, server }) => {
  await chat.open();
  const answer = await chat.ask('Tell me', ARTICLE);
  await expect(answer.image).toBeVisible();
  await chat.stop.click();
  await answer.isIn('cancelled');
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const plain = await context.newPage();
  await plain.goto(page.url());
  const link = plain.locator('a.open-image');
  const href = (await link.getAttribute('href'))!;
  await link.click();
  await expect(plain).toHaveURL(new URL(href, server.url).href);
  await context.close();
});
