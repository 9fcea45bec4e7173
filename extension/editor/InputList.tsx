/** The inputs that Run tries: the examples to begin with, and the student's own. */

import type { JSX } from 'react';
import type { Problem } from '../src/api/models';
import type { RunInput } from './inputs';
import { exampleInputs } from './inputs';

const MOST = 20;

interface Props {
  problem: Problem;
  inputs: readonly RunInput[];
  onChange: (inputs: RunInput[]) => void;
}

export function InputList({ problem, inputs, onChange }: Props): JSX.Element {
  const name = problem.kind === 'function' ? problem.entry.name : '';
  const add = (): void => {
    const id = Math.max(-1, ...inputs.map(input => input.id)) + 1;
    onChange([...inputs, { id, text: inputs[inputs.length - 1]?.text ?? '' }]);
  };
  return (
    <div className="gr-Inputs">
      {inputs.map((input, index) => (
        <div className="gr-Input" key={input.id}>
          <span className="gr-Input-name" aria-hidden="true">
            {name === '' ? `${index + 1}` : `${name}(`}
          </span>
          <textarea
            rows={Math.min(4, input.text.split('\n').length)}
            spellCheck={false}
            aria-label={`Input ${index + 1}: ${name === '' ? 'calls' : `arguments of ${name}`}`}
            value={input.text}
            onChange={event => {
              const { value } = event.target;
              onChange(inputs.map(one => (one.id === input.id ? { ...one, text: value } : one)));
            }}
          />
          {name !== '' && (
            <span className="gr-Input-name" aria-hidden="true">
              )
            </span>
          )}
          <button
            type="button"
            className="gr-IconButton"
            aria-label={`Remove input ${index + 1}`}
            title="Remove this input"
            onClick={() => {
              onChange(inputs.filter(one => one.id !== input.id));
            }}
          >
            ×
          </button>
        </div>
      ))}
      <div className="gr-Inputs-foot">
        <button type="button" className="gr-Button" disabled={inputs.length >= MOST} onClick={add}>
          Add an input
        </button>
        <button
          type="button"
          className="gr-Button gr-Button-quiet"
          onClick={() => {
            onChange(exampleInputs(problem));
          }}
        >
          Back to the examples
        </button>
        <span className="gr-Quiet">The reference answers your own inputs too.</span>
      </div>
    </div>
  );
}
