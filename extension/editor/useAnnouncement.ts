/** Text for a live region; the same words twice are spoken twice. */

import { useCallback, useState } from 'react';

export function useAnnouncement(): [string, (text: string) => void] {
  const [text, setText] = useState('');
  const announce = useCallback((next: string) => {
    // A trailing no-break space makes a repeated sentence a change.
    setText(before => (before === next ? `${next}\u00a0` : next));
  }, []);
  return [text, announce];
}
