/** The editor as a notebook widget (anywidget): in JupyterLab, Notebook 7 and Voila, wherever the kernel's page is. */

import { createRoot } from 'react-dom/client';
import type { Action, EditorHost } from './host';
import { ACTION_EVENT, PLAIN_SETTINGS } from './host';
import { PageTransport } from './page';
import { PracticeEditor } from './PracticeEditor';
import { Store } from './store';
import './style.css';
import { Workspace } from './workspace';

interface Model {
  get(name: 'problem' | 'base_url'): string;
  send(content: object): void;
}

const PLAIN_KEYS: Record<Action, string> = {
  run: 'Ctrl Enter',
  submit: 'Ctrl Shift Enter',
  stress: 'Alt Shift S',
  reset: 'Alt Shift R',
  toKernel: 'Alt Shift K',
  hints: 'Alt Shift H'
};
const MAC_KEYS: Record<Action, string> = {
  run: '⌘ ↵',
  submit: '⇧ ⌘ ↵',
  stress: '⌥ ⇧ S',
  reset: '⌥ ⇧ R',
  toKernel: '⌥ ⇧ K',
  hints: '⌥ ⇧ H'
};

/** One workspace per server, however many editors the page shows. */
const workspaces = new Map<string, Workspace>();

function workspaceFor(baseUrl: string): Workspace {
  const known = workspaces.get(baseUrl) ?? new Workspace(new PageTransport(baseUrl));
  workspaces.set(baseUrl, known);
  return known;
}

function hostFor(model: Model): EditorHost {
  const mac = /mac/i.test(navigator.userAgent);
  return {
    shortcuts: mac ? MAC_KEYS : PLAIN_KEYS,
    ownKeys: true,
    settings: new Store(PLAIN_SETTINGS),
    pull: code => {
      model.send({ kind: 'define', code });
      return Promise.resolve();
    },
    attach: (node, commands) => {
      const act = (event: Event): void => {
        commands[(event as CustomEvent<Action>).detail]();
      };
      const keep = (event: Event): void => {
        event.stopPropagation();
      };
      // At React's own root, which listens there before this does.
      const edge = node.parentElement ?? node;
      edge.addEventListener('keydown', keep);
      node.addEventListener(ACTION_EVENT, act);
      return () => {
        edge.removeEventListener('keydown', keep);
        node.removeEventListener(ACTION_EVENT, act);
      };
    }
  };
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root = createRoot(el);
  const baseUrl = PageTransport.find(model.get('base_url'));
  const workspace = workspaceFor(baseUrl);
  root.render(
    <PracticeEditor workspace={workspace} problem={model.get('problem')} host={hostFor(model)} />
  );
  return () => {
    queueMicrotask(() => {
      root.unmount();
    });
  };
}

export default { render };
