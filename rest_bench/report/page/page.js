"use strict";
// What the page does beyond being read: colours, charts that answer to the pointer, and the sample browser. Texts of
// models and tasks become nodes by textContent alone: nothing of them is ever read as markup.
(() => {
  const $ = (id) => document.getElementById(id);
  const parse = (id) => JSON.parse($(id).textContent);
  const root = document.documentElement;

  function make(tag, properties, ...children) {
    const { className, ...rest } = properties || {};
    const node = document.createElement(tag);
    if (className) node.className = className;
    for (const [name, value] of Object.entries(rest)) node.setAttribute(name, value);
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  // --- colours and charts ---

  const charts = parse("chart-data");
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : wantsDark.matches);

  function drawChart(node) {
    const looks = charts[node.dataset.chart];
    const look = isDark() ? "dark" : "light";
    if (!window.vegaEmbed || !looks || node.dataset.look === look) return;
    node.dataset.look = look;
    const spec = look === "dark" ? { ...looks.light, ...looks.dark } : looks.light;
    // Expressions are interpreted: the page's policy lets nothing be compiled from text.
    const options = { mode: "vega", ast: true, logLevel: 1, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true, theme: look } };
    node.hidden = false;
    window.vegaEmbed(node, structuredClone(spec), options).then(
      () => {
        node.firstElementChild.setAttribute("aria-hidden", "true"); // the box around it is the picture that is named
        node.parentElement.querySelector(".still").hidden = true;
      },
      (error) => { node.hidden = true; console.error(`chart ${node.dataset.chart}: ${error}`); },
    );
  }

  const seen = window.IntersectionObserver
    ? new IntersectionObserver((entries) => entries.forEach((entry) => { if (entry.isIntersecting) { seen.unobserve(entry.target); drawChart(entry.target.querySelector(".drawn")); } }), { rootMargin: "400px" })
    : null;

  function drawCharts() {
    for (const figure of document.querySelectorAll(".chart")) {
      const drawn = figure.querySelector(".drawn");
      if (drawn.dataset.look || !seen) drawChart(drawn);
      else seen.observe(figure);
    }
  }

  function setTheme(theme) {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme]")) if (button !== root) button.setAttribute("aria-pressed", String(button.dataset.theme === theme));
    // A picture goes by the system's colours; where the reader chose others, its dark source counts always or never.
    for (const source of document.querySelectorAll("source[data-look]")) source.media = theme === "auto" ? "(prefers-color-scheme: dark)" : theme === "dark" ? "all" : "not all";
    drawCharts();
  }

  for (const button of document.querySelectorAll(".switch button")) button.addEventListener("click", () => setTheme(button.dataset.theme));
  document.querySelector(".switch").hidden = false;
  wantsDark.addEventListener("change", drawCharts);
  // Paper is white, whatever the screen is.
  window.addEventListener("beforeprint", () => { for (const source of document.querySelectorAll("source[data-look]")) source.media = "not all"; for (const still of document.querySelectorAll(".still")) still.hidden = false; });
  window.addEventListener("afterprint", () => { setTheme(root.dataset.theme || "auto"); for (const still of document.querySelectorAll(".still")) still.hidden = !still.parentElement.querySelector(".drawn").hidden; });
  drawCharts();

  // A table that fits needs no stop of the Tab key.
  function setStops() {
    for (const box of document.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }
  window.addEventListener("resize", setStops);

  // --- texts of others ---

  // Signs that are not seen, turn the reading order or are half a character: shown by their number.
  const SIGNS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

  function texts(text) {
    const nodes = [];
    let end = 0;
    for (const match of text.matchAll(SIGNS)) {
      if (match.index > end) nodes.push(document.createTextNode(text.slice(end, match.index)));
      const name = `U+${match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
      nodes.push(make("span", { className: "sign" }, name));
      end = match.index + match[0].length;
      if (nodes.length > 4000) break; // a text of nothing but such signs
    }
    if (end < text.length) nodes.push(document.createTextNode(text.slice(end)));
    return nodes;
  }

  const isolated = (text) => make("bdi", {}, ...texts(text));
  const number = (count) => (count === null || count === undefined ? "–" : count.toLocaleString("en"));
  const colour = (question) => (question < 1 ? 0 : ((question - 1) % 8) + 1);
  const leftOut = (count) => make("span", { className: "left-out" }, `… ${number(count)} characters left out …`);

  function partTexts([head, , count, tail]) {
    return count ? [...texts(head), leftOut(count), ...texts(tail)] : texts(head);
  }

  // --- the samples ---

  if (!$("sample-data")) { setStops(); return; } // a page of two runs has none
  const { problems, samples } = parse("sample-data");
  const filters = $("filters");
  const LETTERS = { correct: "✓", repetition: "R", truncated: "T", format: "F", shifted: "H", swapped: "S", omitted: "O", summary: "M", wrong: "W", ungraded: "U", error: "E" };
  const WORDS = Object.fromEntries([...filters.elements.outcome.options].filter((option) => option.value).map((option) => [option.value, option.textContent]));
  const PER_PAGE = 50;
  let found = samples;
  let first = 0;
  let opened = null;

  function fill(select, values) {
    for (const value of values) {
      const option = make("option", { value: String(value) });
      option.textContent = String(value);
      select.append(option);
    }
  }

  function chip(slot, position) {
    const sign = LETTERS[slot.outcome] || "?";
    const shown = make("span", { className: slot.outcome === "correct" ? "chip correct" : "chip", title: `position ${position}: ${slot.outcome}`, "aria-hidden": "true" }, sign);
    return shown;
  }

  function row(sample) {
    const button = make("button", { type: "button", className: "open-sample" }, sample.pack_id.slice(0, 8));
    button.addEventListener("click", () => open(sample, true));
    const outcomes = sample.slots.map((slot) => slot.outcome).join(", ");
    const chips = make("span", { className: "chips", role: "img", "aria-label": outcomes }, ...sample.slots.map((slot, index) => chip(slot, index + 1)));
    return make("tr", sample === opened ? { className: "open" } : {},
      make("th", { scope: "row" }, button), make("td", {}, isolated(sample.task)), make("td", {}, String(sample.level)), make("td", {}, number(sample.completion_tokens)), make("td", {}, chips));
  }

  function list() {
    $("found").replaceChildren(...found.slice(first, first + PER_PAGE).map(row));
    const last = Math.min(first + PER_PAGE, found.length);
    $("page").textContent = found.length ? `${number(first + 1)} to ${number(last)} of ${number(found.length)}` : "";
    $("earlier").disabled = first === 0;
    $("later").disabled = last >= found.length;
    $("count").textContent = `${number(found.length)} of ${number(samples.length)} samples match.`;
  }

  function matchesText(sample, pattern) {
    return sample.blocks.some((block) => block.parts.some(([head, , , tail]) => pattern.test(head) || (tail && pattern.test(tail))))
      || sample.slots.some((slot) => pattern.test(problems[slot.problem].question));
  }

  function matches(sample, wanted, pattern) {
    if (wanted.task && sample.task !== wanted.task) return false;
    if (wanted.level && sample.level !== Number(wanted.level)) return false;
    const slots = wanted.position ? sample.slots.slice(Number(wanted.position) - 1, Number(wanted.position)) : sample.slots;
    const fits = (slot) => (!wanted.outcome || slot.outcome === wanted.outcome) && (!wanted.problem || problems[slot.problem].id.toLowerCase().includes(wanted.problem));
    return slots.some(fits) && (!pattern || matchesText(sample, pattern));
  }

  function filter() {
    const value = (name) => filters.elements[name].value;
    const wanted = { task: value("task"), level: value("level"), position: value("position"), outcome: value("outcome"), problem: value("problem").trim().toLowerCase() };
    const text = value("text").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const pattern = text ? new RegExp(text, "i") : null;
    found = samples.filter((sample) => matches(sample, wanted, pattern));
    first = 0;
    list();
  }

  function questions(sample) {
    return sample.slots.map((slot, index) => {
      const problem = problems[slot.problem];
      const text = make("div", { className: "text" }, ...texts([problem.question, ...problem.options].join("\n")));
      return make("div", { className: `question c${colour(index + 1)}` }, make("span", { className: "tag" }, `Q${index + 1}`), make("span", { className: "note" }, "problem ", isolated(problem.id)), text);
    });
  }

  function answer(text) {
    return text === undefined || text === null ? make("span", { className: "nothing" }, "none") : make("span", { className: "text" }, ...texts(text));
  }

  function slotRow(slot, index) {
    const isRight = slot.outcome === "correct";
    const outcome = make("span", { className: isRight ? "right" : "lost" }, slot.outcome);
    const place = slot.answer === undefined ? null : ` (${slot.found_by}${slot.is_marked ? "" : ", place not known"})`;
    return make("tr", {},
      make("th", { scope: "row" }, make("span", { className: `tag c${colour(index + 1)}` }, `Q${index + 1}`)),
      make("td", {}, isolated(problems[slot.problem].id)), make("td", {}, outcome), make("td", {}, answer(slot.answer), place),
      make("td", {}, answer(slot.gold)), make("td", {}, answer(slot.answer_trace)), make("td", {}, number(slot.segment_tokens)));
  }

  function slotTable(sample) {
    const columns = ["question", "problem", "outcome", "answer read", "gold", "last in thinking", "thinking tokens"];
    return make("div", { className: "scroll", role: "group", tabindex: "0", "aria-label": "Answers of this sample" },
      make("table", {}, make("caption", {}, "Answers"), make("thead", {}, make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, name)))), make("tbody", {}, ...sample.slots.map(slotRow))));
  }

  function about(question, level) {
    if (question === undefined) return "thinking";
    return question === 0 ? "plan" : question > level ? "summary" : `Q${question}`;
  }

  // Empty lines at the ends of a block take room and say nothing.
  function trimmed(block) {
    const parts = block.parts.map((part) => [...part]);
    if (parts.length) {
      const last = parts[parts.length - 1];
      parts[0][0] = parts[0][0].replace(/^\s*\n/, "");
      if (last[2]) last[3] = last[3].trimEnd();
      else last[0] = last[0].trimEnd();
    }
    return { ...block, parts };
  }

  function thinking(block, sample) {
    const size = block.parts.reduce((sum, [head, , count, tail]) => sum + head.length + (count || 0) + (tail ? tail.length : 0), 0);
    const folded = make("details", {}, make("summary", {}, `Thinking, ${number(size)} characters`));
    const segments = () => block.parts.map((part) => trimmed({ parts: [part] }).parts[0]).map((part) => {
      const question = part[1][0];
      const shade = question > sample.level || question === undefined ? 0 : colour(question);
      return make("div", { className: `segment c${shade}` }, make("span", { className: "tag" }, about(question, sample.level)), make("span", { className: "text" }, ...partTexts(part)));
    });
    folded.addEventListener("toggle", () => { if (folded.open && folded.children.length === 1) folded.append(...segments()); });
    return folded;
  }

  function finalText(block, sample) {
    const nodes = block.parts.flatMap((part) => {
      if (!part[1].length) return partTexts(part);
      const tags = part[1].map((question) => make("span", { className: `tag c${colour(question)}` }, `Q${question} read: ${sample.slots[question - 1].outcome}`));
      return [...tags, make("mark", { className: `c${colour(part[1][0])}` }, ...partTexts(part))];
    });
    return make("div", { className: "text final" }, ...nodes);
  }

  function legend(sample) {
    const names = [...sample.slots.map((_, index) => [`Q${index + 1}`, colour(index + 1)]), ["plan", 0], ["summary", 0]];
    return make("p", { className: "key" }, "Thinking by question:", ...names.map(([name, shade]) => make("span", { className: `tag c${shade}` }, name)));
  }

  function reply(sample) {
    const nodes = [make("h4", {}, "Reply")];
    if (sample.blocks.some((block) => block.is_thinking)) nodes.push(legend(sample));
    if (sample.sure === false) nodes.push(make("p", { className: "note" }, "The thinking does not say clearly enough which part of it is about which question: the colours are a guess, and no number counts them."));
    if (sample.error) nodes.push(make("p", { className: "warning" }, ...texts(sample.error)));
    for (const block of sample.blocks.map(trimmed)) nodes.push(block.is_thinking ? thinking(block, sample) : finalText(block, sample));
    if (!sample.blocks.length) nodes.push(make("p", { className: "nothing" }, "The reply is empty."));
    return nodes;
  }

  function bar() {
    const place = found.indexOf(opened);
    const step = (name, to) => {
      const button = make("button", { type: "button" }, name);
      button.disabled = place < 0 || to < 0 || to >= found.length;
      button.addEventListener("click", () => { if (to < first || to >= first + PER_PAGE) first = to - (to % PER_PAGE); open(found[to], true); });
      return button;
    };
    const all = make("button", { type: "button" }, "Unfold all");
    all.addEventListener("click", () => { for (const folded of $("sample").querySelectorAll("details")) folded.open = true; });
    return make("div", { className: "bar" }, step("Previous", place - 1), step("Next", place + 1), all);
  }

  function open(sample, moves) {
    opened = sample;
    const ended = { stop: "ended by itself", length: "cut off by the token limit", repetition: "stopped in a repetition", error: "lost to an error" }[sample.finish_reason] ?? "how it ended is not known";
    const facts = `level ${sample.level}, repeat ${sample.repeat} · ${ended} · tokens: prompt ${number(sample.prompt_tokens)}, reply ${number(sample.completion_tokens)}, thinking ${number(sample.thinking_tokens)}`;
    const asked = make("details", {}, make("summary", {}, `The questions of the prompt (${sample.level})`), ...questions(sample));
    $("sample").replaceChildren(bar(), make("h3", { id: "sample-title" }, "Sample ", make("code", {}, sample.pack_id), " of ", isolated(sample.task)), make("p", { className: "facts" }, facts), slotTable(sample), asked, ...reply(sample));
    $("sample").hidden = false;
    document.querySelector(".columns").classList.remove("alone");
    list();
    setStops();
    if (moves) {
      location.hash = `sample-${sample.pack_id}`;
      $("sample").focus({ preventScroll: window.innerWidth > 960 });
    }
  }

  function openNamed() {
    const name = location.hash.replace(/^#sample-/, "");
    const sample = samples.find((each) => each.pack_id === name);
    if (sample && sample !== opened) {
      open(sample, false);
      $("sample").scrollIntoView();
    }
  }

  const unique = (values) => [...new Set(values)];
  fill(filters.elements.task, unique(samples.map((sample) => sample.task)));
  fill(filters.elements.level, unique(samples.map((sample) => sample.level)).sort((a, b) => a - b));
  fill(filters.elements.position, Array.from({ length: samples.reduce((most, sample) => Math.max(most, sample.level), 0) }, (_, index) => index + 1));
  const outcomes = new Set(samples.flatMap((sample) => sample.slots.map((slot) => slot.outcome)));
  for (const option of [...filters.elements.outcome.options]) if (option.value && !outcomes.has(option.value)) option.remove();
  $("letters").append(...[...outcomes].map((outcome) => make("li", {}, make("span", { className: outcome === "correct" ? "chip correct" : "chip" }, LETTERS[outcome] || "?"), ` ${WORDS[outcome] || outcome}`)));
  let waiting = 0;
  filters.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  filters.addEventListener("reset", () => setTimeout(filter));
  filters.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  $("earlier").addEventListener("click", () => { first = Math.max(first - PER_PAGE, 0); list(); });
  $("later").addEventListener("click", () => { first += PER_PAGE; list(); });
  window.addEventListener("hashchange", openNamed);
  document.querySelector(".columns").classList.add("alone");
  $("browser").hidden = false;
  list();
  openNamed();
  setStops();
})();
