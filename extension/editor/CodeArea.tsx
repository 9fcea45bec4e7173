/** The code itself: CodeMirror bound to a draft session. */

import { historyField } from '@codemirror/commands';
import type { Extension } from '@codemirror/state';
import { Compartment, EditorState, Transaction } from '@codemirror/state';
import type { KeyBinding } from '@codemirror/view';
import { EditorView } from '@codemirror/view';
import { forwardRef, useEffect, useImperativeHandle, useRef } from 'react';
import type { DraftSession } from './draft';
import type { EditorSettings } from './host';
import { replacement } from './draft-rules';
import type { Journal } from './journal';
import { keymapOf } from './keymaps';
import { settled, setup } from './setup';
import type { Store } from './store';

const FIELDS = { history: historyField };
const UNDO_PAUSE_MS = 500;

export interface CodeHandle {
  /** Replace the whole text as one step that can be undone. */
  replace(code: string): void;
  focus(): void;
}

interface Props {
  draft: DraftSession;
  journal: Journal;
  label: string;
  names: readonly string[];
  keys: readonly KeyBinding[];
  settings: Store<EditorSettings>;
}

export const CodeArea = forwardRef<CodeHandle, Props>(function CodeArea(props, handle) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useImperativeHandle(handle, () => ({
    replace(code) {
      if (view.current !== null) {
        replaceAll(view.current, code, true);
      }
    },
    focus() {
      view.current?.focus();
    }
  }));

  const { draft, journal } = props;
  useEffect(() => {
    if (host.current === null) {
      return;
    }
    const editor = new EditorView({ parent: host.current });
    view.current = editor;
    const binding = bind(editor, draft, journal, latest);
    return () => {
      binding();
      editor.destroy();
      view.current = null;
    };
  }, [draft, journal]);

  return <div className="gr-Code" ref={host} />;
});

/** Join an editor and a session: what is typed goes there, what changes there comes here. */
function bind(
  editor: EditorView,
  draft: DraftSession,
  journal: Journal,
  latest: { readonly current: Props }
): () => void {
  const { settings } = latest.current;
  const look = new Compartment();
  const keys = new Compartment();
  const key = `${draft.key}|undo`;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const keepUndo = (): void => {
    timer = null;
    const code = editor.state.doc.toString();
    void journal.putUndo({ key, code, state: editor.state.toJSON(FIELDS) });
  };
  const base = [
    setup({
      label: latest.current.label,
      names: latest.current.names,
      keys: latest.current.keys,
      onEdit: code => {
        draft.edit(code);
        timer ??= setTimeout(keepUndo, UNDO_PAUSE_MS);
      },
      onBlur: () => void draft.flush()
    })
  ];
  // A key map goes before everything that it may override.
  let chosen: Extension = [];
  const extensions = (): Extension => [keys.of(chosen), look.of(settled(settings.get())), base];
  let applied: EditorSettings['keymap'] = 'default';
  const apply = (): void => {
    const now = settings.get();
    editor.dispatch({ effects: look.reconfigure(settled(now)) });
    if (now.keymap !== applied) {
      applied = now.keymap;
      void keymapOf(now.keymap).then(loaded => {
        if (applied === now.keymap) {
          chosen = loaded;
          editor.dispatch({ effects: keys.reconfigure(loaded) });
        }
      });
    }
  };
  editor.setState(EditorState.create({ doc: draft.store.get().code, extensions: extensions() }));
  apply();
  const unsettle = settings.subscribe(apply);
  void journal.undo(key).then(kept => {
    if (kept?.code === editor.state.doc.toString() && editor.dom.isConnected) {
      const focused = editor.hasFocus;
      editor.setState(EditorState.fromJSON(kept.state, { extensions: extensions() }, FIELDS));
      if (focused) {
        editor.focus();
      }
    }
  });
  const unsubscribe = draft.store.subscribe(() => {
    replaceAll(editor, draft.store.get().code, false);
  });
  return () => {
    unsubscribe();
    unsettle();
    if (timer !== null) {
      clearTimeout(timer);
      keepUndo();
    }
  };
}

function replaceAll(editor: EditorView, code: string, undoable: boolean): void {
  const before = editor.state.doc.toString();
  if (before !== code) {
    editor.dispatch({
      changes: replacement(before, code),
      annotations: Transaction.addToHistory.of(undoable),
      userEvent: undoable ? 'input.replace' : 'sync'
    });
  }
}
