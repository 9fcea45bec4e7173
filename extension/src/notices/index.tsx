/** Notices: a bell in the top bar with the number of unread ones, and their list at the right. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILabShell } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { bellIcon } from '@jupyterlab/ui-components';
import type { Workspace } from '../../editor/workspace';
import { IWorkspace } from '../api/lab';
import { CommandIDs as Practice } from '../practice/commands';
import { PlaceIDs } from '../ui/commands';
import { onDemand } from '../ui/onDemand';
import { ReactHost } from '../ui/ReactHost';
import { Bell } from './Bell';

const NoticeList = onDemand(async () => (await import('./NoticeList')).NoticeList, 5);
const PANEL = 'greenroom-notices';

export const noticesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'greenroom-lab:notices',
  description: 'Greenroom’s notices, live.',
  autoStart: true,
  requires: [IWorkspace, ILabShell],
  optional: [ICommandPalette],
  activate
};

function activate(
  app: JupyterFrontEnd,
  workspace: Workspace,
  shell: ILabShell,
  palette: ICommandPalette | null
): void {
  const panel = new ReactHost(() => (
    <NoticeList
      workspace={workspace}
      onOpen={target => {
        follow(app, target);
      }}
    />
  ));
  panel.id = PANEL;
  panel.title.icon = bellIcon;
  panel.title.caption = 'Greenroom notices';
  shell.add(panel, 'right', { rank: 950 });

  app.commands.addCommand(PlaceIDs.notices, {
    label: 'Notices',
    caption: 'What is new in Greenroom',
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      if (panel.isVisible) {
        shell.collapseRight();
      } else {
        shell.activateById(PANEL);
      }
    }
  });
  palette?.addItem({ command: PlaceIDs.notices, category: 'Greenroom' });

  const bell = new ReactHost(() => (
    <Bell workspace={workspace} onOpen={() => void app.commands.execute(PlaceIDs.notices)} />
  ));
  bell.id = 'greenroom-bell';
  shell.add(bell, 'top', { rank: 1000 });

  workspace.events.watchNotices(() => {
    void workspace.queries.invalidateQueries({ queryKey: ['notices'] });
    void workspace.queries.invalidateQueries({ queryKey: ['home'] });
  });
}

/** Open what a notice is about. */
function follow({ commands }: JupyterFrontEnd, target: Readonly<Record<string, unknown>>): void {
  const problem = target['problem_id'];
  if (typeof problem === 'string') {
    void commands.execute(Practice.open, { problem });
  } else {
    void commands.execute(target['page'] === 'account' ? PlaceIDs.account : PlaceIDs.home);
  }
}
