/** The watch that every test stands under can fail: each of these must. */
import { test } from '../fixtures';

test.fail('a console error fails a test', async ({ chat, page }) => {
  await chat.open();
  await page.evaluate(() => console.error('something is wrong'));
});

test.fail('an uncaught error fails a test', async ({ chat, page }) => {
  await chat.open();
  const thrown = page.waitForEvent('pageerror');
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error('nobody catches this');
    });
  });
  await thrown;
});

test.fail('a request to another host fails a test', async ({ chat, page }) => {
  await chat.open();
  await page.goto('http://localhost:9/').catch(() => undefined);
});

test.fail('a violation of the content policy fails a test', async ({ chat, page }) => {
  await chat.open();
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.src = 'http://127.0.0.1:9/x.png';
    document.body.append(image);
    return new Promise((resolve) => image.addEventListener('error', resolve));
  });
});

test.fail('HTML from a string fails a test', async ({ chat, page }) => {
  await chat.open();
  await page.evaluate(() => {
    try {
      document.body.innerHTML = '<p>hello</p>';
    } catch {
      // Trusted Types refuse it; the violation is what counts.
    }
  });
});
