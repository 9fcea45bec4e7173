/** Two texts beside each other, what differs marked. */

import type { JSX } from 'react';
import { python } from '@codemirror/lang-python';
import { MergeView } from '@codemirror/merge';
import type { Extension } from '@codemirror/state';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { appearance } from './highlight';

interface Side {
  name: string;
  code: string;
}

export function DiffView({ left, right }: { left: Side; right: Side }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) {
      return;
    }
    const extensions = (name: string): Extension => [
      python(),
      lineNumbers(),
      appearance,
      EditorState.readOnly.of(true),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': name })
    ];
    const view = new MergeView({
      parent: host.current,
      a: { doc: left.code, extensions: extensions(left.name) },
      b: { doc: right.code, extensions: extensions(right.name) },
      collapseUnchanged: { margin: 3, minSize: 6 }
    });
    return () => {
      view.destroy();
    };
  }, [left.code, left.name, right.code, right.name]);
  return (
    <div className="gr-Diff">
      <div className="gr-Diff-names">
        <span>{left.name}</span>
        <span>{right.name}</span>
      </div>
      <div ref={host} />
    </div>
  );
}
