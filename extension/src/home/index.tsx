/** Home: opens at login, from the launcher and from the command palette. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import type { ISettingRegistry as Registry } from '@jupyterlab/settingregistry';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { homeIcon } from '@jupyterlab/ui-components';
import type { Workspace } from '../../editor/workspace';
import { IWorkspace } from '../api/lab';
import { studyOf } from '../api/study';
import { CommandIDs as Practice } from '../practice/commands';
import { PlaceIDs } from '../ui/commands';
import { addMainPanel } from '../ui/mainPanel';
import { onDemand } from '../ui/onDemand';
import type { Ways } from './view';

const HomePanel = onDemand(async () => (await import('./HomePanel')).HomePanel, 8);

const PLUGIN = 'greenroom-lab:home';

export const homePlugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'Greenroom’s home: what to do next.',
  autoStart: true,
  requires: [IWorkspace],
  optional: [ISettingRegistry, ILayoutRestorer, ILauncher, ICommandPalette],
  activate
};

function activate(
  app: JupyterFrontEnd,
  workspace: Workspace,
  registry: Registry | null,
  restorer: ILayoutRestorer | null,
  launcher: ILauncher | null,
  palette: ICommandPalette | null
): void {
  const ways = waysOf(app);
  addMainPanel(app, {
    command: PlaceIDs.home,
    id: 'greenroom-home',
    label: 'Home',
    caption: 'What to do next in Greenroom',
    icon: homeIcon,
    draw: () => <HomePanel workspace={workspace} ways={ways} />,
    rank: 0,
    restorer
  });
  palette?.addItem({ command: PlaceIDs.home, category: 'Greenroom' });
  launcher?.add({ command: PlaceIDs.home, category: 'Greenroom', rank: 0 });
  void followZone(workspace);
  void Promise.all([registry?.load(PLUGIN) ?? null, app.restored])
    .catch(() => [null] as const)
    .then(([settings]) => {
      const open = settings === null || settings.get('openAtLogin').composite === true;
      // Somebody who came to a notebook by its address wants that notebook.
      // In Notebook 7 every tab is one document, and Home has no place of its own there.
      if (open && app.name === 'JupyterLab' && isEmpty(app)) {
        void app.commands.execute(PlaceIDs.home);
      }
    });
}

function waysOf({ commands }: JupyterFrontEnd): Ways {
  const to = (command: string) => (): void => void commands.execute(command);
  return {
    problem: problem => void commands.execute(Practice.open, { problem }),
    review: problem => void commands.execute(PlaceIDs.review, { problem }),
    progress: to(PlaceIDs.progress),
    notices: to(PlaceIDs.notices),
    account: to(PlaceIDs.account)
  };
}

/** A student's days begin where their browser is: reviews fall due and weeks end by it. */
async function followZone(workspace: Workspace): Promise<void> {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const study = studyOf(workspace);
  try {
    const me = await workspace.queries.query({
      queryKey: ['me'],
      queryFn: () => study.me()
    });
    if (me.time_zone !== zone) {
      workspace.queries.setQueryData(['me'], await study.changeMe({ time_zone: zone }));
    }
  } catch {
    // Next time; or a zone that the service does not know, and its own stands.
  }
}

/** Whether nothing but a launcher is open. */
function isEmpty(app: JupyterFrontEnd): boolean {
  return [...app.shell.widgets('main')].every(widget => widget.id.startsWith('launcher'));
}
