/** The editors that are on the page now, and the one that has the keyboard. */

import type { Action, EditorCommands } from '../../editor/host';
import { ACTION_EVENT } from '../../editor/host';

const editors = new Map<HTMLElement, EditorCommands>();

export function attachEditor(node: HTMLElement, commands: EditorCommands): () => void {
  editors.set(node, commands);
  const off = guardKeys(node);
  return () => {
    off();
    editors.delete(node);
  };
}

/** The node of the editor that has the keyboard. */
export function focusedEditor(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('.gr-Editor') ?? null;
}

/** Do an action in the editor that has the keyboard, be it ours or one that a kernel's widget shows. */
export function actInFocusedEditor(action: Action): void {
  const node = focusedEditor();
  if (node === null) {
    return;
  }
  const commands = editors.get(node);
  if (commands === undefined) {
    node.dispatchEvent(new CustomEvent<Action>(ACTION_EVENT, { detail: action }));
  } else {
    commands[action]();
  }
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
  // At React's own root, which listens there before this does: nearer, our tabs would not hear their arrow keys.
  const edge = node.closest('.lm-Widget') ?? node;
  edge.addEventListener('keydown', guard as EventListener);
  return () => {
    edge.removeEventListener('keydown', guard as EventListener);
  };
}
