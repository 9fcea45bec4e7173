/** Shows the editor in place of the notebook cells that ask for it, without running them. */

import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ToolbarButton } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { PanelLayout } from '@lumino/widgets';
import type { EditorHost, EditorSettings } from '../../editor/host';
import type { Store } from '../../editor/store';
import type { Workspace } from '../../editor/workspace';
import { onDemand } from '../ui/onDemand';
import { ReactHost } from '../ui/ReactHost';
import { idIn, problemOf } from './cellProblem';
import { CommandIDs } from './commands';
import { labHost } from './labhost';

const PracticeEditor = onDemand(
  async () => (await import('../../editor/PracticeEditor')).PracticeEditor,
  5
);

const CELL_CLASS = 'gr-EditorCell';
const WIDGET_CLASS = 'gr-EditorCell-editor';

export function editorsInCells(
  tracker: INotebookTracker,
  commands: CommandRegistry,
  workspace: Workspace,
  settings: Store<EditorSettings>
): void {
  const watch = (panel: NotebookPanel): void => {
    const orphan = orphanButton(panel, commands);
    const refresh = (): void => {
      for (const cell of panel.content.widgets) {
        show(cell, workspace, () => labHost(commands, settings, panel.sessionContext));
      }
      orphan();
    };
    panel.content.modelContentChanged.connect(refresh);
    // Cells are created as they come into sight.
    panel.content.cellInViewportChanged.connect(refresh);
    void panel.revealed.then(refresh);
    refresh();
  };
  tracker.forEach(watch);
  tracker.widgetAdded.connect((_, panel) => {
    watch(panel);
  });
}

function show(cell: Cell, workspace: Workspace, hostOf: () => EditorHost): void {
  const problem = problemOf(cell.model.getMetadata('greenroom'));
  if (problem === null || cell.isDisposed || cell.hasClass(CELL_CLASS) || cell.isPlaceholder()) {
    return;
  }
  cell.addClass(CELL_CLASS);
  const host = hostOf();
  const widget = new ReactHost(() => (
    <PracticeEditor workspace={workspace} problem={problem} host={host} />
  ));
  widget.addClass(WIDGET_CLASS);
  (cell.layout as PanelLayout).addWidget(widget);
}

/** A button for a problem's notebook whose editor cell was taken away; call what is returned when cells have changed. */
function orphanButton(panel: NotebookPanel, commands: CommandRegistry): () => void {
  const button = new ToolbarButton({
    label: 'Open the editor',
    tooltip: 'Your draft is kept; open it beside the statement',
    onClick: () => {
      const problem = idIn(panel.content.model?.getMetadata('greenroom'));
      if (problem !== null) {
        void commands.execute(CommandIDs.panel, { problem });
      }
    }
  });
  button.hide();
  panel.toolbar.insertAfter('cellType', 'greenroom-editor', button);
  return () => {
    const { model } = panel.content;
    const whole = model?.getMetadata('greenroom') as { kind?: unknown } | undefined;
    const cells = model === null ? [] : [...model.cells];
    const missing =
      idIn(whole) !== null &&
      whole?.kind !== 'cells' &&
      cells.length > 0 &&
      cells.every(cell => problemOf(cell.getMetadata('greenroom')) === null);
    button.setHidden(!missing);
  };
}
