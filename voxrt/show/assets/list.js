// The list of what happened: only the lines that are on the screen are in the document.

const LINE = 23, TOP = 26;
const lists = [];

function makeLists() {
  state.runs.forEach((run, index) => {
    const spacer = element("div", { className: "spacer" });
    const box = element("div", { className: "list", tabIndex: 0, role: "listbox", ariaLabel: `What happened ${tag(run)}` });
    if (state.runs.length > 1) box.append(element("h2", {}, `${tag(run)}${run.folder}`));
    box.append(spacer);
    $("#lists").append(box);
    box.onscroll = () => drawList(index);
    lists.push({ box, spacer, rows: [], top: state.runs.length > 1 ? TOP : 0 });
  });
  new ResizeObserver(() => lists.forEach((_, index) => drawList(index))).observe($("#lists"));
}

let searching = 0;
async function filter() {
  const mine = ++searching, wanted = state.search.toLowerCase().split(/\s+/).filter(Boolean);
  for (const [index, run] of state.runs.entries()) {
    let rows = run.rows.filter((row) => !state.hidden.has(row.category) && (state.all || wanted.length || row.told));
    if (wanted.length) {
      const texts = await recordTexts(index);
      if (mine !== searching) return;  // the reader has typed on
      rows = rows.filter((row) => {
        const text = `${row.who} ${row.text} ${row.aside}`.toLowerCase() + (texts.get(row.n) || "");
        return wanted.every((word) => text.includes(word));
      });
    }
    lists[index].rows = rows;
    lists[index].spacer.style.height = `${rows.length * LINE}px`;
    drawList(index);
  }
  const count = lists.reduce((sum, list) => sum + list.rows.length, 0);
  const total = state.runs.reduce((sum, run) => sum + run.rows.length, 0);
  $("#count").textContent = `${count} of ${total}`;
}

function marked(text) {
  const words = state.search.split(/\s+/).filter(Boolean)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!words.length) return [text];
  return text.split(new RegExp(`(${words.join("|")})`, "gi"))
    .map((part, index) => (index % 2 ? element("mark", {}, part) : part));
}

function drawList(index) {
  const { box, spacer, rows } = lists[index];
  const first = Math.max(0, Math.floor(box.scrollTop / LINE) - 8);
  const last = Math.min(rows.length, first + Math.ceil(box.clientHeight / LINE) + 16);
  const part = partOf(index);
  spacer.replaceChildren(...rows.slice(first, last).map((row, at) => {
    const chosen = index === state.run && row.n === state.n;
    const line = element("div", { className: "row", role: "option", id: `row-${index}-${row.n}`, ariaSelected: String(chosen) },
      element("time", {}, timeText(row.t, state.runs[index])), element("b", {}, row.who),
      element("span", {}, ...marked(row.text)), element("i", {}, row.aside ? `(${row.aside})` : ""));
    line.classList.toggle("chosen", chosen);
    line.classList.toggle("dim", !row.told);
    line.classList.toggle("part", part?.n === row.n);
    line.style.top = `${(first + at) * LINE}px`;
    line.children[1].style.color = colours[row.category];
    line.onclick = () => choose(index, row.n);
    line.ondblclick = () => moveTo(row.t);
    return line;
  }));
}

function scrollTo(index, n) {
  const { box, rows, top } = lists[index];
  const at = rows.findIndex((row) => row.n === n);
  if (at < 0) return;
  const y = at * LINE, room = box.clientHeight - top;
  if (y < box.scrollTop || y > box.scrollTop + room - LINE) box.scrollTop = y - room / 2;
}

function choose(index, n, { scroll = false } = {}) {
  const row = state.runs[index].byNumber.get(n);
  if (!row) return;
  if (state.run !== index) { pause(); state.run = index; mixer(); }
  state.n = n;
  state.cursor = row.t;
  if (scroll && !lists[index].rows.includes(row)) {  // hidden at the moment: show everything
    state.all = true;
    state.hidden.delete(row.category);
    state.search = $("#search").value = "";
    chips();
    filter().then(() => scrollTo(index, n));
  } else if (scroll) scrollTo(index, n);
  lists.forEach((_, each) => drawList(each));
  lists[index].box.setAttribute("aria-activedescendant", `row-${index}-${n}`);
  show(row.t);
  detail(index, row);
  history.replaceState(null, "", `#${index ? "B" : ""}${n}`);
}

function step(by) {
  const { rows } = lists[state.run];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.n === state.n);
  const near = rows.findIndex((row) => row.t >= state.cursor);
  const next = at < 0 ? (near < 0 ? rows.length - 1 : near) : Math.max(0, Math.min(rows.length - 1, at + by));
  choose(state.run, rows[next].n, { scroll: true });
}

function nextOf(categories) {
  const rows = state.runs[state.run].rows.filter((row) => categories.includes(row.category));
  const next = rows.find((row) => row.t > state.cursor || (row.t === state.cursor && row.n > state.n)) || rows[0];
  if (next) choose(state.run, next.n, { scroll: true });
}

function chips() {
  const present = state.categories.filter((name) => state.runs.some((run) => run.tracks.has(name)));
  const scope = element("button", { ariaPressed: String(state.all), title: "What matters, or everything (a)" }, "everything");
  scope.onclick = () => { state.all = !state.all; chips(); filter(); };
  $("#chips").replaceChildren(scope, ...present.map((name) => {
    const chip = element("button", { ariaPressed: String(!state.hidden.has(name)) }, element("i"), name);
    chip.firstChild.style.background = colours[name];
    chip.onclick = () => {
      if (state.hidden.has(name)) state.hidden.delete(name); else state.hidden.add(name);
      chips();
      filter();
    };
    return chip;
  }));
}
