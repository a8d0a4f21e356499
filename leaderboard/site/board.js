"use strict";
// What a board does beyond being read: sort, filter, search, a link to what is shown, and charts that answer to the
// pointer. Without it every table is complete. Nothing of a submission is ever read as markup.
(() => {
  const state = new URLSearchParams(location.hash.slice(1));

  function remember(name, value) {
    if (value) state.set(name, value);
    else state.delete(name);
    const hash = state.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  // --- sorting ---

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent.trim() : cell.dataset.value;
  };

  function compare(a, b) {
    if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1; // what is missing goes last, either way
    const [x, y] = [Number(a), Number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y;
  }

  function sort(table, column, descending) {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
    rows.sort(([a], [b]) => (descending && a !== "" && b !== "" ? -compare(a, b) : compare(a, b)));
    body.append(...rows.map(([, row]) => row));
    table.classList.add("resorted");
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  for (const table of document.querySelectorAll("table.board")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const first = column > 0 && table.tBodies[0].rows.length > 0 && !Number.isNaN(Number(valueOf(table.tBodies[0].rows[0], column)));
        const now = head.getAttribute("aria-sort");
        const descending = now ? now === "ascending" : first && button.textContent !== "Rank";
        sort(table, column, descending);
        remember(`${table.id}.sort`, `${column}${descending ? "d" : "a"}`);
      });
    });
    const wanted = /^(\d+)([ad])$/.exec(state.get(`${table.id}.sort`) || "");
    if (wanted && Number(wanted[1]) < table.tHead.rows[0].cells.length) sort(table, Number(wanted[1]), wanted[2] === "d");
  }

  // --- filters ---

  for (const form of document.querySelectorAll("form.filters")) {
    const table = document.getElementById(form.dataset.for);
    const search = form.elements.namedItem("q");
    const boxes = [...form.querySelectorAll('input[name="tier"]')];
    const words = form.querySelector("output");

    function apply() {
      const part = search.value.trim().toLowerCase();
      const tiers = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = !tiers.has(row.dataset.tier) || !row.cells[0].textContent.toLowerCase().includes(part);
        if (!row.hidden) shown += 1;
      }
      words.textContent = `${shown} of ${table.tBodies[0].rows.length}`;
      remember(`${table.id}.q`, search.value.trim());
      remember(`${table.id}.tier`, tiers.size === boxes.length ? "" : [...tiers].join(" ") || "none");
    }

    search.value = state.get(`${table.id}.q`) || "";
    const wanted = state.get(`${table.id}.tier`);
    if (wanted) for (const box of boxes) box.checked = wanted.split(" ").includes(box.value);
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
  }

  // --- charts ---

  const source = document.getElementById("chart-data");
  const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");

  function draw(node, looks) {
    const spec = wantsDark.matches ? { ...looks.light, ...looks.dark } : looks.light;
    // Expressions are interpreted: the policy of the page lets nothing be compiled from text.
    const options = { mode: "vega", ast: true, logLevel: 1, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true } };
    node.hidden = false;
    window.vegaEmbed(node, structuredClone(spec), options).then(
      () => {
        node.firstElementChild.setAttribute("aria-hidden", "true");
        node.parentElement.querySelector(".still").hidden = true;
      },
      (error) => { node.hidden = true; console.error(`chart ${node.dataset.chart}: ${error}`); },
    );
  }

  function drawAll() {
    const charts = JSON.parse(source.textContent);
    for (const node of document.querySelectorAll(".drawn")) if (charts[node.dataset.chart]) draw(node, charts[node.dataset.chart]);
  }

  if (source && window.vegaEmbed) {
    drawAll();
    wantsDark.addEventListener("change", drawAll);
  }
})();
