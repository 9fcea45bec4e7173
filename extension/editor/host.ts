/** What the place that shows an editor gives it: JupyterLab, or a notebook widget anywhere else. */

/** What can be done to an editor from outside. */
export interface EditorCommands {
  run: () => void;
  submit: () => void;
  replace: (code: string) => void;
  focus: () => void;
}

export interface EditorHost {
  /** Shown in tooltips, e.g. `Ctrl Enter`. */
  readonly shortcuts: { readonly run: string; readonly submit: string };
  /** Whether the editor binds those keys itself; JupyterLab binds them in its shortcut settings. */
  readonly ownKeys: boolean;
  /** Define the code in the notebook's kernel; null where there is none. */
  readonly pull: ((code: string) => Promise<void>) | null;
  /** An editor has appeared on the page; call what is returned when it goes. */
  attach(node: HTMLElement, commands: EditorCommands): () => void;
}
