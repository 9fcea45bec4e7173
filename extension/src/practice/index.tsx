/** Practice: editors in problem notebooks, and a panel with statement and editor. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Action, EditorSettings } from '../../editor/host';
import type { Store } from '../../editor/store';
import type { Workspace } from '../../editor/workspace';
import { IWorkspace } from '../api/lab';
import { onDemand } from '../ui/onDemand';
import { ReactHost } from '../ui/ReactHost';
import { problemOf } from './cellProblem';
import { editorsInCells } from './cells';
import { CommandIDs, EDITOR_COMMANDS } from './commands';
import { keepKeyboard } from './keyboard';
import { labHost } from './labhost';
import { actInFocusedEditor, editorWithin, focusedEditor } from './registry';
import { followSettings } from './settings';

const PracticePanel = onDemand(async () => (await import('./panel')).PracticePanel, 8);

const CATEGORY = 'Greenroom';

export const practicePlugin: JupyterFrontEndPlugin<void> = {
  id: 'greenroom-lab:practice',
  description: 'Greenroom’s editor in problem notebooks and beside a statement.',
  autoStart: true,
  requires: [IWorkspace],
  optional: [INotebookTracker, ICommandPalette, ISettingRegistry],
  activate
};

function activate(
  app: JupyterFrontEnd,
  workspace: Workspace,
  tracker: INotebookTracker | null,
  palette: ICommandPalette | null,
  registry: ISettingRegistry | null
): void {
  const settings = followSettings(registry);
  if (tracker !== null) {
    editorsInCells(tracker, app.commands, workspace, settings);
    addPush(app, tracker);
  }
  keepKeyboard();
  addKeys(app);
  addPanel(app, workspace, settings);
  addOpen(app);
  const ofEditors = Object.values(EDITOR_COMMANDS).map(({ id }) => id);
  for (const command of [...ofEditors, CommandIDs.push]) {
    if (app.commands.hasCommand(command)) {
      palette?.addItem({ command, category: CATEGORY });
    }
  }
}

const problemSchema = {
  type: 'object',
  properties: { problem: { type: 'string', description: 'Id of the problem' } },
  required: ['problem']
} as const;

function problemIn(args: ReadonlyPartialJSONObject): string {
  const problem = args['problem'];
  if (typeof problem !== 'string' || problem === '') {
    throw new Error('greenroom: this command needs {"problem": "<id>"}');
  }
  return problem;
}

/** What an editor does as commands, so that their keys are in JupyterLab's shortcut settings. */
function addKeys({ commands }: JupyterFrontEnd): void {
  for (const action of Object.keys(EDITOR_COMMANDS) as Action[]) {
    const { id, label } = EDITOR_COMMANDS[action];
    commands.addCommand(id, {
      label,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => focusedEditor() !== null,
      execute: () => {
        actInFocusedEditor(action);
      }
    });
  }
}

function addPanel(
  app: JupyterFrontEnd,
  workspace: Workspace,
  settings: Store<EditorSettings>
): void {
  app.commands.addCommand(CommandIDs.panel, {
    label: 'Practise beside the statement',
    describedBy: { args: problemSchema },
    execute: args => {
      const problem = problemIn(args);
      const id = `greenroom-practice-${problem}`;
      const open = [...app.shell.widgets('main')].find(widget => widget.id === id);
      if (open !== undefined) {
        app.shell.activateById(id);
        return;
      }
      const host = labHost(app.commands, settings, null);
      const content = new ReactHost(() => (
        <PracticePanel
          workspace={workspace}
          problem={problem}
          host={host}
          onTitle={title => {
            panel.title.label = title;
          }}
        />
      ));
      const panel = new MainAreaWidget({ content });
      panel.toolbar.hide();
      panel.id = id;
      panel.title.label = problem;
      panel.title.closable = true;
      app.shell.add(panel, 'main');
      app.shell.activateById(id);
    }
  });
}

/** Open a problem where the student works on it: its notebook, or the panel when they have removed it. */
function addOpen(app: JupyterFrontEnd): void {
  app.commands.addCommand(CommandIDs.open, {
    label: 'Open the problem',
    describedBy: { args: problemSchema },
    execute: async args => {
      const problem = problemIn(args);
      const path = `problems/${problem}.ipynb`;
      try {
        await app.serviceManager.contents.get(path, { content: false });
      } catch {
        await app.commands.execute(CommandIDs.panel, { problem });
        return;
      }
      await app.commands.execute('docmanager:open', { path });
    }
  });
}

function addPush(app: JupyterFrontEnd, tracker: INotebookTracker): void {
  const source = (): string => tracker.activeCell?.model.sharedModel.getSource() ?? '';
  const target = (): ReturnType<typeof editorWithin> =>
    tracker.currentWidget === null ? null : editorWithin(tracker.currentWidget.node);
  app.commands.addCommand(CommandIDs.push, {
    label: 'Push the cell’s code into the Greenroom editor',
    caption: 'Replaces the editor’s text with this cell’s code; undo takes it back',
    isVisible: () => target() !== null,
    isEnabled: () =>
      tracker.activeCell?.model.type === 'code' &&
      problemOf(tracker.activeCell.model.getMetadata('greenroom')) === null &&
      source().trim() !== '',
    execute: () => {
      const editor = target();
      editor?.replace(`${source().trimEnd()}\n`);
      editor?.focus();
    }
  });
  app.contextMenu.addItem({
    command: CommandIDs.push,
    selector: '.jp-Notebook .jp-CodeCell:not(.gr-EditorCell)',
    rank: 9
  });
}
