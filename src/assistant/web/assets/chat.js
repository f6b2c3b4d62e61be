// What the chat page does in the browser. Gradio brings the turn that is going on; here finished
// turns go into the transcript, a screen reader hears two sentences an answer instead of every
// change, and the buttons do their work. Nothing is stored before the member asks for it.
"use strict";

(() => {
  const STORE = "forum-assistant-conversation";
  const UNHEARD = 3000; // milliseconds after sending
  const UNSEEN = 150; // the same, until we say ourselves that the question is on its way
  const SILENCE = 20000; // milliseconds without a word; then we ask whether the server is there
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const word = (key, values = {}) => {
    const text = find("#strings")?.getAttribute(`data-${key.replace(".", "-")}`) ?? "";
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  };
  const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  let shown = ""; // the last turn as it was shown; Gradio replaces it when the next one begins
  let current = "0"; // the id of that turn; its number begins anew when the server does
  let state = "";
  let patience = 0; // until an answer that has begun is asked after
  let unheard = 0; // until a question that brought no turn is
  let unseen = 0; // until we say that it was sent
  let stopped = ""; // the id of the turn that the member stopped last
  let stopping = 0; // until the server has let go of it; before, Gradio drops every question
  let held = null; // the button that was pressed meanwhile

  const say = (text) => {
    const announcer = find("#announcer");
    if (announcer && announcer.textContent !== text) announcer.textContent = text;
  };

  const input = () => find("#question textarea");

  const focusInput = () => {
    const focused = document.activeElement;
    const isLost = !focused || focused === document.body || focused.closest("#buttons, #samples");
    if (isLost) input()?.focus({ preventScroll: true });
  };

  // --- the transcript ---------------------------------------------------------------------------

  const keepShown = () => {
    if (!shown || current === "0") return;
    const item = document.createElement("li");
    item.innerHTML = shown;
    find("#turns")?.append(item);
  };

  const onTurn = () => {
    const turn = find("#turn .turn");
    if (!turn) return;
    if (turn.dataset.id === stopped && turn.dataset.state !== "done") end(turn);
    const { id: now, state: next } = turn.dataset;
    if (now !== current) {
      if (now === "0") {
        find("#turns")?.replaceChildren();
      } else {
        keepShown();
      }
      current = now;
      state = "";
      clearTimeout(unheard);
      forgetSent();
      find("#lost")?.remove();
      document.body.classList.toggle("asked", now !== "0" || hasTurns());
      if (now !== "0") turn.scrollIntoView({ block: "start", behavior: isStill() ? "auto" : "smooth" });
    }
    shown = turn.outerHTML;
    document.body.classList.toggle("busy", next === "searching" || next === "growing");
    if (next !== state) onState(turn, next);
    await_answer(next);
  };

  const onState = (turn, next) => {
    state = next;
    if (next === "searching") {
      say(word("status.searching"));
      input()?.focus({ preventScroll: true });
    } else if (next === "done") {
      const sources = all(".card", turn).length;
      const lead = find(".answer > p:not(.understood), .status p", turn)?.textContent ?? "";
      say(sources ? word("status.answered", { count: sources }) : lead);
      focusInput();
      remember();
      showTools();
    } else if (next === "new") {
      say("");
      focusInput();
      remember();
      showTools();
    }
  };

  // --- a connection that is lost ------------------------------------------------------------------

  const await_answer = (next) => {
    clearTimeout(patience);
    if (next !== "searching" && next !== "growing") return;
    patience = setTimeout(() => lookFor(() => await_answer(next)), SILENCE);
  };

  const lookFor = async (goOn) => {
    if (await isAlive()) goOn();
    else lost();
  };

  // A question that brings no turn was sent to a server that is far away, or not there.
  const onSent = () => {
    const before = current;
    clearTimeout(unheard);
    clearTimeout(unseen);
    unseen = setTimeout(() => current === before && showSent(), UNSEEN);
    unheard = setTimeout(() => current === before && lookFor(() => {}), UNHEARD);
  };

  const showSent = () => {
    if (find("#sent")) return;
    const note = document.createElement("div");
    note.id = "sent";
    note.className = "status";
    note.append(paragraph(word("status.searching")));
    find("#turn").after(note);
    note.scrollIntoView({ block: "nearest" });
    say(word("status.searching"));
  };

  const forgetSent = () => {
    clearTimeout(unseen);
    find("#sent")?.remove();
  };

  const onAsked = (event, button) => {
    if (button.id === "ask" && !input()?.value.trim()) return;
    if (!stopping) return onSent();
    event.preventDefault();
    event.stopPropagation();
    held = button;
    showSent();
  };

  const onKey = (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target === input()) onAsked(event, find("#ask"));
  };
  const onClick = (event) => {
    const pressed = event.target.closest?.("#ask, #samples button, #stop, #new");
    if (!pressed) return;
    if (pressed.id !== "stop" && pressed.id !== "new") return onAsked(event, pressed);
    held = null;
    forgetSent();
    onStop();
  };

  // What is stopped gets no end from the server; what came of it stays.
  const onStop = () => {
    const turn = find("#turn .turn");
    if (!turn || !document.body.classList.contains("busy")) return;
    stopped = turn.dataset.id;
    stopping = setTimeout(onStopped, SILENCE);
    end(turn);
  };

  const onStopped = () => {
    clearTimeout(stopping);
    stopping = 0;
    held?.click();
    held = null;
  };

  new PerformanceObserver((list) => {
    const isLetGo = list.getEntries().some((its) => its.name.endsWith("/gradio_api/reset"));
    if (isLetGo && stopping) setTimeout(onStopped, 100); // Gradio first has to hear it itself.
  }).observe({ type: "resource" });

  const end = (turn) => {
    find(".status", turn)?.remove();
    turn.dataset.state = "done";
  };

  document.addEventListener("keydown", onKey, true); // Gradio lets neither pass
  document.addEventListener("click", onClick, true);

  const isAlive = async () => {
    try {
      return (await fetch("/livez", { cache: "no-store" })).ok;
    } catch {
      return false;
    }
  };

  const lost = () => {
    forgetSent();
    if (find("#lost")) return;
    const note = document.createElement("div");
    note.id = "lost";
    note.className = "status lost";
    note.setAttribute("role", "alert");
    note.append(paragraph(word("error.connection")));
    find("#turn").after(note);
    document.body.classList.remove("busy");
    handOver();
  };

  // Gradio loads the page anew as soon as the server is there again. What was said is handed to the
  // new page in this tab's own history entry, which is emptied at once.
  const handOver = () => {
    const turns = finished().map((its) => its.outerHTML);
    history.replaceState({ ...history.state, turns, question: input()?.value ?? "" }, "");
  };

  const takeOver = () => {
    const { turns, question, ...rest } = history.state ?? {};
    if (!Array.isArray(turns)) return;
    history.replaceState(rest, "");
    putBack(turns);
    const box = input();
    if (!box || typeof question !== "string") return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, question);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const finished = () => [...all("#turns .turn"), ...all("#turn .turn[data-state=done]")];

  const putBack = (turns) => {
    for (const html of turns.filter((its) => typeof its === "string")) {
      const item = document.createElement("li");
      item.innerHTML = html; // Our own markup; the page's policy runs no script in it.
      find("#turns")?.append(item);
    }
    document.body.classList.toggle("asked", hasTurns());
  };

  const paragraph = (text) => {
    const made = document.createElement("p");
    made.textContent = text;
    return made;
  };

  // --- copies of what was said ----------------------------------------------------------------------

  const line = (node) => (node?.textContent ?? "").replace(/\s+/g, " ").trim();

  const turnData = (turn) => {
    const answer = find(".answer", turn);
    if (!answer) return null;
    const said = all(":scope > p, :scope > blockquote, :scope > ul.quotes > li", answer);
    return {
      question: line(find(".question", turn)),
      answer: said.map((its) => (its.matches("li") ? `- ${line(its)}` : line(its))),
      sources: all(".card, .sources > ul > li, .documents li", answer).map((its) => ({
        numbers: line(find(".numbers", its)),
        title: line(find(".title", its)),
        facts: all(".facts > *", its).map(line).join(", "),
        url: find("a.title", its)?.href ?? "",
      })),
    };
  };

  const allTurns = () =>
    finished().map(turnData).filter(Boolean);

  // Words as Markdown shows them: nothing in them is markup, also not an address without brackets.
  const literal = (text) =>
    text
      .replace(/[\\`*_{}[\]<>#|~$&!]/g, "\\$&")
      .replace(/:(?=\/\/)|(?<=\bwww)\./gi, "\\$&")
      .replace(/^[-+=]|^(\d+)(?=[.)])/, (found, number) => (number ? `${number}\\` : `\\${found}`));

  const asMarkdown = ({ question, answer, sources }) => {
    const told = ({ numbers, title, facts, url }) =>
      `- ${[numbers, title, `(${facts})`].filter(Boolean).map(literal).join(" ")}${url && ` <${url}>`}`;
    const said = answer.map((its) => (its.startsWith("- ") ? `- ${literal(its.slice(2))}` : literal(its)));
    return [`## ${literal(question)}`, ...said, sources.map(told).join("\n")].filter(Boolean).join("\n\n");
  };

  const asText = ({ question, answer, sources }) => {
    const told = ({ numbers, title, facts, url }) => `- ${numbers} ${title} (${facts}) ${url}`.replace(/ +/g, " ");
    return [question, ...answer, sources.map(told).join("\n")].filter(Boolean).join("\n\n");
  };

  const download = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  const post = (path, content) =>
    fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });

  const tools = {
    markdown: () => {
      const text = `# ${literal(document.title)}\n\n${allTurns().map(asMarkdown).join("\n\n")}\n`;
      download(new Blob([text], { type: "text/markdown" }), "conversation.md");
    },
    docx: async () => {
      const language = find("#heading [lang]")?.lang ?? "en";
      const response = await post("/export/docx", { title: document.title, language, turns: allTurns() });
      if (response.ok) download(await response.blob(), "conversation.docx");
      else say(word("feedback.failed"));
    },
    print: () => window.print(),
    remember: () => {
      localStorage.setItem(STORE, "[]");
      remember();
      showTools();
    },
    forget: () => {
      localStorage.removeItem(STORE);
      showTools();
    },
  };

  // --- what the member asked the browser to remember --------------------------------------------------

  const stored = () => {
    try {
      return localStorage.getItem(STORE);
    } catch {
      return null; // storage is blocked: nothing is remembered, and nothing breaks
    }
  };

  const remember = () => {
    if (stored() === null) return;
    localStorage.setItem(STORE, JSON.stringify(finished().map((its) => its.outerHTML)));
  };

  const recall = () => {
    let turns = [];
    try {
      turns = JSON.parse(stored() ?? "[]");
    } catch {
      return;
    }
    if (Array.isArray(turns)) putBack(turns);
  };

  const hasTurns = () => all("#turns .turn").length > 0;

  const showTools = () => {
    const isAsked = hasTurns() || find("#turn .turn[data-state=done]") !== null;
    const isRemembered = stored() !== null;
    for (const button of all("[data-tool]")) {
      const tool = button.dataset.tool;
      const isForStorage = tool === "remember" || tool === "forget";
      button.hidden = isForStorage ? (tool === "forget") !== isRemembered || (!isAsked && !isRemembered) : !isAsked;
    }
  };

  // --- below an answer --------------------------------------------------------------------------------

  const actions = {
    copy: async (button) => {
      await navigator.clipboard.writeText(asText(turnData(button.closest(".turn"))));
      confirmed(button, word("action.copied"));
    },
    helpful: (button) => rate(button, "up", ""),
    unhelpful: (button) => askWhy(button),
    send: (button) => rate(button, "down", find("textarea", button.closest(".why")).value),
  };

  const confirmed = (button, text) => {
    const label = button.dataset.label ?? button.textContent;
    button.dataset.label = label;
    button.textContent = text;
    say(text);
    setTimeout(() => (button.textContent = label), 2500);
  };

  const askWhy = (button) => {
    const turn = button.closest(".turn");
    if (find(".why", turn)) return;
    const form = document.createElement("div");
    form.className = "why";
    const id = `why-${turn.dataset.id}`;
    const label = document.createElement("label");
    label.htmlFor = id;
    label.textContent = word("feedback.reason");
    const box = document.createElement("textarea");
    box.id = id;
    box.maxLength = 1000;
    box.rows = 2;
    const send = document.createElement("button");
    send.type = "button";
    send.className = "action";
    send.dataset.action = "send";
    send.textContent = word("feedback.send");
    form.append(label, box, paragraph(word("feedback.notice")), send);
    button.closest(".actions").after(form);
    box.focus();
  };

  const rate = async (button, rating, reason) => {
    const turn = button.closest(".turn");
    const link = find(".actions a.action", turn)?.getAttribute("href") ?? "";
    let isSent = false;
    try {
      isSent = (await post("/feedback", { answer: link, rating, reason })).ok;
    } catch {
      // told below
    }
    const text = word(isSent ? "feedback.thanks" : "feedback.failed");
    find(".why", turn)?.remove();
    if (isSent) all("[data-action=helpful], [data-action=unhelpful]", turn).forEach((its) => its.remove());
    find(".thanks", turn)?.remove();
    const note = paragraph(text);
    note.className = "thanks";
    find(".actions", turn).after(note);
    say(text);
    focusInput();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-action], [data-tool]");
    if (!button) return;
    const act = actions[button.dataset.action] ?? tools[button.dataset.tool];
    act?.(button);
  });

  // --- beginning ----------------------------------------------------------------------------------------

  const tidy = () => {
    const language = find("#heading [lang]")?.lang;
    if (language && document.documentElement.lang !== language) document.documentElement.lang = language;
  };

  const begin = () => {
    const turn = find("#turn");
    if (!turn || !find("#turns")) return void setTimeout(begin, 50);
    recall();
    takeOver();
    new MutationObserver(onTurn).observe(turn, { childList: true, subtree: true, attributes: true });
    new MutationObserver(tidy).observe(find("#heading"), { childList: true, subtree: true });
    new MutationObserver(showTools).observe(find("#tools"), { childList: true, subtree: true });
    new MutationObserver(() => hasTurns() || recall()).observe(find("#transcript"), {
      childList: true,
      subtree: false,
    });
    onTurn();
    tidy();
    showTools();
  };

  begin();
})();
