/** Reviews: a blank editor for a problem that was solved before, in a tab of its own. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { historyIcon } from '@jupyterlab/ui-components';
import type { Workspace } from '../../editor/workspace';
import { IWorkspace } from '../api/lab';
import { labHost } from '../practice/labhost';
import { followSettings } from '../practice/settings';
import { PlaceIDs } from '../ui/commands';
import { onDemand } from '../ui/onDemand';
import { ReactHost } from '../ui/ReactHost';
import { refreshStudy } from './fresh';

const ReviewPanel = onDemand(async () => (await import('./ReviewPanel')).ReviewPanel, 8);

export const reviewPlugin: JupyterFrontEndPlugin<void> = {
  id: 'greenroom-lab:review',
  description: 'Greenroom’s reviews: solved problems again, in a blank editor.',
  autoStart: true,
  requires: [IWorkspace],
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, workspace: Workspace, registry: ISettingRegistry | null) => {
    const settings = followSettings(registry);
    workspace.events.listen(event => {
      if (event.state === 'final') {
        refreshStudy(workspace.queries, event.problem_id);
      }
    });
    app.commands.addCommand(PlaceIDs.review, {
      label: 'Review the problem',
      describedBy: {
        args: {
          type: 'object',
          properties: { problem: { type: 'string', description: 'Id of the problem' } },
          required: ['problem']
        }
      },
      execute: args => {
        const problem = args['problem'];
        if (typeof problem !== 'string' || problem === '') {
          throw new Error('greenroom: this command needs {"problem": "<id>"}');
        }
        const id = `greenroom-review-${problem}`;
        if (![...app.shell.widgets('main')].some(widget => widget.id === id)) {
          const content = new ReactHost(() => (
            <ReviewPanel
              workspace={workspace}
              problem={problem}
              host={labHost(app.commands, settings, null)}
              onTitle={title => {
                panel.title.label = `Review: ${title}`;
              }}
              onHome={() => void app.commands.execute(PlaceIDs.home)}
            />
          ));
          const panel = new MainAreaWidget({ content });
          panel.toolbar.hide();
          panel.id = id;
          panel.title.label = `Review: ${problem}`;
          panel.title.icon = historyIcon;
          panel.title.closable = true;
          app.shell.add(panel, 'main');
        }
        app.shell.activateById(id);
      }
    });
  }
};
