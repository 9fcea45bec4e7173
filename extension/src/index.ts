/** Greenroom in JupyterLab. */

import { accountPlugin } from './account';
import { workspacePlugin } from './api/plugin';
import { connectionPlugin } from './connection';
import { homePlugin } from './home';
import { noticesPlugin } from './notices';
import { practicePlugin } from './practice';
import { progressPlugin } from './progress';
import { reviewPlugin } from './review';

export default [
  workspacePlugin,
  connectionPlugin,
  homePlugin,
  practicePlugin,
  reviewPlugin,
  progressPlugin,
  noticesPlugin,
  accountPlugin
];
