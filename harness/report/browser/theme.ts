/**
 * Light, dark, or as the system says. Kept by the page as long as it is open: nothing is stored anywhere.
 */

/** A button that goes from one to the other; `changed` is told after each change. */
export function themeButton(changed: () => void): HTMLButtonElement {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const button = document.createElement('button');
  button.type = 'button';
  const dark = (): boolean => (root.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = (): void => {
    button.textContent = dark() ? 'Light' : 'Dark';
    button.title = dark() ? 'Use light colours' : 'Use dark colours';
    changed();
  };
  button.addEventListener('click', () => {
    root.dataset['theme'] = dark() ? 'light' : 'dark';
    show();
  });
  system.addEventListener('change', show);
  show();
  return button;
}
