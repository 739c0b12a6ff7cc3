/** Who wants no motion has none. */
import { FAKE, expect, gate, test } from '../fixtures';
import { leaveComposer, lines, still } from '../reader';

for (const reducedMotion of ['no-preference', 'reduce'] as const) {
  test(`what moves by itself while an answer comes, with ${reducedMotion}`, async ({ chat, page, provider, prompt }) => {
    await page.emulateMedia({ reducedMotion });
    const [thinks, says, end] = [gate(), gate(), gate()];
    provider.on(prompt, async (reply) => {
      await reply.until(thinks.opened);
      reply.think('Hm.');
      await reply.until(says.opened);
      reply.say('Yes.');
      await reply.until(end.opened);
      reply.finish();
    });
    /** Whether something goes on for longer than a blink. */
    const moves = () =>
      page.evaluate(() =>
        document.getAnimations().some(({ effect }) => Number(effect?.getComputedTiming().activeDuration) > 100),
      );
    const expected = reducedMotion !== 'reduce';
    await chat.open();
    const answer = await chat.ask(prompt, FAKE);
    await expect(chat.connection).toBeVisible();
    expect(await moves()).toBe(expected);
    thinks.open();
    await expect(answer.thinkText).toHaveText('Hm.');
    expect(await moves()).toBe(expected);
    says.open();
    await expect(answer.texts).toHaveText('Yes.');
    expect(await moves()).toBe(expected);
    end.open();
    await answer.isIn('end');
  });
}

test('nothing is scrolled smoothly for who wants no motion', async ({ chat, page, provider, prompt }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  provider.on(prompt, async (reply) => (reply.say(lines(0, 90)), reply.finish()));
  await chat.open();
  const answer = await chat.ask(prompt, FAKE);
  await answer.isIn('end');
  await leaveComposer(page);
  await page.keyboard.press('Home');
  await still(page);
  // In one task: the click, and where it leads.
  const rest = await page.getByRole('button', { name: 'Jump to newest' }).evaluate(async (button: HTMLElement) => {
    button.click();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
  });
  expect(rest).toBeLessThanOrEqual(1);
});
