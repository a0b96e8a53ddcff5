// The timeline: an overview of the whole run, and below it what is visible, drawn on two canvases.

const GUTTER = 118, RULER = 22, WAVE = 46, WORDS = 17, GAP = 16, TRACK = 15, HEAD = 22;
let colours = {};

function takeColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "soft", "faint", "line", "panel", "ground", "says", "hears", "wait", "focus",
    "chosen", "part", ...state.categories];
  colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

// --- where everything is ------------------------------------------------------------------------

function layout() {
  let y = RULER;
  return state.runs.map((run, index) => {
    const placed = { run, index, top: y, lanes: [], tracks: [] };
    if (state.runs.length > 1) y += HEAD;
    run.lanes.forEach((lane, number) => {
      const says = y + 4, hears = says + WAVE + WORDS + GAP;
      placed.lanes.push({ lane, number, sides: [says, hears] });
      y = hears + WAVE + WORDS + 8;
    });
    for (const category of run.tracks.keys()) {
      if (category === "speech") continue;
      placed.tracks.push({ category, y });
      y += TRACK;
    }
    y += 8;
    placed.bottom = y;
    return placed;
  });
}

let room = 1;                      // how many pixels the visible time has
const across = () => room;
const xOf = (t) => GUTTER + ((t - state.from) / (state.to - state.from)) * across();
const timeAt = (x) => state.from + ((x - GUTTER) / across()) * (state.to - state.from);

function setView(from, to) {
  const width = Math.min(Math.max(to - from, 20), state.longest * 1.02);
  state.from = Math.max(-state.longest * 0.01, Math.min(from, state.longest * 1.01 - width));
  state.to = state.from + width;
  draw();
}

function zoom(factor, at = (state.from + state.to) / 2) {
  setView(at - (at - state.from) * factor, at + (state.to - at) * factor);
}

function moveTo(t, share = 0.5) {
  const width = state.to - state.from;
  setView(t - width * share, t + width * (1 - share));
}

function show(t) {
  if (t < state.from || t > state.to) moveTo(t); else draw();
}

// --- drawing ------------------------------------------------------------------------------------

let pending = false;
function draw() {
  if (pending) return;
  pending = true;
  requestAnimationFrame(() => { pending = false; drawNow(); });
}

function fit(canvas, height, clear = true) {
  const ratio = devicePixelRatio || 1, width = canvas.clientWidth;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (clear) pen.clearRect(0, 0, width, height);
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  return pen;
}

function drawNow() {
  const places = layout();
  const canvas = $("#timeline");
  room = Math.max(1, canvas.clientWidth - GUTTER - 12);
  const height = places.length ? places[places.length - 1].bottom : RULER;
  const pen = fit(canvas, height);
  drawRuler(pen, height);
  for (const place of places) drawRun(pen, place);
  drawCursor(pen, height);
  drawOverview();
  $("#now").textContent = timeText(state.cursor);
}

function steps() {
  const least = ((state.to - state.from) / across()) * 90;
  const sizes = [10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5];
  return sizes.find((size) => size >= least) || 36e5;
}

function drawRuler(pen, height) {
  const step = steps();
  for (let t = Math.ceil(Math.max(0, state.from) / step) * step; t <= state.to; t += step) {
    const x = Math.round(xOf(t)) + 0.5;
    pen.strokeStyle = colours.line;
    pen.beginPath(); pen.moveTo(x, RULER - 4); pen.lineTo(x, height); pen.stroke();
    pen.fillStyle = colours.soft;
    const text = timeText(t);
    pen.fillText(step >= 1000 ? text.slice(0, -4) : text, x + 4, RULER / 2);
  }
}

function drawRun(pen, place) {
  const { run } = place;
  if (state.runs.length > 1) label(pen, `${tag(run)}${run.title} · ${run.folder}`, 12, place.top + HEAD / 2, colours.ink, 600);
  for (const { lane, sides, number } of place.lanes) {
    drawSide(pen, lane, 0, sides[0], colours.says);
    drawSide(pen, lane, 1, sides[1], colours.hears);
    label(pen, lane.label, 12, sides[0] + 8, colours.ink, 600);
    label(pen, "says", 12, sides[0] + 26, colours.says);
    label(pen, "hears", 12, sides[1] + 20, colours.hears);
    for (const phrase of run.phrases) if (phrase.lane === number) drawPhrase(pen, phrase, sides[phrase.side]);
    if (number === 0) drawWaits(pen, run, sides[0] + WAVE + WORDS + GAP / 2 - 1);
  }
  for (const track of place.tracks) drawTrack(pen, run, track);
  const part = partOf(place.index);
  if (part) {
    const x = Math.round(xOf(part.t)) + 0.5;
    pen.strokeStyle = colours.part;
    pen.setLineDash([5, 3]);
    pen.beginPath(); pen.moveTo(x, place.top); pen.lineTo(x, place.bottom); pen.stroke();
    pen.setLineDash([]);
    label(pen, "the runs part", x + 5, place.top + HEAD / 2, colours.part, 600);
  }
}

function partOf(index) {
  return state.parting && state.runs[index].byNumber.get(state.parting[index]);
}

function label(pen, text, x, y, colour, weight = 400) {
  pen.font = `${weight} 12px system-ui, sans-serif`;
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
  pen.font = "12px system-ui, sans-serif";
}

function clipped(pen, draw) {
  pen.save();
  pen.beginPath();
  pen.rect(GUTTER, 0, across() + 12, 1e5);
  pen.clip();
  draw();
  pen.restore();
}

function drawSide(pen, lane, side, y, colour) {
  const middle = y + WAVE / 2, end = lane.end ?? state.longest;
  clipped(pen, () => {
    pen.fillStyle = colours.ground;
    pen.fillRect(xOf(lane.begin), y, xOf(end) - xOf(lane.begin), WAVE);
    if (lane.connected !== null) {
      pen.fillStyle = colours.line;
      pen.fillRect(xOf(lane.connected), y, 1, WAVE);
    }
    pen.fillStyle = colour;
    pen.fillRect(xOf(lane.begin), middle, xOf(end) - xOf(lane.begin), 0.6);
    const peaks = lane.peaks[side];
    if (peaks) drawPeaks(pen, peaks, lane, middle, WAVE / 2 - 1);
  });
}

function drawPeaks(pen, peaks, lane, middle, most, x0 = GUTTER, width = across(), from = state.from, to = state.to) {
  const perPixel = (to - from) / width / lane.bucket;
  const first = (from - lane.begin) / lane.bucket;
  for (let x = 0; x < width; x++) {
    let at = Math.floor(first + x * perPixel);
    const until = Math.min(peaks.length, Math.max(at + 1, Math.floor(first + (x + 1) * perPixel)));
    let high = 0;
    for (at = Math.max(0, at); at < until; at++) if (peaks[at] > high) high = peaks[at];
    if (high) {
      const tall = Math.max(0.5, Math.sqrt(high / 127) * most);  // quiet speech shows, too
      pen.fillRect(x0 + x, middle - tall, 1, 2 * tall);
    }
  }
}

function drawPhrase(pen, phrase, y) {
  const x = Math.max(xOf(phrase.from), GUTTER), right = Math.min(xOf(phrase.to), GUTTER + across());
  if (right < GUTTER || x > GUTTER + across()) return;
  const top = y + WAVE + 1, colour = phrase.side ? colours.hears : colours.says;
  const chosen = phrase.n === state.n;
  pen.fillStyle = colour;
  pen.globalAlpha = chosen ? 0.4 : 0.14;
  pen.fillRect(x, top, Math.max(right - x - 1, 1), WORDS - 2);
  pen.globalAlpha = 1;
  if (!phrase.complete) {
    pen.fillStyle = colours.part;
    pen.fillRect(right - 2, top, 2, WORDS - 2);
  }
  if (right - x < 14) return;
  pen.save();
  pen.beginPath();
  pen.rect(x, top, right - x - 3, WORDS);
  pen.clip();
  pen.fillStyle = colours.ink;
  pen.font = "11.5px system-ui, sans-serif";
  pen.fillText(phrase.text, x + 3, top + WORDS / 2 - 0.5);
  pen.restore();
}

function drawWaits(pen, run, y) {
  clipped(pen, () => {
    for (const [from, to] of run.waits) {
      const a = xOf(from), b = xOf(to);
      if (b < GUTTER || a > GUTTER + across()) continue;
      pen.strokeStyle = pen.fillStyle = colours.wait;
      pen.beginPath();
      pen.moveTo(a, y - 4); pen.lineTo(a, y); pen.lineTo(b, y); pen.lineTo(b, y + 4);
      pen.stroke();
      const text = lengthText(to - from);
      if (b - a > 8) label(pen, text, (a + b) / 2 - pen.measureText(text).width / 2, y - 7, colours.wait);
    }
  });
}

function firstAfter(rows, t) {
  // The first of rows in the order of time that is not before t.
  let low = 0, high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].t < t) low = middle + 1; else high = middle;
  }
  return low;
}

function drawTrack(pen, run, { category, y }) {
  label(pen, category, 12, y + TRACK / 2, colours[category]);
  const rows = run.tracks.get(category);
  run.longestAudio ??= Math.max(0, ...run.rows.map((row) => row.audio));
  clipped(pen, () => {
    pen.fillStyle = colours[category];
    let last = -9;
    for (let at = firstAfter(rows, state.from - run.longestAudio); at < rows.length; at++) {
      const row = rows[at];
      if (row.t > state.to) break;
      const x = Math.round(xOf(row.t)), chosen = row.n === state.n;
      if (chosen) pen.fillRect(x - 2, y + 1, 6, TRACK - 2);
      else if (row.audio) {
        pen.globalAlpha = 0.3;
        pen.fillRect(x, y + 5, Math.max(2, xOf(row.t + row.audio) - x), TRACK - 10);
      } else if (x > last + 1) {
        pen.globalAlpha = row.told ? 1 : 0.55;
        pen.fillRect(x, y + 2, 2, TRACK - 4);
        last = x;
      }
      pen.globalAlpha = 1;
    }
  });
}

function drawCursor(pen, height) {
  const x = xOf(state.cursor);
  if (x < GUTTER - 1 || x > GUTTER + across() + 2) return;
  pen.fillStyle = colours.focus;
  pen.fillRect(x, RULER - 6, 1.5, height - RULER + 6);
  pen.beginPath();
  pen.moveTo(x - 4, RULER - 8); pen.lineTo(x + 5.5, RULER - 8); pen.lineTo(x + 0.75, RULER - 2);
  pen.fill();
}

let overview = null;               // what does not change of it, drawn once for a width and theme

function drawOverview() {
  const canvas = $("#overview"), height = 34, pen = fit(canvas, height);
  const scale = (t) => GUTTER + (t / state.longest) * across();
  const key = `${canvas.width} ${colours.ink}`;
  if (overview?.key !== key) {
    overview = { key, canvas: document.createElement("canvas") };
    overview.canvas.width = canvas.width;
    overview.canvas.height = canvas.height;
    const still = overview.canvas.getContext("2d");
    still.setTransform(pen.getTransform());
    drawStill(still, height, scale);
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(overview.canvas, 0, 0);
  fit(canvas, height, false);
  pen.fillStyle = colours.focus;
  pen.globalAlpha = 0.13;
  pen.fillRect(scale(state.from), 0, scale(state.to) - scale(state.from), height);
  pen.globalAlpha = 1;
  pen.fillRect(scale(state.cursor), 0, 1.5, height);
}

function drawStill(pen, height, scale) {
  pen.textBaseline = "middle";
  label(pen, lengthText(state.longest), 12, height / 2, colours.soft);
  state.runs.forEach((run, index) => {
    const tall = (height - 8) / state.runs.length / 2, middle = 4 + tall * (2 * index + 1);
    run.lanes.forEach((lane) => lane.peaks.forEach((peaks, side) => {
      pen.fillStyle = side ? colours.hears : colours.says;
      pen.globalAlpha = 0.75;
      drawPeaks(pen, peaks, lane, middle, tall, GUTTER, across(), 0, state.longest);
    }));
    pen.globalAlpha = 1;
    for (const category of ["error", "limit", "warning"]) {
      pen.fillStyle = colours[category];
      for (const row of run.tracks.get(category) ?? []) pen.fillRect(scale(row.t) - 1, middle - tall, 2, 4);
    }
  });
}

// --- the pointer --------------------------------------------------------------------------------

function rowAt(x, y) {
  // What is drawn at a place: the run's index, and the nearest row or phrase within 6 pixels.
  const t = timeAt(x), reach = ((state.to - state.from) / across()) * 6;
  for (const place of layout()) {
    if (y < place.top || y >= place.bottom) continue;
    for (const { number, sides } of place.lanes) {
      const side = sides.findIndex((top) => y >= top && y < top + WAVE + WORDS);
      if (side < 0) continue;
      const phrase = place.run.phrases.find((p) =>
        p.lane === number && p.side === side && t >= p.from - reach && t <= p.to + reach);
      return { run: place.index, row: phrase && place.run.byNumber.get(phrase.n), text: phrase?.text };
    }
    const track = place.tracks.find((each) => y >= each.y && y < each.y + TRACK);
    if (track) {
      let best = null, near = reach;
      for (const row of place.run.tracks.get(track.category)) {
        const far = t >= row.t && t <= row.t + row.audio ? 0 : Math.abs(row.t - t);
        if (far < near || (far === 0 && !best)) { best = row; near = far; }
      }
      return { run: place.index, row: best, text: best && `${best.who}  ${best.text}` };
    }
    return { run: place.index, row: null };
  }
  return { run: state.run, row: null };
}

function hover(event) {
  const tip = $("#tip");
  const { row, text } = rowAt(event.offsetX, event.offsetY);
  tip.hidden = !row;
  if (!row) return;
  tip.textContent = `${timeText(row.t)}  ${text.slice(0, 180)}`;
  tip.style.left = `${Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${event.clientY + 16}px`;
}

function listenToPointer() {
  const canvas = $("#timeline"), overview = $("#overview");
  let drag = null;
  canvas.onpointerdown = (event) => {
    drag = { x: event.clientX, from: state.from, to: state.to, moved: false };
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    if (!drag) return hover(event);
    const shift = ((drag.x - event.clientX) / across()) * (drag.to - drag.from);
    if (Math.abs(drag.x - event.clientX) > 3) drag.moved = true;
    if (drag.moved) setView(drag.from + shift, drag.to + shift);
  };
  canvas.onpointerup = (event) => {
    const moved = drag?.moved;
    drag = null;
    if (moved) return;
    const { run, row } = rowAt(event.offsetX, event.offsetY);
    if (row) choose(run, row.n, { scroll: true });
    else {
      state.run = run;
      state.cursor = Math.max(0, Math.min(timeAt(event.offsetX), state.longest));
      if (sound.playing) play();
      mixer();
      draw();
    }
  };
  canvas.onpointercancel = () => { drag = null; };
  canvas.onpointerleave = () => { $("#tip").hidden = true; };
  canvas.ondblclick = (event) => zoom(0.4, timeAt(event.offsetX));
  canvas.addEventListener("wheel", (event) => {
    const scene = $("#scene"), scrolls = scene.scrollHeight > scene.clientHeight + 1;
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (!sideways && scrolls && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (sideways) {
      const shift = ((event.deltaX || event.deltaY) / across()) * (state.to - state.from);
      setView(state.from + shift, state.to + shift);
    } else zoom(Math.exp(event.deltaY * 0.002), timeAt(event.offsetX));
  }, { passive: false });
  const jump = (event) => {
    if (event.buttons) moveTo(((event.offsetX - GUTTER) / across()) * state.longest);
  };
  overview.onpointerdown = (event) => { overview.setPointerCapture(event.pointerId); jump(event); };
  overview.onpointermove = jump;
}
