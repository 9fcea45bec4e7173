/**
 * Says that the student's server cannot be reached, beside their work rather than over it: JupyterLab's own dialog takes the
 * keyboard from whoever is typing, and what is typed then is lost. A plain element, because JupyterLab's notifications are loaded
 * when they are first needed, which is when nothing can be loaded.
 */

import type { IConnectionLost, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IConnectionLost as Lost, JupyterFrontEnd } from '@jupyterlab/application';
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

const KEPT = 'What you type in Greenroom’s editors is kept in this browser and saved later.';
const AWAY = `The connection to your server is lost; JupyterLab keeps trying. ${KEPT}`;
const STOPPED = `Your server has stopped. ${KEPT}`;
const ENDED = `Your session has ended. ${KEPT} Sign in again in another tab.`;
const LOOK_MS = 3000;

export const connectionPlugin: JupyterFrontEndPlugin<IConnectionLost> = {
  id: 'greenroom-lab:connection',
  description: 'Says that the server cannot be reached, without taking the keyboard.',
  autoStart: true,
  provides: Lost,
  requires: [JupyterFrontEnd.IPaths],
  activate: (app: JupyterFrontEnd, paths: JupyterFrontEnd.IPaths) => {
    const settings = app.serviceManager.serverSettings;
    const start = URLExt.join(
      paths.urls.hubHost ?? '',
      paths.urls.hubPrefix ?? '/hub/',
      'spawn',
      paths.urls.hubUser ?? ''
    );
    let watching = false;
    return async () => {
      if (!watching) {
        watching = true;
        await watch(settings, start);
        watching = false;
      }
    };
  }
};

/** Keep one notice that tells how things are, until the server answers again. */
async function watch(settings: ServerConnection.ISettings, start: string): Promise<void> {
  const notice = document.createElement('div');
  notice.className = 'gr-Connection';
  notice.setAttribute('role', 'status');
  document.body.append(notice);
  let said: string | null = null;
  for (let state = await look(settings); state !== null; state = await look(settings)) {
    if (state !== said) {
      said = state;
      notice.replaceChildren(said, ...(said === STOPPED ? [startLink(start)] : []));
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }
  notice.remove();
}

function startLink(address: string): HTMLElement {
  const link = document.createElement('a');
  link.href = address;
  link.target = '_blank';
  link.textContent = 'Start it in another tab';
  return link;
}

/** What is wrong with the server now, in words; null when it answers. */
async function look(settings: ServerConnection.ISettings): Promise<string | null> {
  try {
    const url = URLExt.join(settings.baseUrl, 'api/status');
    const { ok, status } = await ServerConnection.makeRequest(url, {}, settings);
    if (ok) {
      return null;
    }
    // 424 and 503 are the Hub's answers in place of a server that does not run.
    return status === 424 || status === 503 ? STOPPED : status === 403 ? ENDED : AWAY;
  } catch {
    return AWAY;
  }
}
