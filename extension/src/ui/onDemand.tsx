/** Parts of a panel that are loaded when they are first shown, so that JupyterLab opens no slower for them. */

import type { ComponentType, JSX } from 'react';
import { Component, lazy, Suspense } from 'react';
import { Skeleton } from '../../editor/states';

interface Trouble {
  failed: boolean;
}

/** A part may fail to load when the server was updated, or is away, while the page stood open. */
class Boundary extends Component<{ children: JSX.Element }, Trouble> {
  override state: Trouble = { failed: false };

  static getDerivedStateFromError(): Trouble {
    return { failed: true };
  }

  override render(): JSX.Element {
    if (!this.state.failed) {
      return this.props.children;
    }
    return (
      <div className="gr-Notice" data-tone="warn" role="alert">
        <p>
          This part of Greenroom did not load. Your drafts are kept; reload the page when the
          connection is back.
        </p>
        <button
          type="button"
          className="gr-Button"
          onClick={() => {
            location.reload();
          }}
        >
          Reload
        </button>
      </div>
    );
  }
}

/** Wrap a component of another chunk: a skeleton stands in its place until it is there. */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  lines: number
): (props: Props) => JSX.Element {
  const Part = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>;
  return function OnDemand(props: Props) {
    return (
      <Boundary>
        <Suspense
          fallback={
            <div className="gr-Waiting">
              <Skeleton lines={lines} />
            </div>
          }
        >
          <Part {...props} />
        </Suspense>
      </Boundary>
    );
  };
}
