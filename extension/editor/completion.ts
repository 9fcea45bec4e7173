/** Completion from the problem's own names; Python's builtins, keywords and local names come with the language. */

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { Problem } from '../src/api/models';

const NO_COMPLETION = new Set(['String', 'FormatString', 'Comment', 'PropertyName']);

export function problemCompletion(
  names: readonly string[]
): (context: CompletionContext) => CompletionResult | null {
  const options: Completion[] = names.map(label => ({ label, type: 'variable', boost: 2 }));
  return context => {
    const word = context.matchBefore(/[A-Za-z_]\w*/);
    const inside = syntaxTree(context.state).resolveInner(context.pos, -1).name;
    if ((word === null && !context.explicit) || NO_COMPLETION.has(inside)) {
      return null;
    }
    return { from: word?.from ?? context.pos, options, validFor: /^\w*$/ };
  };
}

/** Names that a problem brings: its functions, methods and parameters. */
export function namesOf(problem: Problem): string[] {
  const names = new Set([problem.entry.name]);
  for (const signature of problem.entry.signatures) {
    names.add(signature.name);
    signature.parameters.forEach(parameter => names.add(parameter.name));
  }
  return [...names].filter(name => name !== '' && !name.startsWith('__'));
}
