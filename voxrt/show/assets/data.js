"use strict";
// What the page knows, and what is chosen at the moment. Times are in ms since the run began.

const $ = (selector) => document.querySelector(selector);

const state = {
  runs: [], categories: [], parting: null,
  from: 0, to: 1, longest: 1,      // what of the time axis is visible
  cursor: 0, run: 0, n: 0,         // where we are, in which run, and the chosen record
  all: false, hidden: new Set(), search: "",
  clock: false,                    // time of day instead of the run's time
};

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function unpack(id) {
  const bytes = bytesOf(document.getElementById(id).textContent.trim());
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function takeView(view) {
  state.categories = view.categories;
  state.parting = view.parting;
  state.runs = view.runs.map((run) => ({
    ...run,
    lanes: run.lanes.map((lane) => ({ ...lane, peaks: (lane.peaks || []).map(bytesOf) })),
    phrases: run.phrases.map(([n, lane, side, from, to, speaker, text, complete]) =>
      ({ n, lane, side, from, to, speaker, text, complete })),
    rows: run.rows.map(([n, t, category, who, text, aside, told, audio, folded]) =>
      ({ n, t, category: view.categories[category], who, text, aside, told, audio, folded })),
  }));
  for (const run of state.runs) {
    run.rows.forEach((row, at) => { row.wall = run.timing?.rows[at]; });
    run.byNumber = new Map(run.rows.map((row) => [row.n, row]));
    run.tracks = new Map();        // the rows of each category, which are in the order of time
    for (const name of view.categories) {
      const rows = run.rows.filter((row) => row.category === name);
      if (rows.length) run.tracks.set(name, rows);
    }
  }
  state.longest = Math.max(1, ...state.runs.map((run) => run.duration));
  state.to = state.longest;
}

let records = null;                // a promise of the records of every run, unpacked once

function allRecords() {
  records ??= unpack("records").then((runs) => runs.map(({ whole, folded }) => ({
    order: whole,
    byNumber: new Map(whole.map((record) => [record.n, record])),
    folded: new Map(folded),
    texts: null,
  })));
  return records;
}

async function recordTexts(index) {
  const found = (await allRecords())[index];
  found.texts ??= new Map(found.order.map((r) => [r.n, JSON.stringify(r).toLowerCase()]));
  return found.texts;
}

function timeText(ms, run = state.runs[state.run]) {
  if (state.clock && run && run.start !== null) {
    return new Date(run.start + ms).toISOString().slice(11, 23);
  }
  const total = Math.max(0, Math.round(ms));
  const pad = (number, width) => String(number).padStart(width, "0");
  const hours = Math.floor(total / 3600000);
  const rest = `${pad(Math.floor(total / 60000) % 60, 2)}:${pad(Math.floor(total / 1000) % 60, 2)}`;
  return `${hours ? `${hours}:` : ""}${rest}.${pad(total % 1000, 3)}`;
}

function dateText(date) {
  return date.toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

function lengthText(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60000)} min ${String(Math.round(ms / 1000) % 60).padStart(2, "0")} s`;
}

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value; else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const tag = (run) => (state.runs.length > 1 ? ["A", "B"][state.runs.indexOf(run)] + "  " : "");
