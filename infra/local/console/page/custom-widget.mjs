// A custom widget as CloudWatch shows it: HTML of its function, in which an element that is followed by `cwdb-action`
// is a button that calls the function again, with the fields of all forms. The page's policy lets no script of it run.

function element(name, text = '') {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  return made;
}

const fieldsOf = (box) =>
  Object.fromEntries(
    [...box.querySelectorAll('form input[name]')].flatMap(({ name, value }) =>
      value ? [[name, value]] : [],
    ),
  );

async function call(widget, ask, forms) {
  const answer = await fetch('/console/widget', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ dashboard: widget.dashboard, endpoint: widget.endpoint, ask, forms }),
  });
  if (!answer.ok) throw new Error(`The front answers ${answer.status}.`);
  return (await answer.json()).html;
}

async function show(widget, box, place, ask) {
  const forms = fieldsOf(box);
  try {
    const html = await call(widget, ask, forms);
    place.innerHTML = html;
  } catch (error) {
    const failed = element('p', `Nothing was shown: ${error.message}`);
    failed.className = 'notes';
    place.replaceChildren(failed);
  }
  connect(widget, box, place);
}

/** Answers that open a window of their own leave what was pasted into the form where it is. */
function inPopup(box, place) {
  const popup = element('dialog');
  const close = element('button', 'Close');
  const content = element('div');
  close.addEventListener('click', () => popup.close());
  popup.addEventListener('close', () => popup.remove());
  popup.append(content, close);
  (place.closest('dialog') ?? box).append(popup);
  popup.showModal();
  return content;
}

function connect(widget, box, place) {
  for (const form of place.querySelectorAll('form'))
    form.addEventListener('submit', (event) => event.preventDefault());
  for (const action of place.querySelectorAll('cwdb-action')) {
    const pressed = action.previousElementSibling;
    if (!pressed) continue;
    pressed.setAttribute('role', 'button');
    pressed.setAttribute('tabindex', '0');
    const ask = JSON.parse(action.textContent);
    action.hidden = true;
    const press = () => {
      const confirmation = action.getAttribute('confirmation');
      if (confirmation && !confirm(confirmation)) return;
      const target = action.getAttribute('display') === 'popup' ? inPopup(box, place) : place;
      target.textContent = '…';
      void show(widget, box, target, ask);
    };
    pressed.addEventListener('click', press);
    pressed.addEventListener('keydown', ({ key }) => key === 'Enter' && press());
  }
}

/** Draws the widget now, and again when somebody asks for it: what stands in its form is lost then. */
export function drawCustomWidget(widget, box) {
  const again = element('button', 'Draw anew');
  again.className = 'again';
  const content = element('div', '…');
  content.className = 'content';
  again.addEventListener('click', () => {
    content.textContent = '…';
    void show(widget, box, content, {});
  });
  box.append(again, content);
  void show(widget, box, content, {});
}
