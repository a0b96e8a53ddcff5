// What is heard: each call's recording is an element of its own, made when it is first played.
// The two sides of a call, left and right in the file, go through gains of their own.

const sound = { players: new Map(), muted: new Set(), playing: false, context: null, extra: null };

function urlOf(number) {
  const part = document.getElementById(`sound-${number}`);
  return URL.createObjectURL(new Blob([bytesOf(part.textContent)], { type: part.dataset.type }));
}

function playerOf(run, index) {
  const key = `${run}/${index}`;
  if (!sound.players.has(key)) {
    const lane = state.runs[run].lanes[index];
    const audio = new Audio(urlOf(lane.sound));
    sound.context ??= new AudioContext();
    const source = sound.context.createMediaElementSource(audio);
    const split = sound.context.createChannelSplitter(2);
    source.connect(split);
    const gains = [0, 1].map((side) => {
      const gain = sound.context.createGain();
      split.connect(gain, side);
      gain.connect(sound.context.destination);
      return gain;
    });
    sound.players.set(key, { audio, gains, lane });
    mixSides();
  }
  return sound.players.get(key);
}

function mixSides() {
  for (const [key, player] of sound.players) {
    player.gains.forEach((gain, side) => { gain.gain.value = sound.muted.has(`${key}/${side}`) ? 0 : 1; });
  }
}

function lanesAt(time) {
  return state.runs[state.run].lanes
    .map((lane, index) => ({ lane, index }))
    .filter(({ lane }) => lane.sound !== null && lane.begin + lane.length > time + 20);
}

function play(from = state.cursor) {
  pause();
  const found = lanesAt(from);
  if (!found.length) return;
  sound.playing = true;
  sound.began = { cursor: from, at: performance.now() };
  for (const { lane, index } of found) {
    const { audio } = playerOf(state.run, index);
    const wait = Math.max(0, lane.begin - from);
    audio.currentTime = Math.max(0, from - lane.begin) / 1000;
    if (wait) sound.later = [...(sound.later || []), setTimeout(() => audio.play(), wait)];
    else audio.play();
  }
  sound.context.resume();
  $("#play").textContent = "❚❚ pause";
  requestAnimationFrame(follow);
}

function pause() {
  sound.playing = false;
  (sound.later || []).forEach(clearTimeout);
  sound.later = [];
  for (const { audio } of sound.players.values()) audio.pause();
  sound.extra?.pause();
  $("#play").textContent = "▶ play";
}

function follow() {
  if (!sound.playing) return;
  const running = [...sound.players.values()].filter(({ audio }) => !audio.paused && !audio.ended);
  const leader = running[0];
  state.cursor = leader
    ? leader.lane.begin + leader.audio.currentTime * 1000
    : sound.began.cursor + performance.now() - sound.began.at;
  if (!running.length && !lanesAt(state.cursor).length) return pause();
  if (state.cursor > state.to) moveTo(state.cursor, 0.1);
  draw();
  requestAnimationFrame(follow);
}

function playPart(number, from, to) {
  // What the provider sent, whether or not anybody heard it.
  pause();
  const audio = new Audio(urlOf(number));
  sound.extra = audio;
  audio.currentTime = from / 1000;
  audio.ontimeupdate = () => { if (audio.currentTime * 1000 >= to) audio.pause(); };
  audio.play();
}

function quietLanes() {
  // Calls between sessions carry what is heard on the others already: they begin muted.
  state.runs.forEach((run, number) => run.lanes.forEach((lane, index) => {
    const spoken = (at) => run.phrases.some((phrase) => phrase.lane === at);
    if (spoken(index) || !run.lanes.some((_, at) => spoken(at))) return;
    [0, 1].forEach((side) => sound.muted.add(`${number}/${index}/${side}`));
  }));
}

function mixer() {
  const parts = [];
  state.runs[state.run].lanes.forEach((lane, index) => {
    if (lane.sound === null) return;
    ["says", "hears"].forEach((side, number) => {
      const key = `${state.run}/${index}/${number}`;
      const box = element("input", { type: "checkbox", checked: !sound.muted.has(key) });
      box.onchange = () => {
        if (box.checked) sound.muted.delete(key); else sound.muted.add(key);
        mixSides();
      };
      parts.push(element("label", {}, box, ` ${lane.label} ${side}`));
    });
  });
  const many = parts.length > 6;
  $("#mix").replaceChildren(...(many
    ? [element("details", {}, element("summary", {}, "what is played"), element("div", {}, ...parts))]
    : parts));
  $("#play").disabled = !parts.length;
}
