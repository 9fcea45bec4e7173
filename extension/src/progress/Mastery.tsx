/** Per topic: what is mastered, what is merely solved, and what is left. */

import type { JSX } from 'react';
import { useState } from 'react';
import type { TopicMastery } from '../api/models';
import { Bar } from '../home/Sheets';
import { wordsOfTopic } from '../home/words';

const FEW = 8;

export function Mastery({ topics }: { topics: readonly TopicMastery[] }): JSX.Element {
  const [all, setAll] = useState(false);
  const begun = topics
    .filter(topic => topic.solved + topic.tried > 0)
    .sort((a, b) => b.solved - a.solved || b.mastered - a.mastered);
  const shown = all ? begun : begun.slice(0, FEW);
  return (
    <>
      <table className="gr-Mastery">
        <thead>
          <tr>
            <th scope="col">Topic</th>
            <td />
            <th scope="col">Mastered</th>
            <th scope="col">Solved</th>
            <th scope="col">Of</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(topic => (
            <tr key={topic.topic}>
              <th scope="row">{wordsOfTopic(topic.topic)}</th>
              <td className="gr-Mastery-bar">
                <Bar solved={topic.solved} mastered={topic.mastered} total={topic.total} />
              </td>
              <td>{topic.mastered}</td>
              <td>{topic.solved}</td>
              <td>{topic.total}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="gr-Key">
        <span>
          <i data-part="mastered" /> mastered
        </span>
        <span>
          <i data-part="solved" /> solved
        </span>
        {begun.length > FEW && (
          <button
            type="button"
            className="gr-Link"
            aria-expanded={all}
            onClick={() => {
              setAll(!all);
            }}
          >
            {all ? 'Show fewer topics' : `Show all ${begun.length} topics`}
          </button>
        )}
      </p>
    </>
  );
}
