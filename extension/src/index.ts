/** Greenroom in JupyterLab. */

import { workspacePlugin } from './api/plugin';
import { homePlugin } from './home';
import { practicePlugin } from './practice';

export default [workspacePlugin, homePlugin, practicePlugin];
