/** The service as JupyterLab reaches it: through the student's own server, which adds who they are. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import type { Transport } from '../../editor/transport';
import type { Workspace } from '../../editor/workspace';

export const IWorkspace = new Token<Workspace>(
  'greenroom-lab:IWorkspace',
  'What all Greenroom panels and editors of the page share.'
);

export class LabTransport implements Transport {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  get scope(): string {
    return new URL(this.settings.baseUrl, location.href).pathname;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const url = URLExt.join(this.settings.baseUrl, 'greenroom/api/v1', path);
    return ServerConnection.makeRequest(url, init, this.settings);
  }
}
