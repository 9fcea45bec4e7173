/** How time grows with size: the student's points and the reference's, both axes logarithmic. */

import type { JSX } from 'react';
import type { Growth, GrowthPoint } from '../src/api/models';
import { spokenTime } from './verdicts';

const WIDTH = 420;
const HEIGHT = 150;
const PAD = { left: 52, right: 14, top: 10, bottom: 28 };
const FLOOR_MS = 0.01;

interface Scale {
  x: (size: number) => number;
  y: (ms: number) => number;
}

function scaleOf(points: readonly GrowthPoint[]): Scale {
  const sizes = points.map(point => Math.log10(Math.max(1, point.size)));
  const times = points
    .flatMap(point => [point.cpu_ms, point.reference_ms])
    .map(ms => Math.log10(Math.max(FLOOR_MS, ms)));
  const place =
    (low: number, high: number, from: number, to: number) =>
    (value: number): number =>
      high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from);
  const x = place(Math.min(...sizes), Math.max(...sizes), PAD.left, WIDTH - PAD.right);
  const y = place(Math.min(...times), Math.max(...times), HEIGHT - PAD.bottom, PAD.top);
  return {
    x: size => x(Math.log10(Math.max(1, size))),
    y: ms => y(Math.log10(Math.max(FLOOR_MS, ms)))
  };
}

export function GrowthPlot({ growth }: { growth: Growth }): JSX.Element {
  const points = [...growth.points].sort((a, b) => a.size - b.size);
  const first = points[0];
  const last = points[points.length - 1];
  return (
    <figure className="gr-Growth">
      {first !== undefined && last !== undefined && points.length > 1 && (
        <Plot points={points} first={first} last={last} message={growth.message} />
      )}
      <figcaption>
        Running time: {growth.message}
        <span className="gr-Growth-key">
          <i data-line="mine" /> yours <i data-line="reference" /> reference
        </span>
      </figcaption>
    </figure>
  );
}

function Plot({
  points,
  first,
  last,
  message
}: {
  points: GrowthPoint[];
  first: GrowthPoint;
  last: GrowthPoint;
  message: string;
}): JSX.Element {
  const scale = scaleOf(points);
  const line = (pick: (point: GrowthPoint) => number): string =>
    points
      .map(point => `${scale.x(point.size).toFixed(1)},${scale.y(pick(point)).toFixed(1)}`)
      .join(' ');
  const slowest = Math.max(last.cpu_ms, last.reference_ms);
  const fastest = Math.min(first.cpu_ms, first.reference_ms);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Running time by size: ${message}`}
    >
      <path
        className="gr-Growth-axis"
        d={`M${PAD.left},${PAD.top}V${HEIGHT - PAD.bottom}H${WIDTH - PAD.right}`}
      />
      <polyline className="gr-Growth-reference" points={line(point => point.reference_ms)} />
      <polyline className="gr-Growth-mine" points={line(point => point.cpu_ms)} />
      {points.map(point => (
        <circle key={point.size} r="2.6" cx={scale.x(point.size)} cy={scale.y(point.cpu_ms)} />
      ))}
      <text x={PAD.left} y={HEIGHT - 10}>
        n = {first.size}
      </text>
      <text x={WIDTH - PAD.right} y={HEIGHT - 10} textAnchor="end">
        n = {last.size}
      </text>
      <text x={PAD.left - 6} y={scale.y(slowest) + 4} textAnchor="end">
        {spokenTime(slowest)}
      </text>
      <text x={PAD.left - 6} y={scale.y(fastest) + 4} textAnchor="end">
        {spokenTime(fastest)}
      </text>
    </svg>
  );
}
