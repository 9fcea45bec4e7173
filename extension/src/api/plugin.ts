/** Gives the other plugins the one workspace of the page. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Workspace } from '../../editor/workspace';
import { IWorkspace, LabTransport } from './lab';

export const workspacePlugin: JupyterFrontEndPlugin<Workspace> = {
  id: 'greenroom-lab:workspace',
  description: 'Connects Greenroom’s panels with the service.',
  autoStart: true,
  provides: IWorkspace,
  activate: (app: JupyterFrontEnd) =>
    new Workspace(new LabTransport(app.serviceManager.serverSettings))
};
