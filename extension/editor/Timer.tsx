/** A quiet stopwatch that can be hidden. */

import type { JSX } from 'react';
import { useEffect, useMemo, useState } from 'react';
import { Clock, hideTimer, spokenClock, timerHidden } from './clock';

interface Props {
  scope: string;
  problem: string;
  /** Stopped once the problem is accepted. */
  running: boolean;
}

export function Timer({ scope, problem, running }: Props): JSX.Element {
  const clock = useMemo(() => new Clock(scope, problem), [scope, problem]);
  const [elapsed, setElapsed] = useState(() => clock.elapsed);
  const [hidden, setHidden] = useState(timerHidden);
  useEffect(() => {
    if (!running) {
      return;
    }
    let last = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      if (document.visibilityState === 'visible') {
        clock.add(now - last);
        setElapsed(clock.elapsed);
      }
      last = now;
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [clock, running]);
  const toggle = (): void => {
    hideTimer(!hidden);
    setHidden(!hidden);
  };
  return (
    <span className="gr-Timer">
      <button
        type="button"
        className="gr-Link"
        aria-pressed={!hidden}
        aria-label={hidden ? 'Show the timer' : `Hide the timer, ${spokenClock(elapsed)}`}
        title={hidden ? 'Show the time on this problem' : 'Time on this problem; click to hide it'}
        onClick={toggle}
      >
        {hidden ? 'Timer' : spokenClock(elapsed)}
      </button>
      {!hidden && (
        <button
          type="button"
          className="gr-Link"
          aria-label="Restart the timer"
          title="Restart the timer"
          onClick={() => {
            clock.restart();
            setElapsed(0);
          }}
        >
          ↺
        </button>
      )}
    </span>
  );
}
