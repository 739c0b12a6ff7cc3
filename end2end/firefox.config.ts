import { defineConfig } from '@playwright/test';

/** The smoke test in Firefox, which geckodriver drives: Playwright is only the runner. */
export default defineConfig({
  testDir: 'firefox',
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  reporter: [['list']],
});
