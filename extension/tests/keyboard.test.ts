import { beforeAll, beforeEach, expect, it } from 'vitest';
import { keepKeyboard } from '../src/practice/keyboard';

let code: HTMLElement;
let run: HTMLElement;
let ok: HTMLElement;

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) {
    throw new Error(`nothing is ${selector}`);
  }
  return found;
}

/** A dialog as JupyterLab has it: it takes the keyboard, and takes it back whenever it goes elsewhere. */
function openDialog(): void {
  document.body.insertAdjacentHTML('beforeend', '<div class="jp-Dialog"><button>Ok</button></div>');
  ok = find('.jp-Dialog button');
  ok.focus();
}

beforeAll(() => {
  document.addEventListener(
    'focus',
    event => {
      const dialog = document.querySelector('.jp-Dialog');
      if (dialog !== null && !dialog.contains(event.target as Node)) {
        ok.focus();
      }
    },
    true
  );
  keepKeyboard();
});

beforeEach(() => {
  document.body.innerHTML =
    '<div class="gr-Editor"><div class="cm-content" tabindex="0"></div><button>Run</button></div>';
  code = find('.cm-content');
  run = find('.gr-Editor button');
});

it('leaves the keyboard in the code when a dialog opens by itself, until the student leaves', () => {
  code.focus();
  openDialog();
  expect(document.activeElement).toBe(code);
  code.blur();
  code.focus();
  expect(document.activeElement).toBe(code);
  run.focus();
  expect(document.activeElement).toBe(ok);
});

it('gives it to a dialog that opens while something else has it', () => {
  run.focus();
  openDialog();
  expect(document.activeElement).toBe(ok);
});

it('gives it to a dialog that a chord of keys asked for', () => {
  code.focus();
  code.dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, bubbles: true }));
  openDialog();
  expect(document.activeElement).toBe(ok);
});

it('keeps it with whoever types on after a chord of keys', () => {
  code.focus();
  code.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true }));
  code.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', bubbles: true }));
  openDialog();
  expect(document.activeElement).toBe(code);
});
