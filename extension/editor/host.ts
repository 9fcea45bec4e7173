/** What the place that shows an editor gives it: JupyterLab, or a notebook widget anywhere else. */

import type { ReactNode } from 'react';
import type { Store } from './store';
import type { Workspace } from './workspace';

/** What can be done to an editor from outside. */
export interface EditorCommands {
  run: () => void;
  submit: () => void;
  stress: () => void;
  reset: () => void;
  toKernel: () => void;
  hints: () => void;
  replace: (code: string) => void;
  focus: () => void;
}

/** The commands that have keys. */
export type Action = 'run' | 'submit' | 'stress' | 'reset' | 'toKernel' | 'hints';

export interface EditorSettings {
  keymap: 'default' | 'vim' | 'emacs';
  /** Pixels, or null for the theme's own size. */
  fontSize: number | null;
  fontFamily: string | null;
  lineWrap: boolean;
  closeBrackets: boolean;
}

export const PLAIN_SETTINGS: EditorSettings = {
  keymap: 'default',
  fontSize: null,
  fontFamily: null,
  lineWrap: false,
  closeBrackets: true
};

export interface EditorHost {
  /** Shown in tooltips, e.g. `Ctrl Enter`. */
  readonly shortcuts: Readonly<Record<Action, string>>;
  /** Whether the editor binds those keys itself; JupyterLab binds them in its shortcut settings. */
  readonly ownKeys: boolean;
  readonly settings: Store<EditorSettings>;
  /** Define the code in the notebook's kernel; null where there is none. */
  readonly pull: ((code: string) => Promise<void>) | null;
  /** What stands below the verdict of an accepted submission; left out where there is nothing. */
  readonly afterAccepted?: (workspace: Workspace, problem: string) => ReactNode;
  /** An editor has appeared on the page; call what is returned when it goes. */
  attach(node: HTMLElement, commands: EditorCommands): () => void;
}

/** Sent to an editor's node to have an action done, by whoever cannot call it: JupyterLab's keys reach a widget's editor so. */
export const ACTION_EVENT = 'greenroom-action';

/** CodeMirror's names of the keys that an editor binds where JupyterLab does not. */
export const OWN_KEYS: Readonly<Record<Action, string>> = {
  run: 'Mod-Enter',
  submit: 'Shift-Mod-Enter',
  stress: 'Shift-Alt-s',
  reset: 'Shift-Alt-r',
  toKernel: 'Shift-Alt-k',
  hints: 'Shift-Alt-h'
};
