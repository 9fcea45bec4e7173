/** The row of buttons below the code. */

import type { JSX } from 'react';
import { useState } from 'react';
import type { EditorCommands, EditorHost } from './host';
import { spokenError } from './transport';

interface Props {
  host: EditorHost;
  commands: EditorCommands;
  busy: boolean;
  running: boolean;
  code: string;
  starter: string;
  onStress: () => void;
}

export function Actions(props: Props): JSX.Element {
  const { host, commands, busy, running, code, starter, onStress } = props;
  const { shortcuts, pull } = host;
  const [pulled, setPulled] = useState('');
  const toKernel = async (): Promise<void> => {
    if (pull !== null) {
      try {
        await pull(code);
        setPulled('Defined in the kernel.');
      } catch (error) {
        setPulled(
          error instanceof Error && error.message !== '' ? error.message : spokenError(error)
        );
      }
    }
  };
  return (
    <div className="gr-Actions" role="toolbar" aria-label="Editor actions">
      <button
        type="button"
        className="gr-Button"
        title={`Run on the inputs below (${shortcuts.run})`}
        disabled={running}
        onClick={commands.run}
      >
        Run
      </button>
      <button
        type="button"
        className="gr-Button gr-Button-primary"
        title={`Grade with all tests (${shortcuts.submit})`}
        disabled={busy}
        onClick={commands.submit}
      >
        Submit
      </button>
      <span className="gr-Space" />
      {pulled !== '' && (
        <span className="gr-Quiet" role="status">
          {pulled}
        </span>
      )}
      {pull !== null && (
        <button
          type="button"
          className="gr-Button gr-Button-quiet"
          title="Define this code in the notebook’s kernel, to try it in scratch cells"
          onClick={() => void toKernel()}
        >
          To kernel
        </button>
      )}
      <button
        type="button"
        className="gr-Button gr-Button-quiet"
        title="Look for an input on which your code and the reference differ"
        disabled={running}
        onClick={onStress}
      >
        Stress
      </button>
      <button
        type="button"
        className="gr-Button gr-Button-quiet"
        title="Back to the starter code; undo takes it back"
        disabled={code === starter}
        onClick={() => {
          commands.replace(starter);
        }}
      >
        Reset
      </button>
    </div>
  );
}
