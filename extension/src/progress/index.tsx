/** Progress: a panel of its own, from Home, the launcher and the command palette. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { tableRowsIcon } from '@jupyterlab/ui-components';
import type { Workspace } from '../../editor/workspace';
import { IWorkspace } from '../api/lab';
import { PlaceIDs } from '../ui/commands';
import { addMainPanel } from '../ui/mainPanel';
import { onDemand } from '../ui/onDemand';

const ProgressPanel = onDemand(async () => (await import('./ProgressPanel')).ProgressPanel, 10);

export const progressPlugin: JupyterFrontEndPlugin<void> = {
  id: 'greenroom-lab:progress',
  description: 'Greenroom’s progress: what is mastered, and what it took.',
  autoStart: true,
  requires: [IWorkspace],
  optional: [ILayoutRestorer, ILauncher, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    workspace: Workspace,
    restorer: ILayoutRestorer | null,
    launcher: ILauncher | null,
    palette: ICommandPalette | null
  ) => {
    addMainPanel(app, {
      command: PlaceIDs.progress,
      id: 'greenroom-progress',
      label: 'Progress',
      caption: 'What you have mastered, and what it took',
      icon: tableRowsIcon,
      draw: () => (
        <ProgressPanel
          workspace={workspace}
          onHome={() => void app.commands.execute(PlaceIDs.home)}
        />
      ),
      restorer
    });
    palette?.addItem({ command: PlaceIDs.progress, category: 'Greenroom' });
    launcher?.add({ command: PlaceIDs.progress, category: 'Greenroom', rank: 1 });
  }
};
