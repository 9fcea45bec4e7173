/** Practice: editors in problem notebooks, and a panel with statement and editor. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Workspace } from '../../editor/workspace';
import { IWorkspace } from '../api/lab';
import { ReactHost } from '../ui/ReactHost';
import { editorsInCells, problemOf } from './cells';
import { CommandIDs } from './commands';
import { labHost } from './labhost';
import { PracticePanel } from './panel';
import { editorWithin, focusedEditor } from './registry';

const CATEGORY = 'Greenroom';

export const practicePlugin: JupyterFrontEndPlugin<void> = {
  id: 'greenroom-lab:practice',
  description: 'Greenroom’s editor in problem notebooks and beside a statement.',
  autoStart: true,
  requires: [IWorkspace],
  optional: [INotebookTracker, ICommandPalette],
  activate
};

function activate(
  app: JupyterFrontEnd,
  workspace: Workspace,
  tracker: INotebookTracker | null,
  palette: ICommandPalette | null
): void {
  if (tracker !== null) {
    editorsInCells(tracker, app.commands, workspace);
    addPush(app, tracker);
  }
  addKeys(app);
  addPanel(app, workspace);
  addOpen(app);
  for (const command of [CommandIDs.run, CommandIDs.submit, CommandIDs.push]) {
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

/** Run and submit as commands, so that their keys are in JupyterLab's shortcut settings. */
function addKeys({ commands }: JupyterFrontEnd): void {
  commands.addCommand(CommandIDs.run, {
    label: 'Run the code on its inputs',
    isEnabled: () => focusedEditor() !== null,
    execute: () => focusedEditor()?.run()
  });
  commands.addCommand(CommandIDs.submit, {
    label: 'Submit the code',
    isEnabled: () => focusedEditor() !== null,
    execute: () => focusedEditor()?.submit()
  });
}

function addPanel(app: JupyterFrontEnd, workspace: Workspace): void {
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
      const host = labHost(app.commands, null);
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
