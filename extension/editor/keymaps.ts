/** Key maps other than CodeMirror's own, loaded when somebody chooses one. */

import type { Extension } from '@codemirror/state';
import type { EditorSettings } from './host';

export async function keymapOf(name: EditorSettings['keymap']): Promise<Extension> {
  switch (name) {
    case 'vim': {
      const { vim } = await import('@replit/codemirror-vim');
      return vim({ status: true });
    }
    case 'emacs': {
      const { emacs } = await import('@replit/codemirror-emacs');
      return emacs();
    }
    case 'default':
      return [];
  }
}
