/** Home: opens at login, from the launcher and from the command palette. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import type { ISettingRegistry as Registry } from '@jupyterlab/settingregistry';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { homeIcon } from '@jupyterlab/ui-components';
import type { Workspace } from '../../editor/workspace';
import { IWorkspace } from '../api/lab';
import { CommandIDs as Practice } from '../practice/commands';
import { ReactHost } from '../ui/ReactHost';
import { onDemand } from '../ui/onDemand';
import type { HomeSettings } from './HomePanel';

const HomePanel = onDemand(async () => (await import('./HomePanel')).HomePanel, 8);

const PLUGIN = 'greenroom-lab:home';
const COMMAND = 'greenroom:home';
const WIDGET = 'greenroom-home';

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
  let shown: HomeSettings = { hideDifficulty: false, hideTopics: false };
  const tracker = new WidgetTracker<MainAreaWidget<ReactHost>>({ namespace: WIDGET });

  app.commands.addCommand(COMMAND, {
    label: 'Home',
    caption: 'What to do next in Greenroom',
    icon: homeIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      let widget = tracker.currentWidget;
      if (widget === null || widget.isDisposed) {
        const content = new ReactHost(() => (
          <HomePanel
            workspace={workspace}
            settings={shown}
            onOpen={problem => void app.commands.execute(Practice.open, { problem })}
          />
        ));
        widget = new MainAreaWidget({ content });
        widget.toolbar.hide();
        widget.id = WIDGET;
        widget.title.label = 'Home';
        widget.title.icon = homeIcon;
        widget.title.closable = true;
        void tracker.add(widget);
      }
      if (!widget.isAttached) {
        app.shell.add(widget, 'main', { rank: 0 });
      }
      app.shell.activateById(widget.id);
    }
  });
  palette?.addItem({ command: COMMAND, category: 'Greenroom' });
  launcher?.add({ command: COMMAND, category: 'Greenroom', rank: 0 });
  void restorer?.restore(tracker, { command: COMMAND, name: () => WIDGET });

  const apply = (settings: Registry.ISettings): boolean => {
    const on = (key: string): boolean => settings.get(key).composite === true;
    shown = { hideDifficulty: on('hideDifficulty'), hideTopics: on('hideTopics') };
    tracker.currentWidget?.content.redraw();
    return on('openAtLogin');
  };
  void Promise.all([registry?.load(PLUGIN) ?? null, app.restored])
    .catch(() => [null] as const)
    .then(([settings]) => {
      settings?.changed.connect(apply);
      const open = settings === null || apply(settings);
      // Somebody who came to a notebook by its address wants that notebook.
      // In Notebook 7 every tab is one document, and Home has no place of its own there.
      if (open && app.name === 'JupyterLab' && isEmpty(app)) {
        void app.commands.execute(COMMAND);
      }
    });
}

/** Whether nothing but a launcher is open. */
function isEmpty(app: JupyterFrontEnd): boolean {
  return [...app.shell.widgets('main')].every(widget => widget.id.startsWith('launcher'));
}
