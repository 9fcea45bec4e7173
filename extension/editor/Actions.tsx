/** The row of buttons below the code. */

import type { JSX, ReactNode } from 'react';
import type { Action, EditorCommands, EditorHost } from './host';

interface Props {
  host: EditorHost;
  commands: EditorCommands;
  busy: boolean;
  running: boolean;
  /** The code is the starter's, so there is nothing to reset. */
  pristine: boolean;
  /** What came of handing the code to the kernel. */
  told: string;
}

export function Actions({ host, commands, busy, running, pristine, told }: Props): JSX.Element {
  const { shortcuts } = host;
  const button = (
    action: Action,
    name: ReactNode,
    title: string,
    off = false,
    look = ''
  ): JSX.Element => (
    <button
      type="button"
      className={`gr-Button ${look}`}
      title={shortcuts[action] === '' ? title : `${title} (${shortcuts[action]})`}
      // Not `disabled`: that takes the keyboard from whoever has just pressed it.
      aria-disabled={off}
      onClick={() => {
        if (!off) {
          commands[action]();
        }
      }}
    >
      {name}
    </button>
  );
  const quiet = 'gr-Button-quiet';
  return (
    <div className="gr-Actions" role="toolbar" aria-label="Editor actions">
      {button('run', 'Run', 'Run on the inputs below', running)}
      {button('submit', 'Submit', 'Grade with all tests', busy, 'gr-Button-primary')}
      <span className="gr-Space" />
      <span className="gr-Quiet" role="status">
        {told}
      </span>
      {host.pull !== null &&
        button(
          'toKernel',
          'To kernel',
          'Define this code in the notebook’s kernel, to try it in scratch cells',
          false,
          quiet
        )}
      {button(
        'stress',
        'Stress',
        'Look for an input on which your code and the reference differ',
        running,
        quiet
      )}
      {button('reset', 'Reset', 'Back to the starter code; undo takes it back', pristine, quiet)}
    </div>
  );
}
