// Conveniences only: every page works without this file.
"use strict";
(() => {
  document.documentElement.classList.add("js");

  // Language and theme were kept in cookies; the address need not repeat them.
  const here = new URL(location.href);
  if (here.searchParams.has("lang") || here.searchParams.has("theme")) {
    here.searchParams.delete("lang");
    here.searchParams.delete("theme");
    history.replaceState(null, "", here);
  }

  // On a phone the bar of rooms is longer than the screen for those who may enter many.
  document.querySelector(".side li [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // `/` and Ctrl-K open the palette: what is found and what can be done, while one types.
  const palette = document.querySelector("dialog.palette");
  const open = palette ? watch(palette) : null;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    const wanted = (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey)
      || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey));
    if (open && wanted) {
      event.preventDefault();
      open();
    }
  });

  function watch(palette) {
    const form = palette.querySelector("form");
    const field = form.elements.q;
    const found = palette.querySelector("[role=listbox]");
    let asking = null;
    let asked = null;
    let timer = 0;
    let rows = [];
    let chosen = -1;

    const choose = (place) => {
      rows[chosen]?.setAttribute("aria-selected", "false");
      chosen = rows.length ? (place + rows.length) % rows.length : -1;
      field.setAttribute("aria-activedescendant", chosen < 0 ? "" : rows[chosen].id);
      rows[chosen]?.setAttribute("aria-selected", "true");
      rows[chosen]?.scrollIntoView({ block: "nearest" });
    };
    const show = (text) => {
      const answer = new DOMParser().parseFromString(text, "text/html");
      // On /search the same groups stand on the page already.
      for (const heading of answer.querySelectorAll("h2[id]")) {
        heading.id = `palette-${heading.id}`;
        heading.closest("section")?.setAttribute("aria-labelledby", heading.id);
      }
      for (const group of answer.querySelectorAll("section")) group.setAttribute("role", "group");
      for (const list of answer.querySelectorAll("ul, li, li form")) list.setAttribute("role", "presentation");
      found.replaceChildren(...answer.body.childNodes);
      rows = [...found.querySelectorAll("a, button")];
      rows.forEach((row, place) => {
        row.id = `palette-row-${place}`;
        row.tabIndex = -1;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
      });
      chosen = -1;
      choose(0);
    };
    const ask = async () => {
      const text = field.value.trim();
      if (text === asked) return;
      asked = text;
      // The last question counts; answers to those before are not waited for.
      asking?.abort();
      const mine = asking = new AbortController();
      const query = new URLSearchParams({ q: text, from: location.pathname + location.search });
      try {
        const answer = await fetch(`/search?${query}`, { signal: mine.signal });
        if (answer.redirected) return location.assign(`/search?${new URLSearchParams({ q: text })}`);
        const body = answer.ok ? await answer.text() : "";
        if (asking === mine) show(body);
      } catch {
        // Without an answer what was typed can still be sent.
        if (asking === mine) { asked = null; show(""); }
      }
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 120);
    });
    field.addEventListener("keydown", (event) => {
      // Enter and arrows that pick a Chinese word are not ours.
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        choose(chosen + step);
      } else if (event.key === "Escape") {
        // The field would only be emptied.
        event.preventDefault();
        palette.close();
      } else if (event.key === "Enter" && asked === field.value.trim() && rows[chosen]) {
        event.preventDefault();
        rows[chosen].click();
      }
    });
    palette.addEventListener("click", (event) => {
      if (event.target === palette || event.target.closest("a")) palette.close();
    });
    return () => {
      if (!palette.open) palette.showModal();
      field.select();
      ask();
    };
  }

  // Filters hold as soon as they are chosen; empty ones stay out of the address.
  for (const form of document.querySelectorAll("form[data-auto-submit], form.search, form.conditions")) {
    form.addEventListener("submit", () => {
      for (const field of form.elements) {
        if (field.value === "") field.disabled = true;
      }
    });
    form.addEventListener("change", (event) => {
      if ("autoSubmit" in form.dataset && event.target.matches("select")) form.requestSubmit();
    });
  }
  // Coming back, the browser shows the page as it was left: with fields still disabled.
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form :disabled")) field.disabled = false;
  });

  // What is typed into a new row stays on this device until it is kept: a lost connection loses nothing.
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = `draft:${form.dataset.draft}`;
    const fields = () => [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
    const put = () => {
      const typed = fields().map((field) => [field.name, field.type === "checkbox" ? "" : field.value]);
      try { localStorage.setItem(key, JSON.stringify(typed)); } catch { /* Without room the form still works. */ }
    };
    try {
      // A form that comes back with what was typed knows better.
      const kept = form.querySelector("[aria-invalid]") ? null : JSON.parse(localStorage.getItem(key) ?? "null");
      for (const [name, value] of kept ?? []) if (value && form.elements[name]) form.elements[name].value = value;
    } catch { localStorage.removeItem(key); }
    form.addEventListener("input", put);
    form.addEventListener("submit", () => sessionStorage.setItem("sent", key));
  }
  // A form that was sent and does not come back was kept; whoever signs out leaves nothing on the device.
  const sent = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  const isBack = [...document.querySelectorAll("form[data-draft]")].some((form) => `draft:${form.dataset.draft}` === sent);
  if (sent && !isBack) localStorage.removeItem(sent);
  document.querySelector("form[action='/logout']")?.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
  });
  document.addEventListener("click", (event) => {
    const out = event.target instanceof Element ? event.target.closest("form[data-draft] a.button") : null;
    if (out) localStorage.removeItem(`draft:${out.closest("form").dataset.draft}`);
  });

  // Values of charts at once and beside the pointer, instead of the browser's slow hint.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  for (const mark of document.querySelectorAll("svg .hover, svg.hover")) {
    const title = mark.querySelector(":scope > title");
    if (!title) continue;
    mark.dataset.tip = title.textContent;
    mark.setAttribute("aria-label", title.textContent);
    title.remove();
  }
  const hide = () => { tip.hidden = true; };
  document.addEventListener("pointermove", (event) => {
    const mark = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    if (!mark) return hide();
    if (tip.textContent !== mark.dataset.tip) tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = event.clientX + 16 + width > innerWidth ? event.clientX - width - 12 : event.clientX + 16;
    const top = Math.min(event.clientY + 12, innerHeight - height - 8);
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${Math.max(8, top)}px`;
  });
  document.addEventListener("scroll", hide, { passive: true });
})();
