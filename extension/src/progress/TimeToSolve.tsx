/** Each solved problem by the time that it took, in order, and the running median. */

import type { JSX } from 'react';
import type { Solve } from '../api/models';
import { wordsOfLevel } from '../home/words';
import { minuteMarks, runningMedian, spokenMinutes, trendOf } from './figures';

const WIDTH = 760;
const HEIGHT = 210;
const PAD = { left: 56, right: 12, top: 12, bottom: 12 };
const FLOOR = 0.5;
const SPAN = 7;
/** More would be one blot; the median is of all of them. */
const SHOWN = 200;

export function TimeToSolve({ solves }: { solves: readonly Solve[] }): JSX.Element {
  const trend = trendOf(solves.map(solve => solve.minutes));
  return (
    <>
      <p className="gr-Figure-lead">
        {trend === null ? (
          <span className="gr-Quiet">
            After a few more problems this shows whether you become quicker.
          </span>
        ) : (
          <>
            <b>{spokenMinutes(trend.now)}</b>
            <span className="gr-Quiet">
              {' '}
              at the median lately, {spokenMinutes(trend.before)} at first
            </span>
          </>
        )}
      </p>
      <Plot solves={solves} />
      <p className="gr-Key">
        {(['easy', 'medium', 'hard'] as const).map(level => (
          <span key={level}>
            <svg viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true">
              <Dot level={level} x={0} y={0} />
            </svg>{' '}
            {wordsOfLevel(level)}
          </span>
        ))}
        <span>
          <i data-part="line" /> running median
        </span>
      </p>
    </>
  );
}

function Plot({ solves }: { solves: readonly Solve[] }): JSX.Element {
  const minutes = solves.map(solve => solve.minutes);
  const medians = runningMedian(minutes, SPAN).slice(-SHOWN);
  const shown = solves.slice(-SHOWN);
  const top = Math.max(10, ...shown.map(solve => solve.minutes)) * 1.1;
  const x = (index: number): number =>
    PAD.left + ((index + 0.5) / shown.length) * (WIDTH - PAD.left - PAD.right);
  const y = (value: number): number => {
    const share = Math.log(Math.max(FLOOR, value) / FLOOR) / Math.log(top / FLOOR);
    return HEIGHT - PAD.bottom - share * (HEIGHT - PAD.top - PAD.bottom);
  };
  return (
    <svg
      className="gr-Plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Minutes to solve each of the last ${shown.length} problems, oldest at the left`}
    >
      {minuteMarks(top)
        .filter(mark => mark <= top)
        .map(mark => (
          <g key={mark}>
            <path className="gr-Plot-grid" d={`M${PAD.left},${y(mark)}H${WIDTH - PAD.right}`} />
            <text x={PAD.left - 8} y={y(mark) + 4} textAnchor="end">
              {spokenMinutes(mark)}
            </text>
          </g>
        ))}
      {shown.length > 1 && (
        <polyline
          className="gr-Plot-line"
          points={medians.map((value, index) => `${x(index)},${y(value)}`).join(' ')}
        />
      )}
      {shown.map((solve, index) => (
        <g key={solve.problem_id}>
          <title>{`${solve.title}: ${spokenMinutes(solve.minutes)}, ${solve.solved_on}`}</title>
          <Dot level={solve.difficulty} x={x(index)} y={y(solve.minutes)} />
        </g>
      ))}
    </svg>
  );
}

/** Difficulty by shape as well as by colour. */
function Dot({ level, x, y }: { level: Solve['difficulty']; x: number; y: number }): JSX.Element {
  switch (level) {
    case 'easy':
      return <circle className="gr-Plot-mark" data-level={level} cx={x} cy={y} r="4" />;
    case 'medium':
      return (
        <rect
          className="gr-Plot-mark"
          data-level={level}
          x={x - 3.6}
          y={y - 3.6}
          width="7.2"
          height="7.2"
        />
      );
    default:
      return (
        <path
          className="gr-Plot-mark"
          data-level={level}
          d={`M${x},${y - 5}L${x + 4.8},${y + 4}H${x - 4.8}Z`}
        />
      );
  }
}
