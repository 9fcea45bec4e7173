/** Shows the editor in place of the notebook cells that ask for it, without running them. */

import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import type { PanelLayout } from '@lumino/widgets';
import type { EditorHost, EditorSettings } from '../../editor/host';
import type { Store } from '../../editor/store';
import type { Workspace } from '../../editor/workspace';
import { onDemand } from '../ui/onDemand';
import { ReactHost } from '../ui/ReactHost';
import { labHost } from './labhost';

const PracticeEditor = onDemand(
  async () => (await import('../../editor/PracticeEditor')).PracticeEditor,
  5
);

const CELL_CLASS = 'gr-EditorCell';
const WIDGET_CLASS = 'gr-EditorCell-editor';

/** The problem that a cell's metadata asks an editor for: `greenroom: {problem, role: "editor"}`. */
export function problemOf(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null) {
    return null;
  }
  const { problem, role } = metadata as { problem?: unknown; role?: unknown };
  return role === 'editor' && typeof problem === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(problem)
    ? problem
    : null;
}

export function editorsInCells(
  tracker: INotebookTracker,
  commands: CommandRegistry,
  workspace: Workspace,
  settings: Store<EditorSettings>
): void {
  const watch = (panel: NotebookPanel): void => {
    const refresh = (): void => {
      for (const cell of panel.content.widgets) {
        show(cell, workspace, () => labHost(commands, settings, panel.sessionContext));
      }
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
