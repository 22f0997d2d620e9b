// The page of the laptop's console: asks the front for a dashboard every few seconds and draws it with uPlot, which
// stands in `globalThis` because the page loads it as a file of its own. Whatever is shown comes as text, except the
// texts of widgets, which the front has made of markdown without any HTML of theirs.

import { drawCustomWidget } from './custom-widget.mjs';

const REFRESH_MS = 5000;
const ROW_PX = 40;
const COLOURS = [
  '#1f77b4',
  '#ff7f0e',
  '#2ca02c',
  '#9467bd',
  '#8c564b',
  '#e377c2',
  '#7f7f7f',
  '#bcbd22',
  '#17becf',
];
const LIMIT_COLOUR = '#d62728';

const byId = (id) => document.getElementById(id);
/** What stands on the page now, by its place: its content as JSON, and the plot in it. */
const drawn = new Map();

function element(name, { className = '', text = '', title = '' } = {}, children = []) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  if (title) made.title = title;
  made.append(...children);
  return made;
}

const chosen = () => decodeURIComponent(location.hash.slice(1));

async function ask(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`The front answers ${answer.status}.`);
  return answer.json();
}

/** Limits are lines too, from one edge of the graph to the other. */
function plotData({ limits, lines, times }, from, to) {
  const all = [from, ...times, to];
  return [
    all,
    ...lines.map(({ values }) => [null, ...values, null]),
    ...limits.map(({ value }) => all.map(() => value)),
  ];
}

function plot(widget, { from, to }, holder) {
  const line = (label, stroke, more) => ({ label, stroke, width: 1.5, spanGaps: true, ...more });
  const options = {
    width: Math.max(holder.clientWidth, 100),
    height: Math.max(widget.height * ROW_PX - 90, 90),
    scales: { x: { time: true, range: () => [from, to] }, y: { range: (_, low, high) => yRange(low, high) } },
    axes: [{}, { size: 56 }],
    series: [
      {},
      ...widget.lines.map(({ label }, index) =>
        line(label, COLOURS[index % COLOURS.length], {
          points: { show: true, size: 7, fill: COLOURS[index % COLOURS.length] },
        }),
      ),
      ...widget.limits.map(({ label }) =>
        line(label, LIMIT_COLOUR, { dash: [6, 4], points: { show: false } }),
      ),
    ],
  };
  return new globalThis.uPlot(options, plotData(widget, from, to), holder);
}

/** From zero, unless something lies below it, and with room above the highest value. */
function yRange(low, high) {
  const [bottom, top] = [Math.min(0, low ?? 0), Math.max(0, high ?? 0)];
  return [bottom, top + ((top - bottom) * 0.1 || 1)];
}

function contentOf(widget, dashboard, box) {
  if (widget.type === 'text') {
    box.innerHTML = widget.html;
    for (const link of box.querySelectorAll('a')) link.rel = 'noreferrer';
    return undefined;
  }
  box.append(element('h2', { text: widget.title }));
  if (widget.type === 'custom') {
    drawCustomWidget(widget, box);
    return undefined;
  }
  if (widget.type === 'alarm') {
    const item = ({ name, state, description, reason, series, parts }) =>
      element('li', {
        className: `state-${state.toLowerCase().replaceAll(/[_ ]/g, '-')}`,
        text: `${name}: ${state}${series > 1 ? `, by ${series} series together` : ''}${parts ? `, by ${parts.known} of ${parts.all} parts` : ''}`,
        title: [description, reason].filter(Boolean).join('\n'),
      });
    if (widget.notEvaluated > 0)
      box.append(
        element('p', {
          className: 'notes',
          text: `${widget.notEvaluated} of ${widget.alarms.length} alarms are not evaluated on the laptop.`,
        }),
      );
    box.append(element('ul', { className: 'alarms' }, widget.alarms.map(item)));
    return undefined;
  }
  const notes = widget.type === 'note' ? [widget.note] : widget.notes;
  for (const text of notes) box.append(element('p', { className: 'notes', text }));
  if (widget.type !== 'metric' || widget.lines.length === 0) return undefined;
  const holder = element('div', { className: 'graph' });
  box.append(holder);
  box.dataset.lines = String(widget.lines.length);
  return plot(widget, dashboard, holder);
}

function draw(dashboard) {
  const places = new Set();
  for (const widget of dashboard.widgets) {
    const place = `${widget.x}/${widget.y}`;
    places.add(place);
    const content = JSON.stringify(widget.type === 'metric' ? [dashboard.from, widget] : widget);
    const before = drawn.get(place);
    if (before?.content === content) continue;
    const box = element('section', { className: `widget ${widget.type}` });
    box.style.gridArea = `${widget.y + 1} / ${widget.x + 1} / span ${widget.height} / span ${widget.width}`;
    // Into the page first: a plot is as wide as its place.
    if (before) before.box.replaceWith(box);
    else byId('widgets').append(box);
    before?.plot?.destroy();
    drawn.set(place, { content, box, plot: contentOf(widget, dashboard, box) });
  }
  for (const [place, { box, plot: gone }] of drawn)
    if (!places.has(place)) {
      gone?.destroy();
      box.remove();
      drawn.delete(place);
    }
}

function showNames(names) {
  const links = names.map((name) => {
    const link = element('a', { text: name });
    link.href = `#${encodeURIComponent(name)}`;
    if (name === chosen()) link.setAttribute('aria-current', 'page');
    return link;
  });
  byId('dashboards').replaceChildren(...links);
}

let turn = 0;

async function refresh() {
  const mine = ++turn;
  const status = byId('status');
  try {
    const names = await ask('/console/dashboards.json');
    if (!names.includes(chosen()) && names[0])
      history.replaceState(undefined, '', `#${encodeURIComponent(names[0])}`);
    const minutes = byId('minutes').value;
    const query = minutes ? `?minutes=${minutes}` : '';
    const dashboard =
      names[0] && (await ask(`/console/dashboards/${encodeURIComponent(chosen())}.json${query}`));
    // Another choice was made meanwhile.
    if (mine !== turn) return;
    showNames(names);
    if (dashboard) draw(dashboard);
    status.className = '';
    status.textContent = dashboard
      ? `${dashboard.name}, ${new Date().toLocaleTimeString()}`
      : 'No dashboard is deployed.';
  } catch (error) {
    if (mine !== turn) return;
    status.className = 'failed';
    status.textContent = `Not refreshed: ${error.message} What is shown is old.`;
  }
}

addEventListener('hashchange', () => void refresh());
byId('minutes').addEventListener('change', () => void refresh());
async function keepRefreshing() {
  await refresh();
  setTimeout(() => void keepRefreshing(), REFRESH_MS);
}
await keepRefreshing();
