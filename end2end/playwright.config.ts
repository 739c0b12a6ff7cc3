import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';
import { IS_RELEASE } from './server';

/** The one that scripts/test found, or the system's; otherwise Playwright's own. */
const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));

export default defineConfig({
  testDir: 'tests',
  // What only a release build has (minified styles, no trace of innerHTML) can't be asked of another.
  ...(IS_RELEASE ? {} : { testIgnore: 'release.spec.ts' }),
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    colorScheme: 'light',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A name that is not localhost's, so that plain HTTP is no secure context.
        '--host-resolver-rules=MAP phone.test 127.0.0.1',
      ],
    },
  },
});
