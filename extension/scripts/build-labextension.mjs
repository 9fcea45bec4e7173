// Builds the panels with @jupyter/builder. The core's list of shared packages comes from the npm package that the builder
// already depends on, so that no network and no Python are needed.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(join(root, 'package.json'));
const builder = require.resolve('@jupyter/builder/lib/build-labextension.js');
const core = createRequire(builder).resolve('@jupyterlab/core-meta/core.package.json');
const { status } = spawnSync(
  process.execPath,
  [builder, '--core-package-file', core, ...process.argv.slice(2), root],
  { cwd: root, stdio: 'inherit' }
);
process.exit(status ?? 1);
