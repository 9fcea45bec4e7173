/** Numbers of the progress panel. Pure. */

import type { RetentionMonth, Solve } from '../api/models';

export interface Bucket {
  label: string;
  count: number;
}

const MOST = 5;

/** How many problems took how many failed attempts before they were accepted: 0, 1, … , 5 or more. */
export function attemptsBefore(solves: readonly Pick<Solve, 'attempts'>[]): Bucket[] {
  const buckets = Array.from({ length: MOST + 1 }, (_, index) => ({
    label: index === MOST ? `${MOST}+` : String(index),
    count: 0
  }));
  for (const { attempts } of solves) {
    const bucket = buckets[Math.min(MOST, attempts)];
    if (bucket !== undefined) {
      bucket.count += 1;
    }
  }
  return buckets;
}

/** The middle value; the mean of the two middle ones of an even number; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}

/** At each place the median of the last `width` values up to it. */
export function runningMedian(values: readonly number[], width: number): number[] {
  return values.map((_, index) => median(values.slice(Math.max(0, index + 1 - width), index + 1)));
}

export interface Trend {
  /** Median minutes of the first and of the last third of the problems solved. */
  before: number;
  now: number;
}

/** How the time to solve has changed; null while there is too little to say so. */
export function trendOf(minutes: readonly number[]): Trend | null {
  const third = Math.floor(minutes.length / 3);
  return third < 2
    ? null
    : { before: median(minutes.slice(0, third)), now: median(minutes.slice(-third)) };
}

/** Of all reviews: how many were remembered, and how many were expected to be. Shares from 0 to 1; null without reviews. */
export function retained(
  months: readonly RetentionMonth[]
): { reviews: number; remembered: number; predicted: number } | null {
  const reviews = months.reduce((sum, month) => sum + month.reviews, 0);
  if (reviews === 0) {
    return null;
  }
  const weighted = months.reduce((sum, month) => sum + month.predicted * month.reviews, 0);
  return {
    reviews,
    remembered: months.reduce((sum, month) => sum + month.remembered, 0) / reviews,
    predicted: weighted / reviews
  };
}

/** `<1 min`, `12 min`, `1 h 5 min`. */
export function spokenMinutes(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 1) {
    return '<1 min';
  }
  const hours = Math.floor(whole / 60);
  return hours === 0 ? `${whole} min` : `${hours} h ${whole % 60} min`;
}

/** Marks of a logarithmic axis of minutes that spans what is shown. */
export function minuteMarks(most: number): number[] {
  return [1, 5, 15, 30, 60, 120, 240, 480].filter((mark, index) => index < 2 || mark <= most * 1.4);
}
