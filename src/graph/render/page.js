'use strict';
// The page walks through a picture that is drawn already: it moves the camera, folds boxes, and shows what intent says.
// All text that comes from intent is set as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const SVG = 'http://www.w3.org/2000/svg';
  const FOLDED = 56;
  const MANY = 80;
  const $ = (id) => document.getElementById(id);
  const stage = $('stage'), page = $('page'), search = $('search'), hits = $('hits');
  function element(tag, options = {}, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(options)) {
      if (key === 'text') made.textContent = value;
      else if (key === 'click') made.addEventListener('click', value);
      else made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  const plural = (count, noun) => `${count || 'no'} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;

  // One environment: its data, its drawing, and what is folded and chosen in it.
  function makeView(environment, at) {
    const svg = stage.querySelector(`svg[data-environment="${at}"]`);
    const made = {
      environment, svg, camera: svg.querySelector('.camera'), x: 0, y: 0, scale: 1, chosen: null,
      boxes: environment.boxes.map((box, home) => ({ ...box, home, folded: false, group: svg.querySelector(`[data-home="${home}"]`) })),
      cards: environment.nodes.map((node, id) => ({ ...node, id, group: svg.querySelector(`[data-node="${id}"]`) })),
      lines: environment.edges.map(() => []), between: [], isFitted: false,
    };
    for (const path of svg.querySelectorAll('[data-edge]')) {
      made.lines[Number(path.dataset.edge)].push(path);
      if (path.closest('.between')) made.between[Number(path.dataset.edge)] = path;
    }
    for (const card of made.cards) {
      const incoming = environment.edges.filter((edge) => edge.to === card.id).length;
      const outgoing = environment.edges.filter((edge) => edge.from === card.id).length;
      const said = `${card.kind} ${card.name} in ${made.boxes[card.box].name}, ${incoming} in, ${outgoing} out`;
      operable(card.group, said, () => choose(card.id, true));
    }
    for (const box of made.boxes) {
      box.count = made.cards.filter((card) => card.box === box.home).length;
      box.title = box.group.querySelector('.title');
      operable(box.title, `${box.name}, ${plural(box.count, 'member')}`, () => fold(made, [box], !box.folded));
      box.title.setAttribute('aria-expanded', 'true');
      box.note = document.createElementNS(SVG, 'text');
      box.note.setAttribute('class', 'count');
      box.note.setAttribute('x', '16');
      box.note.setAttribute('y', '42');
    }
    if (made.cards.length > MANY) fold(made, foldable(made), true);
    return made;
  }

  function operable(group, said, act) {
    group.setAttribute('role', 'button');
    group.setAttribute('tabindex', '-1');
    group.setAttribute('aria-label', said);
    group.act = act;
  }

  // ---- folding: rows keep their boxes, and what stands in them closes up

  function fold(of, boxes, folded) {
    for (const box of boxes) {
      if (box.folded === folded) continue;
      box.folded = folded;
      box.group.classList.toggle('folded', folded);
      box.title.setAttribute('aria-expanded', String(!folded));
      box.note.textContent = plural(box.count, 'member');
      if (folded) box.title.append(box.note); else box.note.remove();
      const grip = box.title.querySelector('.grip');
      grip.setAttribute('width', folded ? sizeOf(box)[0] - 12 : Math.min(260, box.size[0] - 12));
      grip.setAttribute('height', folded ? FOLDED - 10 : 24);
    }
    place(of);
    foldButton(of);
  }

  const foldable = (of) => of.boxes.filter((box) => box.count > 1);

  function foldButton(of) {
    $('fold').textContent = foldable(of).some((box) => !box.folded) ? 'Fold all' : 'Unfold all';
  }

  const sizeOf = (box) => (box.folded ? [Math.max(150, box.name.length * 9 + 110), FOLDED] : box.size);

  function place(of) {
    const rows = [];
    for (const box of of.boxes) (rows[box.row] ||= []).push(box);
    for (const row of rows) row.sort((a, b) => a.at[0] - b.at[0] || a.home - b.home);
    const widthOf = (row) => row.reduce((sum, box) => sum + sizeOf(box)[0] + data.boxGap, -data.boxGap);
    of.size = [Math.max(1, ...rows.map(widthOf)), 0];
    let y = 0;
    for (const row of rows) {
      let x = (of.size[0] - widthOf(row)) / 2;
      for (const box of row) {
        const [width, height] = sizeOf(box);
        box.now = [x, y];
        box.group.setAttribute('transform', `translate(${x} ${y})`);
        const frame = box.group.querySelector('.frame');
        frame.setAttribute('width', width);
        frame.setAttribute('height', height);
        x += width + data.boxGap;
      }
      y += Math.max(...row.map((box) => sizeOf(box)[1])) + data.rowGap;
    }
    of.size[1] = Math.max(1, y - data.rowGap);
    curves(of);
  }

  // The parts of edges between boxes. Between two folded boxes there is one, as thick as it is many.
  function curves(of) {
    const bundles = new Map();
    of.environment.edges.forEach((edge, at) => {
      if (!edge.ports) return;
      const [a, b] = [of.boxes[of.cards[edge.from].box], of.boxes[of.cards[edge.to].box]];
      const below = [edge.ports[1] > 0, edge.ports[3] > 0];
      const end = (box, x, y, isBelow) => {
        const [width, height] = sizeOf(box);
        return box.folded ? [box.now[0] + width / 2, box.now[1] + (isBelow ? height : 0)] : [box.now[0] + x, box.now[1] + y];
      };
      const from = end(a, edge.ports[0], edge.ports[1], below[0]), to = end(b, edge.ports[2], edge.ports[3], below[1]);
      const reach = Math.min(160, Math.max(data.rowGap / 2, Math.abs(to[1] - from[1]) / 2));
      const path = of.between[at];
      path.setAttribute('d', `M${from}C${from[0]} ${from[1] + (below[0] ? reach : -reach)} ${to[0]} ${to[1] + (below[1] ? reach : -reach)} ${to}`);
      path.style.display = '';
      path.style.strokeWidth = '';
      if (!a.folded || !b.folded) return;
      const key = `${a.home} ${b.home} ${path.getAttribute('class').split(' ')[1]}`;
      const bundle = bundles.get(key);
      if (bundle) { bundle.count += 1; path.style.display = 'none'; } else bundles.set(key, { path, count: 1 });
    });
    for (const { path, count } of bundles.values()) path.style.strokeWidth = String(1 + Math.log2(count) / 2);
  }

  // Where the pointer or the keyboard is at a folded box, its lines stand out.
  function peek(box) {
    const isOf = (edge) => box && box.folded && [edge.from, edge.to].some((end) => view.cards[end].box === box.home);
    view.svg.classList.toggle('peeked', Boolean(box && box.folded && view.chosen === null));
    view.environment.edges.forEach((edge, at) => view.between[at]?.classList.toggle('peek', Boolean(isOf(edge))));
  }

  for (const kind of ['pointerover', 'focusin']) {
    stage.addEventListener(kind, (event) => {
      const group = event.target.closest('.box');
      peek(group ? view.boxes[Number(group.dataset.home)] : null);
    });
  }

  // ---- the camera

  function aim() { view.camera.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.scale})`); }

  function frame() {
    const { width, height } = stage.getBoundingClientRect();
    view.svg.setAttribute('viewBox', `0 0 ${Math.max(1, width)} ${Math.max(1, height)}`);
    return [width, height];
  }

  function fit() {
    const [width, height] = frame();
    const [w, h] = view.size;
    const least = width < 500 ? 0.5 : 0.4;
    const whole = Math.min((width - 40) / w, (height - 70) / h);
    view.scale = Math.min(1.15, Math.max(whole, Math.min(least, (width - 24) / 420)));
    view.x = (width - w * view.scale) / 2;
    view.y = h * view.scale > height - 40 ? 20 : Math.max(20, (height - 30 - h * view.scale) / 2);
    aim();
  }

  function zoom(factor, x, y) {
    const scale = Math.min(3, Math.max(0.05, view.scale * factor));
    view.x = x - (x - view.x) * (scale / view.scale);
    view.y = y - (y - view.y) * (scale / view.scale);
    view.scale = scale;
    aim();
  }

  function zoomMiddle(factor) {
    const { width, height } = stage.getBoundingClientRect();
    zoom(factor, width / 2, height / 2);
  }

  // Where the middle of a card or of a folded box stands in the picture.
  function middle(card) {
    const box = view.boxes[card.box];
    if (box.folded) return [box.now[0] + sizeOf(box)[0] / 2, box.now[1] + FOLDED / 2];
    return [box.now[0] + card.at[0] + card.size[0] / 2, box.now[1] + card.at[1] + card.size[1] / 2];
  }

  function reveal([x, y]) {
    const { width, height } = stage.getBoundingClientRect();
    const [at, down] = [x * view.scale + view.x, y * view.scale + view.y];
    const margin = 60;
    if (at < margin || at > width - margin) view.x += width / 2 - at;
    if (down < margin || down > height - margin) view.y += height / 2 - down;
    aim();
  }

  // ---- choosing, and the page of what is chosen

  function choose(id, moves) {
    const card = view.cards[id];
    const box = view.boxes[card.box];
    if (box.folded) fold(view, [box], false);
    if (view.scale < 0.5) zoomMiddle(0.8 / view.scale);
    clear();
    view.chosen = id;
    view.svg.classList.add('picked');
    card.group.classList.add('chosen', 'near');
    view.environment.edges.forEach((edge, at) => {
      if (edge.from !== id && edge.to !== id) return;
      for (const path of view.lines[at]) path.classList.add('near');
      for (const end of [edge.from, edge.to]) view.cards[end].group.classList.add('near');
    });
    rove(card.group);
    reveal(middle(card));
    history.replaceState(null, '', `#${encodeURIComponent(view.environment.name)}/${encodeURIComponent(fullName(card))}`);
    show(card);
    if (moves) {
      page.focus({ preventScroll: true });
      if (matchMedia('(max-width: 760px)').matches) page.scrollIntoView({ block: 'start' });
    }
  }

  function clear() {
    view.chosen = null;
    view.svg.classList.remove('picked');
    for (const marked of view.svg.querySelectorAll('.chosen, .near')) marked.classList.remove('chosen', 'near');
  }

  function close() {
    const card = view.chosen === null ? null : view.cards[view.chosen];
    clear();
    history.replaceState(null, '', location.pathname + location.search);
    overview();
    if (card) { card.group.focus({ preventScroll: true }); if (matchMedia('(max-width: 760px)').matches) stage.scrollIntoView(); }
  }

  const fullName = (card) => `${card.name}.${view.boxes[card.box].name}`;

  function show(card) {
    const edges = view.environment.edges;
    const head = element('div', { class: 'head' },
      element('div', {}, element('h2', { text: card.name }),
        element('p', { class: 'kind', text: `${card.kind} in ${view.boxes[card.box].name}${card.note ? ` \u00b7 ${card.note}` : ''}` }),
        element('span', { class: 'place', text: card.place })),
      element('button', { type: 'button', 'aria-label': 'Close', text: '\u00d7', click: close }));
    const parts = [head];
    if (card.versions.length) parts.push(shares(card.versions));
    parts.push(peers('Comes from', edges.filter((edge) => edge.to === card.id), (edge) => edge.from));
    parts.push(peers('Goes to', edges.filter((edge) => edge.from === card.id), (edge) => edge.to));
    for (const section of card.sections) {
      const isWide = section.title === 'Who may call it' || section.title === 'Where it leads';
      parts.push(element('h3', { text: section.title }), rows(section.rows, isWide));
    }
    page.replaceChildren(...parts.filter(Boolean));
    page.scrollTop = 0;
  }

  function shares(versions) {
    const bar = element('div', { class: 'bar', role: 'img', 'aria-label': versions.map(([name, share]) => `${name} ${share} %`).join(', ') });
    for (const [, share, isCandidate] of versions) bar.append(element('i', { style: `width:${share}%`, class: isCandidate ? 'candidate' : '' }));
    const words = versions.map(([name, share]) => `${name} ${share} %`).join(' \u00b7 ');
    return element('div', {}, element('h3', { text: 'Versions' }), bar, element('div', { text: words }));
  }

  function peers(title, edges, other) {
    if (!edges.length) return null;
    const list = element('div', { class: 'peers' });
    for (const edge of edges) {
      const peer = view.cards[other(edge)];
      const verb = edge.relation === 'calls' ? '' : `${edge.relation} `;
      list.append(element('button', { type: 'button', class: edge.standing, title: edge.place, click: () => choose(peer.id, true) },
        element('span', { text: fullName(peer) }), ' ', element('small', { text: `${verb}${edge.label}` })));
    }
    return element('div', {}, element('h3', { text: title }), list);
  }

  function rows(said, isWide) {
    const list = element('ul', { class: isWide ? 'rows wide' : 'rows' });
    for (const [word, value, place, line] of said) {
      const what = element('div', { class: 'what' }, element('span', { class: 'word', text: word }), element('span', { class: 'value', text: value }));
      const where = element('span', { class: 'place', text: place || 'built-in', title: line });
      list.append(element('li', {}, what, where, isWide && line ? element('code', { class: 'line', text: line }) : null));
    }
    return list;
  }

  function overview() {
    const { environment, boxes, cards } = view;
    const parts = [element('div', {}, element('h2', { text: `${data.mesh} in ${environment.name}` }))];
    if (environment.findings.length) {
      const list = element('ul', { class: 'rows wide' });
      for (const [code, level, isError, title, place] of environment.findings) {
        list.append(element('li', {}, element('div', { class: 'what' }, element('span', { class: isError ? 'error' : 'warning', text: `${level} ` }), element('span', { text: title })),
          element('span', { class: 'place', text: `${place}  mesh explain ${code}` })));
      }
      const many = element('details', {}, element('summary', { text: plural(environment.findings.length, 'finding') }), list);
      many.open = environment.findings.length < 16;
      parts.push(element('h3', { text: 'Found' }), many);
    }
    parts.push(legend());
    for (const box of boxes) {
      const list = element('ul');
      for (const card of cards.filter((card) => card.box === box.home)) {
        list.append(element('li', {}, element('button', { type: 'button', click: () => choose(card.id, true) }, element('span', { text: card.name }), ' ', element('small', { text: card.note }))));
      }
      parts.push(element('div', { class: 'index' }, element('h3', { text: `${box.name} \u00b7 ${box.kind}` }), list));
    }
    page.replaceChildren(...parts);
    page.scrollTop = 0;
  }

  const SIGNS = [['call', 'a call that both ends agree on'], ['door', 'opened at a gateway'], ['route', 'a route sends it on'], ['route mirror', 'gets copies'], ['unused', 'allowed, not called'], ['broken', 'refused, denied or shadowed'], ['new', 'new'], ['changed', 'changed'], ['gone', 'gone']];
  function legend() {
    const list = element('div', { class: 'mesh-graph' });
    for (const [kind, words] of SIGNS.filter(([kind]) => view.svg.querySelector(`path.edge.${kind.replace(' ', '.')}`))) {
      const sample = document.createElementNS(SVG, 'svg'), path = document.createElementNS(SVG, 'path');
      for (const [key, value] of [['width', 34], ['height', 12], ['aria-hidden', 'true']]) sample.setAttribute(key, value);
      path.setAttribute('class', `edge ${kind}`);
      path.setAttribute('d', 'M0 6H30');
      sample.append(path);
      list.append(element('div', {}, sample, ` ${words}`));
    }
    return element('div', {}, element('h3', { text: 'Lines' }), list);
  }

  // ---- the keyboard: one stop in the picture, from which arrows walk

  const stops = () => [...view.svg.querySelectorAll('.title, .card')].filter((stop) => !stop.closest('.folded .inner'));

  function rove(stop) {
    for (const other of view.svg.querySelectorAll('[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    stop.setAttribute('tabindex', '0');
  }

  function walk(from, x, y) {
    const place = (stop) => { const it = (stop.querySelector('.face, .grip') || stop).getBoundingClientRect(); return [it.x + it.width / 2, it.y + it.height / 2]; };
    const [ax, ay] = place(from);
    let best = null;
    for (const stop of stops()) {
      const [bx, by] = place(stop);
      const along = (bx - ax) * x + (by - ay) * y, aside = Math.abs((bx - ax) * y) + Math.abs((by - ay) * x);
      if (stop === from || along < 2) continue;
      const cost = along + aside * 2.5;
      if (!best || cost < best.cost) best = { stop, cost };
    }
    if (!best) return;
    rove(best.stop);
    best.stop.focus({ preventScroll: true });
    const it = best.stop.getBoundingClientRect(), { left, top } = stage.getBoundingClientRect();
    reveal([(it.x + it.width / 2 - left - view.x) / view.scale, (it.y + it.height / 2 - top - view.y) / view.scale]);
  }

  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target === search || event.target.tagName === 'SELECT';
    const stop = event.target.closest?.('.card, .title');
    if (event.key === 'Escape') { if (!hits.hidden || search.value) { search.value = ''; seek(); } else close(); }
    else if (isTyping) return;
    else if (event.key === '/') search.focus();
    else if (event.key === '+' || event.key === '=') zoomMiddle(1.25);
    else if (event.key === '-') zoomMiddle(0.8);
    else if (event.key === '0') fit();
    else if (stop && ARROWS[event.key]) walk(stop, ...ARROWS[event.key]);
    else if (stop && (event.key === 'Enter' || event.key === ' ')) stop.act();
    else return;
    event.preventDefault();
  });

  // ---- searching

  function seek() {
    const words = search.value.trim().toLowerCase();
    const text = (card) => `${fullName(card)} ${card.note} ${card.kind}`.toLowerCase();
    const found = words ? view.cards.filter((card) => text(card).includes(words)) : [];
    found.sort((a, b) => Number(b.name.startsWith(words)) - Number(a.name.startsWith(words)) || a.id - b.id);
    view.svg.classList.toggle('sought', found.length > 0);
    for (const card of view.cards) card.group.classList.toggle('hit', found.includes(card));
    hits.hidden = !words;
    search.setAttribute('aria-expanded', String(Boolean(words)));
    search.removeAttribute('aria-activedescendant');
    hits.replaceChildren(...found.slice(0, 50).map((card, at) => {
      const hit = element('li', { role: 'option', id: `hit-${at}`, 'aria-selected': String(at === 0), click: () => take(card.id) },
        element('span', { text: card.name }), ' ', element('small', { text: `${view.boxes[card.box].name} \u00b7 ${card.note}` }));
      hit.card = card.id;
      return hit;
    }));
    if (words && !found.length) hits.append(element('li', { text: 'nothing has this name' }));
    if (found.length) search.setAttribute('aria-activedescendant', 'hit-0');
  }

  function take(id) { search.value = ''; seek(); choose(id, true); }

  search.addEventListener('input', seek);
  search.addEventListener('keydown', (event) => {
    const all = [...hits.querySelectorAll('[role="option"]')];
    const at = all.findIndex((hit) => hit.getAttribute('aria-selected') === 'true');
    if (event.key === 'Enter' && all[at]) { event.preventDefault(); take(all[at].card); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !all.length) return;
    event.preventDefault();
    const next = (at + step + all.length) % all.length;
    all.forEach((hit, own) => hit.setAttribute('aria-selected', String(own === next)));
    all[next].scrollIntoView({ block: 'nearest' });
    search.setAttribute('aria-activedescendant', all[next].id);
  });

  // ---- pointers

  const pointers = new Map();
  let travelled = 0;
  stage.addEventListener('pointerdown', (event) => {
    if (event.target.closest('button')) return;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    travelled = 0;
  });
  addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    if (others.length) {
      const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      const { left, top } = stage.getBoundingClientRect();
      zoom(apart(now, others[0]) / apart(before, others[0]), (now[0] + others[0][0]) / 2 - left, (now[1] + others[0][1]) / 2 - top);
    } else {
      view.x += now[0] - before[0];
      view.y += now[1] - before[1];
      aim();
    }
    travelled += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
    if (travelled > 4) view.svg.classList.add('moving');
    pointers.set(event.pointerId, now);
  });
  for (const end of ['pointerup', 'pointercancel']) {
    addEventListener(end, (event) => { pointers.delete(event.pointerId); if (!pointers.size) view.svg.classList.remove('moving'); });
  }
  stage.addEventListener('click', (event) => {
    if (travelled > 4) return;
    const stop = event.target.closest('.card, .title');
    if (stop) { rove(stop); stop.act(); } else if (event.target.closest('svg') && view.chosen !== null) close();
  });
  stage.addEventListener('wheel', (event) => {
    event.preventDefault();
    const { left, top } = stage.getBoundingClientRect();
    if (event.ctrlKey || Math.abs(event.deltaY) >= Math.abs(event.deltaX)) zoom(Math.exp(-event.deltaY / 400), event.clientX - left, event.clientY - top);
    else { view.x -= event.deltaX; aim(); }
  }, { passive: false });
  $('zoom').addEventListener('click', (event) => {
    const what = event.target.closest('button')?.dataset.do;
    if (what === 'in') zoomMiddle(1.25);
    if (what === 'out') zoomMiddle(0.8);
    if (what === 'fit') fit();
  });

  // ---- environments, and the beginning

  function enter(next) {
    for (const other of views) other.svg.toggleAttribute('hidden', other !== next);
    view = next;
    const { environment, cards, boxes } = view;
    const of = (kind) => cards.filter((card) => card.kind === kind).length;
    const levels = new Map();
    for (const [, level] of environment.findings) levels.set(level, (levels.get(level) || 0) + 1);
    const parts = [plural(of('service'), 'service'), plural(new Set(boxes.filter((box) => box.kind !== 'not in the mesh').map((box) => box.name)).size, 'namespace'), plural(environment.edges.length, 'line')];
    for (const [level, count] of levels) parts.push(level === 'error' || level === 'warning' ? plural(count, level) : `${count} ${level}`);
    $('counts').textContent = parts.join(' \u00b7 ');
    $('environment').value = String(views.indexOf(view));
    foldButton(view);
    place(view);
    if (!view.isFitted) { view.isFitted = true; fit(); } else { frame(); aim(); }
    if (!view.svg.querySelector('[tabindex="0"]') && stops().length) rove(stops()[0]);
    if (view.chosen === null) overview(); else show(view.cards[view.chosen]);
  }

  $('environment').addEventListener('change', (event) => enter(views[Number(event.target.value)]));
  $('fold').addEventListener('click', () => { fold(view, foldable(view), foldable(view).some((box) => !box.folded)); fit(); });
  addEventListener('resize', () => { frame(); fit(); });

  function fromAddress() {
    const [environment, name] = decodeURIComponent(location.hash.slice(1)).split('/');
    const there = views.find((it) => it.environment.name === environment);
    if (there && there !== view) enter(there);
    const card = view.cards.find((it) => fullName(it) === name);
    if (card) choose(card.id, false);
  }

  const views = data.environments.map(makeView);
  let view = views[0];
  if (views.length < 2) document.querySelector('.environment').hidden = true;
  enter(view);
  fromAddress();
  addEventListener('hashchange', fromAddress);
})();
