/** The ids of this plugin's commands. */

export const CommandIDs = {
  run: 'greenroom:run',
  submit: 'greenroom:submit',
  open: 'greenroom:open-problem',
  panel: 'greenroom:practice',
  push: 'greenroom:push-cell'
} as const;
