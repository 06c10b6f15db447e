/**
 * The buttons above a time line.
 */
import type { TimelineView } from './timeline-view.ts';

export function toolbar(view: TimelineView): HTMLElement {
  const bar = document.createElement('div');
  bar.className = 'timeline-tools';
  const add = (label: string, title: string, act: () => void): HTMLButtonElement => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.title = title;
    button.addEventListener('click', act);
    bar.append(button);
    return button;
  };
  add('+', 'Zoom in', () => view.zoom(0.5)).setAttribute('aria-label', 'Zoom in');
  add('−', 'Zoom out', () => view.zoom(2)).setAttribute('aria-label', 'Zoom out');
  add('Whole attempt', 'Show everything', () => view.showAll());
  const axis = add('True to time', 'Draw silences as long as they were', () => {
    view.setAxis(view.axis === 'story' ? 'linear' : 'story');
    axis.setAttribute('aria-pressed', String(view.axis === 'linear'));
  });
  axis.setAttribute('aria-pressed', 'false');
  return bar;
}
