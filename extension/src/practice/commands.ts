/** The ids of this plugin's commands. */

import type { Action } from '../../editor/host';

/** Commands of the editor that has the keyboard. */
export const EDITOR_COMMANDS: Readonly<Record<Action, { id: string; label: string }>> = {
  run: { id: 'greenroom:run', label: 'Run the code on its inputs' },
  submit: { id: 'greenroom:submit', label: 'Submit the code' },
  stress: { id: 'greenroom:stress', label: 'Look for an input that breaks the code' },
  reset: { id: 'greenroom:reset', label: 'Reset the code to the starter' },
  toKernel: { id: 'greenroom:to-kernel', label: 'Define the code in the notebook’s kernel' },
  hints: { id: 'greenroom:hints', label: 'Show the hints' }
};

export const CommandIDs = {
  open: 'greenroom:open-problem',
  panel: 'greenroom:practice',
  push: 'greenroom:push-cell'
} as const;
