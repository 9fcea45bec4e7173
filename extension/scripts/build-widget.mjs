// Bundles the notebook widget's editor into one ES module and one stylesheet beside greenroom_notebook.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(dirname(root), 'notebooks', 'greenroom_notebook', 'static');
await mkdir(outdir, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: { widget: 'editor/widget.tsx' },
  outdir,
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  minify: true,
  target: ['es2022'],
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'info'
});
