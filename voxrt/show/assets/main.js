// The page begins: what is drawn is unpacked at once, the records when the page is idle.

function header() {
  const run = state.runs[0];
  $("#title").textContent = state.runs.map((each) => each.title).filter((title, at, all) => all.indexOf(title) === at).join(" and ");
  const date = run.start === null ? "" : ` · ${dateText(new Date(run.start))}`;
  $("#about").textContent = `${state.runs.map((each) => each.folder).join(" beside ")}${date}${took(run)} · ${run.language} · seed ${run.seed} · voxrt ${run.voxrt}`;
  for (const each of state.runs) {
    const shown = [...each.figures, ...each.problems.map((text) => ["missing", text, "warn"])];
    if (each === run && state.parting?.[2]) shown.push(["the runs part", state.parting[2], "bad"]);
    $("#figures").append(element("div", { role: "list", ariaLabel: `Figures ${tag(each)}` },
      ...(tag(each) ? [element("b", {}, tag(each))] : []),
      ...shown.map(([name, text, tone]) =>
        element("div", { className: tone, title: text, role: "listitem" }, element("span", {}, name), element("b", {}, text)))));
  }
  $("#timeline").setAttribute("aria-label", `Timeline of ${lengthText(state.longest)}; the list below has everything that is drawn.`);
}

function took(run) {
  // How long the machine needed, and when that was: in virtual time another date than the run's.
  if (!run.timing || state.runs.length > 1) return "";
  const when = new Date(run.timing.date);
  return ` · ${lengthText(run.duration)} of run in ${lengthText(run.timing.total)}${isNaN(when) ? "" : ` on ${dateText(when)}`}`;
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  takeColours();
  chips();
  filter();
  draw();
}

const keys = {
  " ": () => (sound.playing ? pause() : play()),
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  ArrowLeft: (shift) => pan(shift ? -1 : -0.15), ArrowRight: (shift) => pan(shift ? 1 : 0.15),
  "+": () => zoom(0.6, state.cursor), "=": () => zoom(0.6, state.cursor), "-": () => zoom(1 / 0.6, state.cursor),
  0: () => setView(0, state.longest),
  "/": () => $("#search").focus(),
  a: () => { state.all = !state.all; chips(); filter(); },
  e: () => nextOf(["error", "limit", "warning"]),
  d: () => { if (state.parting) [...state.runs.keys()].reverse().forEach((at) => { if (partOf(at)) choose(at, partOf(at).n, { scroll: true }); }); },
  c: () => { state.clock = !state.clock; $("#clock").textContent = state.clock ? "time of day" : "run time"; draw(); filter(); },
  t: () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
  "?": () => $("#help").showModal(),
};

function pan(share) {
  const shift = (state.to - state.from) * share;
  setView(state.from + shift, state.to + shift);
}

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.target === $("#search")) {
      if (event.key === "Escape") { $("#search").value = state.search = ""; $("#search").blur(); filter(); }
      if (event.key === "Enter") { $("#search").blur(); state.n = 0; step(1); }
      return;
    }
    const onButton = event.target.matches("button, input") && (event.key === " " || event.key === "Enter");
    if (event.ctrlKey || event.metaKey || event.altKey || onButton || $("#help").open) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(event.shiftKey); }
  });
  $("#search").oninput = () => { state.search = $("#search").value; filter(); };
  $("#play").onclick = keys[" "];
  $("#clock").onclick = keys.c;
  $("#theme").onclick = keys.t;
  $("#help-button").onclick = keys["?"];
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.onclick = () => (button.dataset.zoom === "fit" ? keys[0]() : zoom(Number(button.dataset.zoom), state.cursor));
  }
}

function chosenByAddress() {
  const found = location.hash.match(/^#(B?)(\d+)$/);
  if (found) choose(found[1] ? 1 : 0, Number(found[2]), { scroll: true });
  else if (state.parting) keys.d();
}

async function begin() {
  takeView(await unpack("view"));
  header();
  makeLists();
  quietLanes();
  mixer();
  setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  listenToPointer();
  listenToKeys();
  new ResizeObserver(draw).observe($("#stage"));
  await filter();
  chosenByAddress();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
  (window.requestIdleCallback || setTimeout)(() => allRecords());
}

begin().catch((error) => {
  document.body.prepend(element("p", { role: "alert" }, `This page cannot be drawn here: ${error.message}. It needs a browser of 2023 or later.`));
  throw error;
});
