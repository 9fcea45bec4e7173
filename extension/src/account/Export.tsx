/** A copy of everything, with one click. */

import type { JSX } from 'react';
import { useMutation } from '@tanstack/react-query';
import { spokenError } from '../../editor/transport';
import type { StudyClient } from '../api/study';

export function Export({ study }: { study: StudyClient }): JSX.Element {
  const make = useMutation({
    mutationFn: () => study.export(),
    onSuccess: ({ name, data }) => {
      save(name, data);
    }
  });
  return (
    <>
      <div>
        <button
          type="button"
          className="gr-Button"
          disabled={make.isPending}
          onClick={() => {
            make.mutate();
          }}
        >
          Download my data
        </button>
      </div>
      <div role="status">
        {make.isPending && (
          <p>
            <progress aria-label="Collecting your data" /> Collecting your data…
          </p>
        )}
        {make.isSuccess && <p className="gr-Quiet">{make.data.name} is downloaded.</p>}
        {make.isError && <p>Not downloaded. {spokenError(make.error)}</p>}
      </div>
    </>
  );
}

/** Hand a file to the browser's downloads. */
function save(name: string, data: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  // Not at once: the browser reads it after the click has returned.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}
