/** What JupyterLab's settings say about editing: our own key map, and the code editors' font and wrapping. */

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { EditorSettings } from '../../editor/host';
import { PLAIN_SETTINGS } from '../../editor/host';
import { Store } from '../../editor/store';

const OURS = 'greenroom-lab:practice';
const CODE_EDITORS = '@jupyterlab/codemirror-extension:plugin';

/** A store that follows the settings for as long as the page lives. */
export function followSettings(registry: ISettingRegistry | null): Store<EditorSettings> {
  const store = new Store<EditorSettings>(PLAIN_SETTINGS);
  const follow = (plugin: string, read: (settings: ISettingRegistry.ISettings) => object): void => {
    registry?.load(plugin).then(
      settings => {
        const apply = (): void => {
          store.set(read(settings));
        };
        settings.changed.connect(apply);
        apply();
      },
      () => undefined // Not there, e.g. in Notebook 7 with a trimmed set of plugins: the defaults stand.
    );
  };
  follow(OURS, settings => ({ keymap: keymapIn(settings.get('keymap').composite) }));
  follow(CODE_EDITORS, settings => codeLook(settings.get('defaultConfig').composite));
  return store;
}

function keymapIn(value: unknown): EditorSettings['keymap'] {
  return value === 'vim' || value === 'emacs' ? value : 'default';
}

/** The part of JupyterLab's editor configuration that this editor follows. */
export function codeLook(config: unknown): Omit<EditorSettings, 'keymap'> {
  const said = (typeof config === 'object' && config !== null ? config : {}) as Record<
    string,
    unknown
  >;
  const { fontSize, fontFamily, lineWrap, autoClosingBrackets } = said;
  return {
    fontSize: typeof fontSize === 'number' ? fontSize : null,
    fontFamily: typeof fontFamily === 'string' && fontFamily !== '' ? fontFamily : null,
    lineWrap: lineWrap === true,
    closeBrackets: autoClosingBrackets !== false
  };
}
