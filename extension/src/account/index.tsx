/** Account: what is shown, the weekly goal, a copy of everything, and leaving. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { userIcon } from '@jupyterlab/ui-components';
import type { Workspace } from '../../editor/workspace';
import { IWorkspace } from '../api/lab';
import { PlaceIDs } from '../ui/commands';
import { addMainPanel } from '../ui/mainPanel';
import { onDemand } from '../ui/onDemand';

const AccountPanel = onDemand(async () => (await import('./AccountPanel')).AccountPanel, 8);

export const accountPlugin: JupyterFrontEndPlugin<void> = {
  id: 'greenroom-lab:account',
  description: 'Greenroom’s account page: settings, export, leaving.',
  autoStart: true,
  requires: [IWorkspace],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    workspace: Workspace,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ) => {
    addMainPanel(app, {
      command: PlaceIDs.account,
      id: 'greenroom-account',
      label: 'Account',
      caption: 'Settings, your data, and leaving Greenroom',
      icon: userIcon,
      draw: () => <AccountPanel workspace={workspace} />,
      restorer
    });
    palette?.addItem({ command: PlaceIDs.account, category: 'Greenroom' });
  }
};
