/**
 * A Lumino widget that shows a React tree. Unlike JupyterLab's ReactWidget the tree lives until the widget is disposed: a notebook
 * detaches cells that scroll out of sight, and an editor must not lose its cursor or its undo history for that.
 */

import type { JSX } from 'react';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';

export class ReactHost extends Widget {
  private root: Root | null = null;

  constructor(private readonly draw: () => JSX.Element) {
    super();
  }

  protected override onBeforeAttach(message: Message): void {
    super.onBeforeAttach(message);
    if (this.root === null) {
      this.root = createRoot(this.node);
      this.root.render(this.draw());
    }
  }

  /** Draw again, after something that `draw` reads has changed. */
  redraw(): void {
    this.root?.render(this.draw());
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    const { root } = this;
    this.root = null;
    // React refuses to unmount while it renders; Lumino may dispose from within a click.
    queueMicrotask(() => root?.unmount());
    super.dispose();
  }
}
