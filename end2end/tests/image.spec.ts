import { ARTICLE, expect, test } from '../fixtures';

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
