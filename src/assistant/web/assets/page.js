// The chat page. The server sends markup for every finished answer; this script asks by Gradio's
// documented call, keeps the conversation in the tab, and makes the buttons work. Without it, a
// question is a form and the answer a page.
"use strict";

(() => {
  const BASE = document.documentElement.dataset.base;
  const SILENCE = 45000; // milliseconds without a word, a heartbeat included; then the connection counts as lost
  const UNDO = 15000; // milliseconds for which an old conversation can be brought back
  const KEY = `forum-assistant${BASE}`;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const word = (key, values = {}) => {
    const text = find("#strings").getAttribute(`data-${key.replaceAll(".", "-")}`) ?? "";
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  };
  const composer = find("#composer");
  const box = find("#question");
  const turns = find("#turns");
  const query = new URLSearchParams(location.search);
  const isCompact = document.body.classList.contains("widget");
  let answering = null; // the stream of the answer that is under way, with what is shown of it
  let cleared = null; // the conversation before "New chat", until it is too late to undo that

  const say = (text) => {
    if (find("#announcer").textContent !== text) find("#announcer").textContent = text;
  };
  const trouble = (text = "") => {
    find("#trouble").textContent = text;
    if (text) find("#trouble").scrollIntoView({ block: "nearest" });
  };
  const paragraph = (text, name = "") => Object.assign(document.createElement("p"), { textContent: text, className: name });
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, className: "action" });
    made.addEventListener("click", act);
    return made;
  };
  const isTouch = () => matchMedia("(pointer: coarse)").matches;
  const focusBox = () => {
    const focused = document.activeElement;
    if (!focused || focused === document.body || focused.closest("#composer, .next, #start")) {
      if (!isTouch()) box.focus({ preventScroll: true });
    }
  };

  // --- asking -------------------------------------------------------------------------------------

  const values = (name) => all(`[name=${name}]:checked`, composer).map((input) => input.value);

  const ask = async (question, { everything = false, left = "" } = {}) => {
    if (answering) return;
    trouble();
    if (!question.trim()) return trouble(word("error.empty"));
    if (everything) clearFilters();
    withdrawUndo(); // it would replace what is asked now
    const turn = find("#pending").content.firstElementChild.cloneNode(true);
    find(".question", turn).textContent = question;
    turns.append(turn);
    const mine = (answering = { turn, question, left, stream: null, patience: 0, isRead: false, stop: new AbortController() });
    document.body.classList.add("asked", "busy");
    busy(true);
    fill(left);
    show(turn);
    say(word("status.searching"));
    const data = [question, document.documentElement.lang, values("kinds"), values("languages"),
      values("period")[0] ?? "any", composer.elements.conversation.value, composer.dataset.site, true];
    wait(mine);
    try {
      const response = await fetch(`${BASE}/gradio_api/call/ask`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ data }),
        signal: mine.stop.signal,
      });
      if (!response.ok) return failed(mine, reason(response));
      listen(mine, (await response.json()).event_id);
    } catch {
      failed(mine, word("error.connection"));
    }
  };

  const listen = (mine, event) => {
    if (answering !== mine) return;
    const stream = (mine.stream = new EventSource(`${BASE}/gradio_api/call/ask/${event}`));
    stream.addEventListener("generating", ({ data }) => hear(mine, JSON.parse(data)[0]));
    stream.addEventListener("heartbeat", () => wait(mine));
    stream.addEventListener("complete", () => failed(mine, word("error.unavailable")));
    stream.addEventListener("error", ({ data }) => failed(mine, word(data ? "error.unavailable" : "error.connection")));
  };

  const hear = (mine, reply) => {
    if (answering !== mine) return;
    wait(mine);
    if (reply.state === "trouble") return failed(mine, reply.text);
    const isFirst = mine.turn.dataset.state === "searching";
    if (isFirst) forgetNext();
    inPlace(mine, () => become(mine.turn, asTurn(reply.markup)));
    composer.elements.conversation.value = reply.conversation;
    if (isFirst) show(mine.turn);
    const sources = all(".card", mine.turn).length;
    const told = sources ? word("status.answered", { count: sources }) : (find(".answer .lead", mine.turn)?.textContent ?? "");
    if (reply.state === "growing") {
      if (isFirst) say(`${told}. ${word("status.writing")}`); // once; its sentences are found by whoever reads on
      return;
    }
    end(mine);
    keep();
    say(told);
    tell({ type: "answer", outcome: reply.answer.outcome, sources });
    focusBox();
  };

  // Makes of what is shown what has come. What is the same stays as it is: somebody may be reading
  // it, have marked words in it, or stand on a link of it.
  const GROWS = ".turn, .reply, .answer, .prose, .sources, .cards";
  const isSame = (shown, come) =>
    shown.isEqualNode(come) || (shown.matches(GROWS) && come.matches(GROWS) && shown.className === come.className);
  const become = (shown, come) => {
    for (const { name, value } of come.attributes) shown.setAttribute(name, value);
    let at = shown.firstElementChild;
    const drop = (until) => {
      while (at !== until) {
        const gone = at;
        at = at.nextElementSibling;
        gone.remove();
      }
    };
    for (const part of [...come.children]) {
      let same = at;
      while (same && !isSame(same, part)) same = same.nextElementSibling;
      if (!same) {
        shown.insertBefore(part, at);
        continue;
      }
      drop(same);
      if (!same.isEqualNode(part)) become(same, part);
      at = same.nextElementSibling;
    }
    drop(null);
  };

  // Whoever has begun to read an excerpt finds it where it was when a sentence comes above it.
  const inPlace = (mine, change) => {
    const held = mine.isRead ? find(".excerpt", mine.turn) : null;
    const before = held?.getBoundingClientRect().top;
    change();
    if (held?.isConnected) scrollBy({ top: held.getBoundingClientRect().top - before, behavior: "instant" });
  };
  for (const sign of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    addEventListener(sign, ({ target }) => {
      if (answering?.turn.dataset.state === "growing" && !target.closest?.("#composer")) answering.isRead = true;
    }, { passive: true });
  }

  // Why no answer comes stands above the box, which has the question again; one that was offered is
  // on its button still, and what is half written stays. So does an answer that was still growing.
  const failed = (mine, text) => {
    if (answering !== mine) return;
    if (mine.turn.dataset.state === "growing") return cutShort(mine, text);
    end(mine);
    mine.turn.remove();
    document.body.classList.toggle("asked", turns.childElementCount > 0);
    if (!box.value) fill(mine.question);
    trouble(text);
    say("");
    keep();
    focusBox();
  };

  const stop = () => {
    if (!answering) return;
    cutShort(answering, word("status.stopped"));
    if (!isTouch()) box.focus({ preventScroll: true });
  };

  // What has come stands, with the reason why nothing more does.
  const cutShort = (mine, text) => {
    end(mine);
    mine.turn.dataset.state = "stopped";
    find(".status", mine.turn).textContent = text;
    say(text);
    keep();
  };

  const end = (mine) => {
    clearTimeout(mine.patience);
    mine.stream?.close();
    mine.stop.abort();
    answering = null;
    busy(false);
  };

  const busy = (is) => {
    document.body.classList.toggle("busy", is);
    find("#ask").hidden = is;
    find("#stop").hidden = !is;
  };

  const wait = (mine) => {
    clearTimeout(mine.patience);
    mine.patience = setTimeout(() => failed(mine, word("error.connection")), SILENCE);
  };

  const reason = ({ status, headers }) => {
    if (status === 429) {
      const count = headers.get("retry-after") ?? 60;
      return word(`error.wait.${Number(count) === 1 ? "one" : "other"}`, { count });
    }
    return word(status === 503 ? "error.busy" : "error.unavailable");
  };

  const asTurn = (markup) => {
    const made = document.createElement("template");
    made.innerHTML = markup; // Our own markup; the page's policy runs no script in it.
    return made.content.firstElementChild;
  };

  const show = (turn) => {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    turn.scrollIntoView({ block: "start", behavior: isStill ? "auto" : "smooth" });
  };

  const forgetNext = () => all(".next", turns).forEach((offered) => offered.remove());

  const fill = (text) => {
    box.value = text;
    measure();
  };

  // Where the browser does not let the box grow by itself.
  const measure = () => {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.blockSize = "auto";
    box.style.blockSize = `${box.scrollHeight}px`;
  };

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    if (pressed?.name === "offered") ask(pressed.value, { left: box.value });
    else if (pressed?.name === "everything") ask(pressed.value, { everything: true, left: box.value });
    else ask(box.value);
  });
  box.addEventListener("input", () => {
    measure();
    keep();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    ask(box.value);
  });
  find("#stop").addEventListener("click", stop);

  // --- the conversation, kept in the tab ------------------------------------------------------------

  const stores = { tab: "sessionStorage", device: "localStorage" };
  const stored = (where) => {
    try {
      return JSON.parse(window[stores[where]].getItem(KEY));
    } catch {
      return null; // nothing, or storage is blocked
    }
  };
  const store = (where, what) => {
    try {
      if (what) window[stores[where]].setItem(KEY, JSON.stringify(what));
      else window[stores[where]].removeItem(KEY);
    } catch {
      if (where === "tab") tell({ type: "keep", kept: what ? JSON.stringify(what) : "" });
    }
  };
  const state = () => ({
    turns: all(":scope > .turn:not([data-state=searching], [data-state=growing])", turns).map((turn) => turn.outerHTML),
    conversation: composer.elements.conversation.value,
    draft: box.value,
  });
  const keep = () => {
    const now = state();
    store("tab", now.turns.length || now.draft ? now : null);
    if (stored("device")) store("device", { ...now, draft: "" });
    showTools();
  };
  const restore = (kept) => {
    if (!kept || !Array.isArray(kept.turns)) return;
    turns.replaceChildren(...kept.turns.map(asTurn).filter((turn) => turn?.matches("li.turn")));
    for (const place of all(".translate", turns)) {
      find(".status", place)?.remove(); // what was under way when the page was left
      find("button", place)?.removeAttribute("aria-disabled");
    }
    composer.elements.conversation.value = String(kept.conversation ?? "");
    if (kept.draft && !box.value) fill(String(kept.draft));
    document.body.classList.toggle("asked", turns.childElementCount > 0);
    showTools();
  };

  find("#new").addEventListener("click", (event) => {
    event.preventDefault();
    stop();
    const before = state();
    trouble();
    turns.replaceChildren();
    composer.elements.conversation.value = "";
    fill("");
    document.body.classList.remove("asked");
    keep();
    say(word("page.cleared"));
    if (before.turns.length) offerUndo(before);
    scrollTo(0, 0);
    if (!isTouch()) box.focus({ preventScroll: true });
  });

  const withdrawUndo = () => {
    clearTimeout(cleared?.timer);
    cleared?.note.remove();
  };
  const offerUndo = (before) => {
    withdrawUndo();
    const note = paragraph(word("page.cleared"), "undo");
    note.append(" ", button(word("button.undo"), () => {
      note.remove();
      restore(before);
      keep();
      box.focus({ preventScroll: true });
    }));
    find("main").prepend(note);
    cleared = { note, timer: setTimeout(() => note.remove(), UNDO) };
  };

  // --- filters --------------------------------------------------------------------------------------

  const chosen = () => all("#filters input:checked").filter((input) => input.value !== "any");
  const clearFilters = () => {
    for (const input of all("#filters input")) input.checked = input.value === "any";
    showFilters();
  };
  const showFilters = () => {
    const count = find("#filters .count");
    count.textContent = chosen().length;
    count.hidden = !chosen().length;
    const chips = chosen().map((input) => {
      const name = input.closest("label").textContent.trim();
      const chip = button(`${name} ✕`, () => {
        if (input.type === "radio") find("#filters [value=any]").checked = true;
        else input.checked = false;
        showFilters();
        box.focus({ preventScroll: true });
      });
      chip.setAttribute("aria-label", word("filters.remove", { filter: name }));
      const item = document.createElement("li");
      item.append(chip);
      return item;
    });
    find("#chips").replaceChildren(...chips);
    find("#chips").hidden = !chips.length;
  };
  find("#filters").addEventListener("change", showFilters);

  // A menu closes when something else is pressed, and by Escape.
  const closeMenus = (except) => all("details.menu[open]").forEach((menu) => menu !== except && (menu.open = false));
  document.addEventListener("click", ({ target }) => closeMenus(target.closest?.("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = find("details.menu[open]");
    if (!open && !passage.hidden) return hidePassage();
    if (!open) return void tell({ type: "close" });
    closeMenus();
    find("summary", open).focus();
  });

  // --- below an answer --------------------------------------------------------------------------------

  const post = (path, content) =>
    fetch(`${BASE}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });

  // Pages by http and frames without a permission have no clipboard, but may copy what is marked.
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const held = Object.assign(document.createElement("textarea"), { className: "unseen", value: text });
      document.body.append(held);
      held.select();
      const isCopied = document.execCommand("copy");
      held.remove();
      return isCopied;
    }
  };
  const confirm = (pressed, text) => {
    pressed.dataset.label ??= pressed.textContent;
    pressed.textContent = text;
    say(text);
    setTimeout(() => (pressed.textContent = pressed.dataset.label), 2500);
  };
  const copyTo = async (pressed, text, done) => confirm(pressed, word((await copied(text)) ? done : "action.copy_failed"));

  const askWhy = (turn) => {
    if (find(".why", turn)) return find(".why input", turn).focus();
    const form = find("#why").content.firstElementChild.cloneNode(true);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { cause, reason: told } = Object.fromEntries(new FormData(form));
      rate(turn, "down", cause, told);
    });
    find(".actions", turn).after(form);
    find("input", form).focus();
  };

  const rate = async (turn, rating, cause = "", told = "") => {
    const answer = find("[data-action=link]", turn).getAttribute("href");
    const isSent = await post("/feedback", { answer, rating, cause, reason: told }).then((response) => response.ok, () => false);
    const text = word(isSent ? "feedback.thanks" : "feedback.failed");
    if (isSent) find(".rating", turn)?.remove();
    if (isSent) find(".why", turn)?.remove();
    find(".thanks", turn)?.remove();
    find(".actions", turn).after(paragraph(text, "thanks"));
    say(text);
    keep();
    focusBox();
  };

  // What an endpoint of the engine says that says one thing alone.
  const called = async (name, ...data) => {
    const response = await post(`/gradio_api/call/${name}`, { data });
    if (!response.ok) return { state: "trouble", text: reason(response) };
    const { event_id: event } = await response.json();
    return new Promise((resolve) => {
      const stream = new EventSource(`${BASE}/gradio_api/call/${name}/${event}`);
      let patience = null;
      const done = (told) => {
        clearTimeout(patience);
        stream.close();
        resolve(told);
      };
      const failed = (key) => () => done({ state: "trouble", text: word(key) });
      const wait = () => {
        clearTimeout(patience);
        patience = setTimeout(failed("error.connection"), SILENCE);
      };
      wait();
      stream.addEventListener("heartbeat", wait);
      stream.addEventListener("complete", ({ data }) => done(JSON.parse(data)[0]));
      stream.addEventListener("error", ({ data }) => failed(data ? "error.unavailable" : "error.connection")());
    });
  };

  // The translation comes below the original, which stays as it is; why there is none, likewise.
  const translate = async (pressed) => {
    const place = pressed.parentElement;
    const { document: id, start, end, into, seen } = pressed.dataset;
    if (pressed.getAttribute("aria-disabled")) return;
    pressed.setAttribute("aria-disabled", "true");
    find(".status", place)?.remove();
    const status = Object.assign(document.createElement("span"), { className: "status", textContent: word("status.translating") });
    place.append(" ", status);
    say(word("status.translating"));
    const lost = () => ({ state: "trouble", text: word("error.connection") });
    const told = await called("translate", id, Number(start), Number(end), into, seen, true).catch(lost);
    if (told.state === "done") {
      const made = asTurn(told.markup);
      const isFocused = document.activeElement === pressed;
      place.replaceWith(made);
      say(find(".label", made).textContent);
      if (isFocused) made.focus({ preventScroll: true });
    } else {
      pressed.removeAttribute("aria-disabled");
      status.textContent = told.text;
      say(told.text);
    }
    keep();
  };

  turns.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-action]");
    if (!pressed) return;
    const turn = pressed.closest(".turn");
    const act = {
      copy: () => copyTo(pressed, ForumExport.asText(ForumExport.turn(turn)), "action.copied"),
      link: () => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        copyTo(pressed, pressed.href, "action.linked");
      },
      // Without an entry in the browser's history: Back leaves the page, in a frame also the one around.
      excerpt: () => {
        event.preventDefault();
        location.replace(pressed.hash);
      },
      passage: () => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        showPassage(pressed);
      },
      helpful: () => rate(turn, "up"),
      unhelpful: () => askWhy(turn),
      translate: () => translate(pressed),
    };
    act[pressed.dataset.action]?.();
  });

  // The document that is cited, beside the answer, at the marked words; without room, as a sheet.
  const passage = find("#passage");
  let opener = null;
  const showPassage = async (link) => {
    try {
      const response = await fetch(link.href);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      // No page but this one may be shown in a frame.
      if (!response.ok && isCompact) return trouble(find("main", page)?.textContent.trim() || word("error.unavailable"));
      if (!response.ok) return void (location.href = link.href);
      find("div", passage).replaceChildren(find("article", page)); // our own markup, without a script
    } catch {
      return trouble(word("error.connection"));
    }
    opener = link;
    passage.hidden = false;
    document.body.classList.add("beside");
    passage.focus({ preventScroll: true });
    const mark = find("#marked", passage);
    passage.scrollTop = 0;
    if (mark) passage.scrollTop = mark.getBoundingClientRect().top - passage.getBoundingClientRect().top - passage.clientHeight / 3;
  };
  const hidePassage = () => {
    passage.hidden = true;
    document.body.classList.remove("beside");
    opener?.focus({ preventScroll: true });
  };
  find("#close-passage").addEventListener("click", hidePassage);

  // --- a copy of the conversation -----------------------------------------------------------------------

  const download = (blob, name) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  const told = () => all(".turn", turns).map(ForumExport.turn).filter(Boolean);
  const tools = {
    markdown: () => download(new Blob([ForumExport.asMarkdown(document.title, told())], { type: "text/markdown" }), "conversation.md"),
    docx: async () => {
      try {
        const response = await post("/export/docx", { title: document.title, language: document.documentElement.lang, turns: told() });
        if (!response.ok) return trouble(reason(response));
        download(await response.blob(), "conversation.docx");
      } catch {
        trouble(word("error.connection"));
      }
    },
    print: () => window.print(),
    remember: () => store("device", { ...state(), draft: "" }),
    forget: () => store("device", null),
  };
  const showTools = () => {
    const isAsked = turns.childElementCount > 0;
    const isRemembered = Boolean(stored("device"));
    find("#tools").hidden = !isAsked && !isRemembered;
    for (const tool of all("[data-tool]")) {
      const { tool: name } = tool.dataset;
      tool.hidden = name === "forget" ? !isRemembered : name === "remember" ? isRemembered : !isAsked;
    }
  };
  find("#tools").addEventListener("click", async ({ target }) => {
    const act = tools[target.dataset?.tool];
    if (!act) return;
    closeMenus();
    trouble();
    await act();
    showTools();
  });

  // --- inside a frame: what is told to the page around, and what that page may ask -----------------------

  const site = /^https?:\/\/[\w.:-]+$/.test(query.get("site") ?? "") ? query.get("site") : null;
  const isFramed = isCompact && site !== null && window.parent !== window;
  const tell = (message) => {
    if (isFramed) window.parent.postMessage({ forumAssistant: 1, ...message }, site);
  };
  const colour = () => {
    const accent = query.get("accent") ?? "";
    if (!/^#[0-9a-f]{6}$/i.test(accent)) return;
    const parts = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16) / 255);
    const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue; // WCAG 2.2, relative luminance
    const theme = document.documentElement.dataset.theme;
    const isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const contrast = isDark ? (light + 0.05) / 0.059 : 1.05 / (light + 0.05);
    if (contrast >= 4.5) document.documentElement.style.setProperty("--accent", accent);
  };
  if (isFramed) {
    colour();
    addEventListener("message", ({ origin, source, data }) => {
      if (origin !== site || source !== window.parent) return;
      if (typeof data !== "object" || data === null || data.forumAssistant !== 1) return;
      if (data.type === "ask" && typeof data.text === "string" && data.text.length <= 2000) {
        if (answering) fill(data.text);
        else ask(data.text, { left: box.value });
      } else if (data.type === "kept" && typeof data.kept === "string" && !turns.childElementCount) {
        try {
          restore(JSON.parse(data.kept));
        } catch {
          // nothing that we wrote
        }
      }
    });
    // A source on the site around us opens in its tab, any other in a tab of its own.
    addEventListener("click", ({ target }) => {
      const link = target.closest?.("a[href]");
      if (link && link.origin === site) link.target = "_top";
    }, true);
  }

  // --- beginning ------------------------------------------------------------------------------------------

  // What a form has just been answered with goes before what the tab kept.
  if (!turns.childElementCount) restore(stored("tab") ?? stored("device"));
  else keep();
  showFilters();
  showTools();
  const warming = find("#warming");
  const look = async () => {
    const isReady = await fetch(`${BASE}/readyz`, { cache: "no-store" }).then((response) => response.ok, () => false);
    if (isReady) warming.remove();
    else setTimeout(look, 3000);
  };
  if (warming) look();
  tell({ type: "ready" });
})();
