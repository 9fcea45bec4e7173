/** Colours of the editor: JupyterLab's own CSS variables, so that every theme, light or dark, is followed. */

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags as t } from '@lezer/highlight';

const token = (name: string): string => `var(--jp-mirror-editor-${name}-color)`;

const style = HighlightStyle.define([
  {
    tag: [t.keyword, t.controlKeyword, t.definitionKeyword],
    color: token('keyword'),
    fontWeight: '600'
  },
  { tag: [t.operatorKeyword, t.moduleKeyword], color: token('keyword'), fontWeight: '600' },
  { tag: [t.atom, t.bool, t.null], color: token('atom') },
  { tag: t.number, color: token('number') },
  {
    tag: [t.definition(t.function(t.variableName)), t.definition(t.className)],
    color: token('def')
  },
  { tag: t.standard(t.variableName), color: token('builtin') },
  { tag: t.variableName, color: token('variable') },
  { tag: t.propertyName, color: token('property') },
  { tag: t.operator, color: token('operator') },
  { tag: t.comment, color: token('comment'), fontStyle: 'italic' },
  { tag: [t.string, t.special(t.string)], color: token('string') },
  { tag: t.meta, color: token('meta') },
  { tag: t.invalid, color: token('error') }
]);

const chrome = EditorView.theme({
  '&': {
    color: 'var(--jp-content-font-color0)',
    backgroundColor: 'var(--jp-cell-editor-background, var(--jp-layout-color1))',
    fontSize: 'var(--jp-code-font-size)'
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--jp-code-font-family)',
    lineHeight: 'var(--jp-code-line-height)'
  },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--jp-editor-cursor-color)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-cursor, .cm-dropCursor': { borderLeft: '1.4px solid var(--jp-editor-cursor-color)' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--jp-ui-font-color3)',
    border: 'none'
  },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px', padding: '0 4px 0 10px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': {
    backgroundColor: 'color-mix(in srgb, var(--jp-layout-color3) 22%, transparent)'
  },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--jp-ui-font-color1)' },
  '.cm-selectionBackground': { backgroundColor: 'var(--jp-editor-selected-background)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--jp-editor-selected-focused-background)'
  },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--jp-brand-color1) 22%, transparent)',
    color: 'inherit',
    outline: 'none'
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--jp-layout-color1)',
    border: '1px solid var(--jp-border-color1)',
    borderRadius: '3px',
    boxShadow: 'var(--jp-elevation-z4)',
    color: 'var(--jp-ui-font-color1)'
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--jp-code-font-family)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--jp-brand-color1)',
    color: 'var(--jp-ui-inverse-font-color1)'
  },
  '.cm-panels': {
    backgroundColor: 'var(--jp-layout-color2)',
    color: 'var(--jp-ui-font-color1)',
    borderColor: 'var(--jp-border-color2)'
  },
  '.cm-placeholder': { color: 'var(--jp-ui-font-color3)' }
});

export const appearance: Extension = [chrome, syntaxHighlighting(style)];
