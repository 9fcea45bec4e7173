/**
 * Keeps the keyboard with whoever types in an editor when JupyterLab opens a dialog that they did not ask for (a kernel has died,
 * a file cannot be saved): a dialog takes the keyboard, and what is typed on is lost, or answers it. It stays open beside the
 * typing until it is clicked, or reached by Escape and Tab.
 */

/** A dialog this soon after a click or a chord of keys, with nothing typed since, was asked for by it. */
const ASKED_MS = 2000;

export function keepKeyboard(): void {
  let gesture = -Infinity;
  let held: Element | null = null;
  const noteKey = (event: KeyboardEvent): void => {
    const chord = event.ctrlKey || event.metaKey || event.altKey;
    gesture = chord ? event.timeStamp : -Infinity;
  };
  const notePointer = (event: Event): void => {
    gesture = event.timeStamp;
  };
  const onFocus = (event: FocusEvent): void => {
    const [to, from] = [event.target, event.relatedTarget];
    if (!(to instanceof HTMLElement)) {
      return;
    }
    const dialog = to.closest('.jp-Dialog');
    if (dialog !== null && from instanceof HTMLElement && inCode(from)) {
      const holding = dialog === held;
      if (!holding && event.timeStamp - gesture > ASKED_MS) {
        held = dialog;
        event.stopImmediatePropagation();
        from.focus({ preventScroll: true });
      }
    } else if (held?.isConnected === true && inCode(to)) {
      // Not for the dialog, which would take the keyboard back.
      event.stopImmediatePropagation();
    }
  };
  window.addEventListener('keydown', noteKey, true);
  window.addEventListener('pointerdown', notePointer, true);
  window.addEventListener('focus', onFocus, true);
}

function inCode(node: HTMLElement): boolean {
  return node.closest('.gr-Editor .cm-content') !== null;
}
