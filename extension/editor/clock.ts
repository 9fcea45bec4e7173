/** Time spent on a problem, as this browser counts it. */

const HIDDEN_KEY = 'greenroom-timer-hidden';

/** `7:05`, `1:02:09`. */
export function spokenClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** One problem's stopwatch: it survives a reload, and time away from the page does not count. */
export class Clock {
  private readonly key: string;

  constructor(scope: string, problem: string) {
    this.key = `greenroom-time|${scope}|${problem}`;
  }

  get elapsed(): number {
    const kept = Number(read(this.key));
    return Number.isFinite(kept) && kept > 0 ? kept : 0;
  }

  add(ms: number): void {
    // A laptop that slept adds hours to one tick.
    if (ms > 0 && ms < 10_000) {
      write(this.key, String(this.elapsed + ms));
    }
  }

  restart(): void {
    write(this.key, '0');
  }
}

export function timerHidden(): boolean {
  return read(HIDDEN_KEY) === 'yes';
}

export function hideTimer(hidden: boolean): void {
  write(HIDDEN_KEY, hidden ? 'yes' : 'no');
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the time begins anew with each page.
  }
}
