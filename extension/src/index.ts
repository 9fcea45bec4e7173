/** Greenroom in JupyterLab. */

import { workspacePlugin } from './api/plugin';
import { connectionPlugin } from './connection';
import { homePlugin } from './home';
import { practicePlugin } from './practice';

export default [workspacePlugin, connectionPlugin, homePlugin, practicePlugin];
