/** A panel of the main area that is there once: opened by its command, found again after a reload. */

import type { JSX } from 'react';
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { LabIcon } from '@jupyterlab/ui-components';
import { ReactHost } from './ReactHost';

interface Options {
  /** The command that opens it. */
  command: string;
  /** The widget's id. */
  id: string;
  label: string;
  caption: string;
  icon: LabIcon;
  draw: () => JSX.Element;
  rank?: number;
  restorer: ILayoutRestorer | null;
}

export function addMainPanel(app: JupyterFrontEnd, options: Options): void {
  const { command, id, label, caption, icon, draw, rank, restorer } = options;
  const tracker = new WidgetTracker<MainAreaWidget<ReactHost>>({ namespace: id });
  const make = (): MainAreaWidget<ReactHost> => {
    const widget = new MainAreaWidget({ content: new ReactHost(draw) });
    widget.toolbar.hide();
    widget.id = id;
    widget.title.label = label;
    widget.title.icon = icon;
    widget.title.closable = true;
    void tracker.add(widget);
    return widget;
  };
  app.commands.addCommand(command, {
    label,
    caption,
    icon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      const known = tracker.currentWidget;
      const widget = known === null || known.isDisposed ? make() : known;
      if (!widget.isAttached) {
        app.shell.add(widget, 'main', rank === undefined ? {} : { rank });
      }
      app.shell.activateById(widget.id);
    }
  });
  void restorer?.restore(tracker, { command, name: () => id });
}
