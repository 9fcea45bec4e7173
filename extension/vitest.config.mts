import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    // The machine that runs this may be busy with a Hub and a browser.
    testTimeout: 30_000,
    restoreMocks: true
  }
});
