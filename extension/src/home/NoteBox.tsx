/** A private note about one problem, in place. */

import type { JSX } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { StudyClient } from '../api/study';
import type { Note } from '../api/models';
import { Loaded } from '../ui/Loaded';
import type { NoteState } from './notekeeper';
import { NoteKeeper } from './notekeeper';

interface Props {
  study: StudyClient;
  problem: { id: string; title: string };
  /** Whether there is a note already, as far as this page knows. */
  written: boolean;
  onClose: () => void;
}

/** Saves that are under way of boxes that were closed; a box that is opened again waits for them. */
const leaving = new Map<string, Promise<void>>();

export function NoteBox(props: Props): JSX.Element {
  const { study, problem, written } = props;
  // Nobody waits for an empty note: what is typed first is not to be lost. If there is one after all, the save says so.
  const [blank] = useState(!written && !leaving.has(problem.id));
  const note = useQuery({
    queryKey: ['note', problem.id],
    queryFn: async () => {
      await leaving.get(problem.id);
      return study.note(problem.id);
    },
    ...(blank ? { initialData: noNote(problem.id) } : {}),
    // What stands in the box is not to change under the cursor; a save that comes second is refused and says so.
    staleTime: Infinity,
    gcTime: 0
  });
  return (
    <div className="gr-Note">
      <Loaded query={note} lines={2}>
        {stored => <Box {...props} stored={stored} />}
      </Loaded>
    </div>
  );
}

function noNote(problem: string): Note {
  return { problem_id: problem, text: '', version: 0, saved_at: null };
}

function Box({ study, problem, stored, onClose }: Props & { stored: Note }): JSX.Element {
  const queries = useQueryClient();
  const [keeper] = useState(
    () =>
      new NoteKeeper(stored, async (text, base) => {
        const saved = await study.writeNote(problem.id, text, base);
        queries.setQueryData<Set<string>>(['noted'], before => {
          const after = new Set(before);
          return text.trim() === '' ? (after.delete(problem.id), after) : after.add(problem.id);
        });
        return saved;
      })
  );
  const state = useSyncExternalStore(keeper.store.subscribe, keeper.store.get);
  useEffect(() => {
    const flush = (): void => void keeper.flush();
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      const saved = keeper.flush().finally(() => leaving.delete(problem.id));
      leaving.set(problem.id, saved);
    };
  }, [keeper, problem.id]);
  return (
    <>
      <textarea
        className="gr-Field-input gr-Note-text"
        aria-label={`Your note on ${problem.title}`}
        placeholder="What to remember about this problem. Only you can read it."
        rows={3}
        maxLength={20_000}
        value={state.text}
        onChange={event => {
          keeper.type(event.target.value);
        }}
        onBlur={() => void keeper.flush()}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          }
        }}
        // The note was asked for just now, so this is where the keyboard belongs.
        ref={focusFirst}
      />
      {state.save === 'conflict' ? (
        <div className="gr-Notice" data-tone="warn" role="alert">
          <p>
            This note was changed in another tab, which saved: “{state.theirs?.text.slice(0, 200)}”
          </p>
          <button type="button" className="gr-Button" onClick={() => void keeper.resolve('mine')}>
            Keep this one
          </button>
          <button type="button" className="gr-Button" onClick={() => void keeper.resolve('theirs')}>
            Take the other
          </button>
        </div>
      ) : (
        <span className="gr-Quiet" role="status" data-save={state.save}>
          {spokenSave(state)}
        </span>
      )}
    </>
  );
}

function focusFirst(node: HTMLTextAreaElement | null): void {
  node?.focus({ preventScroll: true });
  node?.setSelectionRange(node.value.length, node.value.length);
}

function spokenSave({ save, text, detail }: NoteState): string {
  switch (save) {
    case 'saved':
      return text === '' ? 'Private: only you can read it.' : 'Saved. Only you can read it.';
    case 'failed':
      return `Not saved yet. ${detail}`;
    default:
      return 'Saving…';
  }
}
