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
import type { EditorSettings } from './host';
import { OWN_KEYS } from './host';
import { appearance } from './highlight';

/** Keys of our commands: the host binds them (JupyterLab's settings), or `keys` do. */
const RESERVED = new Set(Object.values(OWN_KEYS));
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

/** What JupyterLab's settings say about how code looks and is typed. */
export function settled(settings: EditorSettings): Extension {
  const { fontSize, fontFamily, lineWrap } = settings;
  return [
    settings.closeBrackets ? closeBrackets() : [],
    lineWrap ? EditorView.lineWrapping : [],
    fontSize === null && fontFamily === null
      ? []
      : EditorView.theme({
          // As specific as JupyterLab's own rule for every .cm-editor, which comes later on the page.
          '&.cm-editor': fontSize === null ? {} : { fontSize: `${fontSize}px` },
          '.cm-scroller': fontFamily === null ? {} : { fontFamily }
        })
  ];
}
