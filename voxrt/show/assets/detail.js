// What is known of the chosen line: its record, the scenario's line, and what belongs to it.

async function detail(index, row) {
  const all = (await allRecords())[index];
  if (state.n !== row.n || state.run !== index) return;
  const run = state.runs[index], record = all.byNumber.get(row.n);
  const parts = [element("h3", {}, row.folded ? row.text : heading(record, row)), about(run, row)];
  parts.push(...hearing(run, row));
  if (record) {
    parts.push(...cause(run, all, record), ...effects(run, all, record));
    parts.push(...await beside(index, row, record));
    parts.push(element("h4", {}, `record ${record.n}`), pretty(record));
  } else if (row.folded) {
    parts.push(element("h4", {}, `${row.folded} messages, ${lengthText(row.audio)} of audio`));
    const lines = all.folded.get(row.n).map(([n, t, ms]) => `${String(n).padStart(6)}  ${timeText(t)}  ${ms} ms`);
    parts.push(element("pre", {}, lines.join("\n")));
  }
  $("#detail").replaceChildren(...parts);
  $("#detail").scrollTop = 0;
}

async function beside(index, row, record) {
  // Where the runs part, the other run's record, field by field.
  if (partOf(index)?.n !== row.n) return [];
  const other = (await allRecords())[1 - index].byNumber.get(state.parting[1 - index]);
  if (!other) return [];
  const mine = fields(record), theirs = fields(other);
  const names = [...new Set([...mine.keys(), ...theirs.keys()])].filter((name) => mine.get(name) !== theirs.get(name));
  const lines = names.map((name) => `${name}\n  ${["A", "B"][index]}  ${mine.get(name) ?? "—"}\n  ${["A", "B"][1 - index]}  ${theirs.get(name) ?? "—"}`);
  return [element("h4", {}, `what differs from record ${other.n} of ${["A", "B"][1 - index]}`),
    element("pre", {}, lines.join("\n") || "nothing but the order")];
}

function fields(value, name = "", found = new Map()) {
  if (value === null || typeof value !== "object") found.set(name, JSON.stringify(value));
  else for (const [key, item] of Object.entries(value)) fields(item, name ? `${name}.${key}` : key, found);
  return found;
}

function heading(record, row) {
  return String(record.name || record.type || record.text || (record.speaker ? row.text : record.kind));
}

function about(run, row) {
  const day = run.start === null ? "" : ` · ${new Date(run.start + row.t).toISOString().slice(0, 23).replace("T", " ")} UTC`;
  const clock = state.clock;
  state.clock = false;
  const wall = row.wall === undefined ? "" : ` · after ${lengthText(row.wall)} of wall time`;
  const text = `${timeText(row.t)}${day}${wall}`;
  state.clock = clock;
  return element("p", { className: "num" }, text);
}

function hearing(run, row) {
  const made = [];
  const part = run.link_sound.find(([n]) => n === row.n);
  if (part) {
    const button = element("button", {}, `▶ what the provider sent, ${lengthText(part[3] - part[2])}`);
    button.onclick = () => playPart(part[1], part[2], part[3]);
    made.push(button, " ");
  }
  if (lanesAt(row.t).length) {
    const button = element("button", {}, "▶ the call from here");
    button.onclick = () => play(row.t);
    made.push(button);
  }
  return made.length ? [element("p", {}, ...made)] : [];
}

function placeOf(record) {
  if (typeof record.at === "string") {
    const colon = record.at.lastIndexOf(":");
    return { file: record.at.slice(0, colon), line: Number(record.at.slice(colon + 1)) };
  }
  return record.file && record.line ? { file: record.file, line: record.line } : null;
}

function cause(run, all, record) {
  // The scenario's line: the record's own, or that of what it follows from.
  let from = record, at = all.order.indexOf(record);
  const id = record.kind === "http" || record.kind === "mail" || record.kind === "socket" ? record.id : null;
  const event = record.kind === "event" && record.id ? JSON.stringify(record.id) : null;
  for (let back = 0; !placeOf(from) && back < 3000 && at > 0; back++) {
    const before = all.order[--at];
    if (!placeOf(before)) continue;
    const same = id !== null ? before.kind === record.kind && before.id === id
      : event ? before.kind === "command" && JSON.stringify(before.params).includes(event)
        : ["provider", "media", "warning", "session", "queue"].includes(record.kind) && before.t === record.t;
    if (same) from = before;
  }
  const place = placeOf(from);
  if (!place) return [];
  const title = from === record ? "the scenario's line" : `follows from record ${from.n}, at the scenario's line`;
  const source = run.sources.find(([name]) => name === place.file);
  const head = element("h4", {}, `${title} · ${place.file}:${place.line}`);
  if (from !== record) { head.style.cursor = "pointer"; head.onclick = () => choose(state.run, from.n, { scroll: true }); }
  return source ? [head, excerpt(source[1], place.line)] : [head];
}

function excerpt(text, line) {
  const lines = text.split("\n"), first = Math.max(0, line - 4);
  return element("pre", { className: "code" }, ...lines.slice(first, line + 3).map((code, index) =>
    element("div", { className: first + index + 1 === line ? "at" : "" },
      element("span", {}, String(first + index + 1)), code)));
}

function effects(run, all, record) {
  // What the scenario did upon an event, before the next one came.
  if (record.kind !== "event" || !record.handlers) return [];
  const made = [];
  for (let at = all.order.indexOf(record) + 1; at < all.order.length; at++) {
    const next = all.order[at];
    if (next.t !== record.t || (next.kind === "event" && next.handlers)) break;
    if (["command", "log", "http", "error", "timer"].includes(next.kind)) made.push(next);
  }
  if (!made.length) return [];
  return [element("h4", {}, "what the scenario did then"), element("ul", {}, ...made.slice(0, 30).map((each) => {
    const row = run.byNumber.get(each.n), place = placeOf(each);
    const link = element("a", {}, `${row?.who ?? each.kind}  ${row?.text ?? ""}`);
    link.onclick = () => choose(state.run, each.n, { scroll: true });
    return element("li", {}, link, place ? `  ${place.line}` : "");
  }))];
}

function pretty(record) {
  const made = element("pre"), text = JSON.stringify(record, null, 2);
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  let last = 0;
  for (const found of text.matchAll(token)) {
    made.append(text.slice(last, found.index));
    const [all, string, colon] = found;
    if (string) made.append(element("span", { className: colon ? "key" : "text" }, string), colon || "");
    else made.append(element("span", { className: "value" }, all));
    last = found.index + all.length;
  }
  made.append(text.slice(last));
  return made;
}
