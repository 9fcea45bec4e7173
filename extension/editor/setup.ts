/** CodeMirror as this editor uses it. */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { python, pythonLanguage } from '@codemirror/lang-python';
import { bracketMatching, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { EditorState } from '@codemirror/state';
import type { KeyBinding } from '@codemirror/view';
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection
} from '@codemirror/view';
import { problemCompletion } from './completion';
import { appearance } from './highlight';

/** Keys that run and submit: the host binds them (JupyterLab's settings), or `own` ones do. */
const RESERVED = new Set(['Mod-Enter', 'Shift-Mod-Enter']);
const editing = defaultKeymap.filter(binding => !RESERVED.has(binding.key ?? ''));

export function setup(options: {
  label: string;
  names: readonly string[];
  keys: readonly KeyBinding[];
  onEdit: (code: string) => void;
  onBlur: () => void;
}): Extension {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    highlightSpecialChars(),
    history({ minDepth: 300 }),
    drawSelection(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(4),
    indentUnit.of('    '),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    rectangularSelection(),
    highlightSelectionMatches(),
    search({ top: true }),
    autocompletion({ icons: false }),
    python(),
    pythonLanguage.data.of({ autocomplete: problemCompletion(options.names) }),
    appearance,
    keymap.of([
      ...options.keys,
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...editing,
      indentWithTab
    ]),
    EditorView.contentAttributes.of({
      'aria-label': options.label,
      'aria-description': 'Tab indents. Press Escape and then Tab to leave the editor.'
    }),
    EditorView.updateListener.of(update => {
      if (update.docChanged) {
        options.onEdit(update.state.doc.toString());
      }
    }),
    EditorView.domEventHandlers({
      blur: () => {
        options.onBlur();
      }
    })
  ];
}
