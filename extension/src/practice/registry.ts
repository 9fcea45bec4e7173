/** The editors that are on the page now, and the one that has the keyboard. */

import type { EditorCommands } from '../../editor/host';

const editors = new Map<HTMLElement, EditorCommands>();

export function attachEditor(node: HTMLElement, commands: EditorCommands): () => void {
  editors.set(node, commands);
  const off = guardKeys(node);
  return () => {
    off();
    editors.delete(node);
  };
}

export function focusedEditor(): EditorCommands | null {
  const node = document.activeElement?.closest<HTMLElement>('.gr-Editor');
  return node === null || node === undefined ? null : (editors.get(node) ?? null);
}

/** The first editor within an element, e.g. a notebook. */
export function editorWithin(node: HTMLElement): EditorCommands | null {
  for (const [editor, commands] of editors) {
    if (node.contains(editor)) {
      return commands;
    }
  }
  return null;
}

/**
 * Keep what is typed from the notebook around the editor, whose command mode would delete or run cells. Chords with a modifier go
 * on to JupyterLab, so that its own shortcuts and ours in its settings work.
 */
function guardKeys(node: HTMLElement): () => void {
  const guard = (event: KeyboardEvent): void => {
    const chord = (event.ctrlKey || event.metaKey || event.altKey) && event.key !== 'Escape';
    if (event.defaultPrevented || !chord) {
      event.stopPropagation();
    }
  };
  node.addEventListener('keydown', guard);
  return () => {
    node.removeEventListener('keydown', guard);
  };
}
