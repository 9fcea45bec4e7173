/** The service as any page of the student's server reaches it, without JupyterLab's help. */

import type { Transport } from './transport';

export class PageTransport implements Transport {
  readonly scope: string;

  constructor(private readonly baseUrl: string) {
    this.scope = new URL(baseUrl, location.href).pathname;
  }

  /**
   * Where the student's server is: the page says so (JupyterLab, Notebook 7, Voila), else the kernel did, else the address does.
   */
  static find(fromKernel: string): string {
    const config = document.getElementById('jupyter-config-data')?.textContent;
    if (config) {
      try {
        const { baseUrl } = JSON.parse(config) as { baseUrl?: string };
        if (baseUrl) {
          return baseUrl;
        }
      } catch {
        // Not Jupyter's; go on.
      }
    }
    if (document.body.dataset['baseUrl']) {
      return document.body.dataset['baseUrl'];
    }
    return fromKernel !== ''
      ? fromKernel
      : (/^\/user\/[^/]+\//.exec(location.pathname)?.[0] ?? '/');
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const token = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1];
    if (token !== undefined) {
      headers.set('X-XSRFToken', decodeURIComponent(token));
    }
    const base = this.baseUrl.replace(/\/*$/, '/');
    return fetch(`${base}greenroom/api/v1/${path}`, {
      ...init,
      headers,
      credentials: 'same-origin',
      cache: 'no-store'
    });
  }
}
