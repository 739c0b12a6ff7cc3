/** `npm run screenshots`: pictures of every state of the pages, to look at. */
import config from './playwright.config';

export default { ...config, testDir: '.', testMatch: 'screenshots.ts' };
