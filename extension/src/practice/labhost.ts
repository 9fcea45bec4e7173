/** What JupyterLab gives an editor: its shortcuts as the settings have them, and a kernel where there is a notebook. */

import type { ISessionContext } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import { CommandRegistry as Registry } from '@lumino/commands';
import type { Action, EditorHost, EditorSettings } from '../../editor/host';
import type { Store } from '../../editor/store';
import { offerRating } from '../review/offer';
import { EDITOR_COMMANDS } from './commands';
import { attachEditor } from './registry';

export function labHost(
  commands: CommandRegistry,
  settings: Store<EditorSettings>,
  session: ISessionContext | null
): EditorHost {
  return {
    get shortcuts() {
      const actions = Object.keys(EDITOR_COMMANDS) as Action[];
      const keys = actions.map(action => [action, keysOf(commands, EDITOR_COMMANDS[action].id)]);
      return Object.fromEntries(keys) as Record<Action, string>;
    },
    ownKeys: false,
    settings,
    pull: session === null ? null : code => define(session, code),
    afterAccepted: offerRating,
    attach: attachEditor
  };
}

/** The keys that run a command, as they are spoken; empty when there are none. */
function keysOf(commands: CommandRegistry, command: string): string {
  const binding = commands.keyBindings.find(one => one.command === command);
  return binding === undefined
    ? ''
    : binding.keys.map(key => Registry.formatKeystroke(key)).join(' ');
}

/** Run the code in the notebook's kernel, silently. Throws an Error that says why when it cannot. */
async function define(session: ISessionContext, code: string): Promise<void> {
  await session.ready;
  const kernel = session.session?.kernel;
  if (kernel === undefined || kernel === null) {
    throw new Error('This notebook has no kernel. Start one in the Kernel menu.');
  }
  const { content } = await kernel.requestExecute({ code, silent: true, store_history: false })
    .done;
  if (content.status === 'error') {
    throw new Error(`${content.ename}: ${content.evalue}`);
  }
  if (content.status !== 'ok') {
    throw new Error('The kernel was interrupted.');
  }
}
