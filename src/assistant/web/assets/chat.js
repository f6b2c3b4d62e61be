// What the chat page does in the browser. Gradio brings the turn that is going on; here finished
// turns go into the transcript, a screen reader hears two sentences an answer instead of every
// change, and the buttons do their work. Nothing is stored before the member asks for it.
"use strict";

(() => {
  const STORE = "forum-assistant-conversation";
  const LONGEST_PAST = 30000; // characters of links, with which the server recalls what was said; sent twice
  const AGAIN = 250; // milliseconds until the button is pressed again, where Gradio heard nothing
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

  let isBegun = false; // whether all that Gradio makes is there
  let early = null; // what was asked before that
  let past = []; // the finished turns, as markup; Gradio may make their place anew
  let pending = ""; // the question that has no whole answer yet
  let draft = ""; // what the box holds once that is on its way
  let handed = null; // what the page before this one handed over, until Gradio is ready for it
  let isRecalled = false; // whether the server was told of them
  let shown = ""; // the last turn as it was shown; Gradio replaces it when the next one begins
  let current = "0"; // the id of that turn; its number begins anew when the server does
  let state = "";
  let patience = 0; // until an answer that has begun is asked after
  let unheard = 0; // until a question that brought no turn is
  let unseen = 0; // until we say that it was sent
  let pressing = 0; // until the button is pressed again
  let stopped = ""; // the id of the turn that the member stopped last

  const say = (text) => {
    const announcer = find("#announcer");
    if (announcer && announcer.textContent !== text) announcer.textContent = text;
  };

  const input = () => find("#question textarea");
  const isBusy = () => document.body.classList.contains("busy");

  const focusInput = () => {
    const focused = document.activeElement;
    const isLost = !focused || focused === document.body || focused.closest("#buttons, #samples");
    if (isLost) input()?.focus({ preventScroll: true });
  };

  // --- the transcript ---------------------------------------------------------------------------

  const keepShown = () => {
    if (!shown || current === "0") return;
    past.push(shown);
    const item = asItem(shown);
    find("#turns")?.append(item);
    item.style.contentVisibility = "visible"; // Once, so that what follows it knows where it stands.
    item.style.containIntrinsicHeight = `auto ${item.offsetHeight}px`;
    item.style.contentVisibility = "";
  };

  const asItem = (html) => {
    const item = document.createElement("li");
    item.innerHTML = html; // Our own markup; the page's policy runs no script in it.
    return item;
  };

  const drawPast = () => {
    find("#turns")?.replaceChildren(...past.map(asItem));
    document.body.classList.toggle("asked", past.length > 0);
  };

  const onTranscript = () => {
    if (past.length && !find("#turns .turn")) drawPast(); // Gradio made it anew, in another language.
  };

  const onTurn = () => {
    const turn = find("#turn .turn");
    if (!turn) return;
    if (turn.dataset.id === stopped && turn.dataset.state !== "done") end(turn);
    const { id: now, state: next } = turn.dataset;
    if (now !== current) {
      if (now === "0") {
        past = [];
        find("#turns")?.replaceChildren();
      } else {
        keepShown();
      }
      current = now;
      state = "";
      clearTimeout(unheard);
      forgetNotes();
      document.body.classList.toggle("asked", now !== "0" || past.length > 0);
      if (now !== "0") turn.scrollIntoView({ block: "start", behavior: isStill() ? "auto" : "smooth" });
    }
    shown = turn.outerHTML;
    document.body.classList.toggle("busy", next === "searching" || next === "growing");
    if (next !== state) onState(turn, next);
    awaitAnswer(next);
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
      if (!find(".answer", turn) && !input()?.value) fill(input(), pending);
      pending = "";
      letGo();
      focusInput();
      remember();
      showTools();
    } else if (next === "new") {
      say("");
      pending = "";
      focusInput();
      remember();
      showTools();
    }
  };

  // --- questions that get no answer ---------------------------------------------------------------

  const awaitAnswer = (next) => {
    clearTimeout(patience);
    if (next !== "searching" && next !== "growing") return;
    patience = setTimeout(() => lookFor(() => awaitAnswer(next)), SILENCE);
  };

  const lookFor = async (goOn) => {
    if (!(await isAlive())) return lost();
    listen();
    goOn();
  };

  // Gradio may have closed the stream that the answer comes by; for any other event it opens one.
  const listen = () => find("#past textarea").dispatchEvent(new FocusEvent("blur"));

  // A question that brings no turn was sent to a server that is far away, or not there.
  const ask = (question, left = "") => {
    if (!isBegun) return void (early = [question, left]);
    if (isBusy() || pressing) return;
    if (!question.trim()) return showTrouble(word("error.empty"));
    const before = current;
    const goOn = (after) => {
      unheard = setTimeout(() => current === before && lookFor(() => goOn(2 * after)), after);
    };
    forgetNotes();
    pending = question;
    draft = left;
    unseen = setTimeout(() => current === before && showSent(), UNSEEN);
    goOn(UNHEARD);
    press();
  };

  // Gradio drops what it is asked before it is done with the question before, and tells nobody.
  const press = () => {
    pressing = setTimeout(press, AGAIN);
    if (input().value !== pending) fill(input(), pending);
    find("#ask").dispatchEvent(new CustomEvent("click", { bubbles: true }));
  };

  const release = () => {
    clearTimeout(pressing);
    pressing = 0;
  };

  const isPending = (request) => {
    try {
      return pressing && JSON.parse(request[1].body).data[0] === pending;
    } catch {
      return false;
    }
  };

  const showSent = () => {
    if (find("#sent")) return;
    showNote("sent", word("status.searching"));
    say(word("status.searching"));
  };

  const showTrouble = (text) => {
    forgetNotes();
    showNote("trouble", text).setAttribute("role", "alert");
  };

  const showNote = (id, text) => {
    const note = document.createElement("div");
    note.id = id;
    note.className = "status";
    note.append(paragraph(text));
    find("#turn").after(note);
    note.scrollIntoView({ block: "nearest" });
    return note;
  };

  const forgetNotes = () => {
    release();
    clearTimeout(unseen);
    clearTimeout(unheard);
    find("#sent")?.remove();
    find("#trouble")?.remove();
  };

  const lost = () => {
    if (!find("#trouble")) showTrouble(word("error.connection"));
    document.body.classList.remove("busy");
    if (!input()?.value) fill(input(), pending);
    handOver();
  };

  const reason = ({ status, headers }) => {
    if (status === 429) return word("error.wait", { seconds: headers.get("retry-after") ?? 60 });
    return word(status === 503 ? "error.busy" : "error.unavailable");
  };

  const refused = (response) => {
    if (draft) fill(input(), draft); // The question is on its button still, or in the box.
    pending = "";
    document.body.classList.remove("busy");
    showTrouble(reason(response));
  };

  // Of what goes wrong here, Gradio tells in English, or nothing.
  const plainFetch = window.fetch;
  window.fetch = async (...request) => {
    const { pathname } = new URL(request[0]?.url ?? request[0], location.href);
    // Asked once a connection was lost; as soon as Gradio hears, it loads the page anew.
    if (pathname.endsWith("/gradio_api/app_id")) pending ? lost() : handOver();
    if (!pathname.endsWith("/gradio_api/queue/join") || !isPending(request)) return plainFetch(...request);
    release();
    try {
      const response = await plainFetch(...request);
      if (!response.ok) refused(response);
      else if (input().value === pending) fill(input(), draft);
      return response;
    } catch (problem) {
      lost();
      throw problem;
    }
  };

  const onKey = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== input()) return;
    event.preventDefault();
    ask(input().value);
  };

  const onClick = (event) => {
    const pressed = event.target.closest?.("#ask, #samples button, #stop, #new");
    if (!pressed || event instanceof CustomEvent) return;
    if (pressed.id === "stop" || pressed.id === "new") {
      forgetNotes();
      return onStop();
    }
    event.stopPropagation();
    if (pressed.id === "ask") ask(input().value);
    else ask(pressed.textContent, input().value);
  };

  // What is stopped gets no end from the server; what came of it stays.
  const onStop = () => {
    const turn = find("#turn .turn");
    if (!turn || !isBusy()) return;
    stopped = turn.dataset.id;
    end(turn);
  };

  const end = (turn) => {
    find(".status", turn)?.remove();
    turn.dataset.state = "done";
  };

  document.addEventListener("keydown", onKey, true); // Gradio lets neither pass
  document.addEventListener("click", onClick, true);
  // The page around the widget asks; what it asks during an answer waits in the box.
  document.addEventListener("assistant:ask", ({ detail: question }) => {
    if (isBusy() || pressing) fill(input(), question);
    else ask(question, input()?.value);
  });

  const isAlive = async () => {
    try {
      return (await fetch("/livez", { cache: "no-store" })).ok;
    } catch {
      return false;
    }
  };

  // What was said is handed to the page that Gradio loads anew in this tab's own history entry, which
  // is emptied at once.
  const handOver = () => {
    if (handed) return; // It is still there.
    const turns = finished().map((its) => its.outerHTML);
    history.replaceState({ ...history.state, turns, question: input()?.value || pending, pending }, "");
  };

  const letGo = () => {
    const { turns, question, pending: unanswered, ...rest } = history.state ?? {};
    if (turns) history.replaceState(rest, "");
  };

  const takeOver = () => {
    handed = Array.isArray(history.state?.turns) ? history.state : null;
    if (!handed) return;
    past = handed.turns.filter((its) => typeof its === "string");
    drawPast();
  };

  const onWords = () => {
    const header = find("#heading header");
    if (!header) return;
    if (document.documentElement.lang !== header.lang) document.documentElement.lang = header.lang;
    if ("draft" in header.dataset) return;
    if (past.length && current === "0" && !isRecalled) recallLinks();
    if (!handed) return;
    const { question, pending: unanswered } = handed;
    letGo();
    handed = null;
    pending = unanswered;
    if (unanswered) showTrouble(word("error.connection"));
    fill(input(), question);
  };

  // The server believes no words of ours; the links of its answers are signed.
  const recallLinks = () => {
    isRecalled = true;
    let left = LONGEST_PAST;
    const links = past.map((its) => find(".actions a.action", asItem(its))?.getAttribute("href") ?? "");
    const kept = links.reverse().filter((its) => its && (left -= its.length + 1) > 0);
    fill(find("#past textarea"), kept.reverse().join("\n"));
  };

  const fill = (box, text) => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const finished = () => [...all("#turns .turn"), ...all("#turn .turn[data-state=done]")];

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
    const said = all(":scope > p, .excerpt > p, .excerpt li, .excerpt tr, .excerpt blockquote", answer);
    return {
      question: line(find(".question", turn)),
      answer: said.map(asLine).filter(Boolean),
      sources: all(".card, .sources > ul > li, .documents li", answer).map((its) => ({
        numbers: line(find(".numbers", its)),
        title: line(find(".title", its)),
        facts: all(".facts > *", its).map(line).join(", "),
        url: find("a.title", its)?.href ?? "",
      })),
    };
  };

  const asLine = (part) => {
    if (part.matches("tr")) return all("th, td", part).map(line).join(" | ");
    return part.matches("li") ? `- ${line(part)}` : line(part);
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
      try {
        const response = await post("/export/docx", { title: document.title, language, turns: allTurns() });
        if (response.ok) download(await response.blob(), "conversation.docx");
        else showTrouble(reason(response));
      } catch {
        showTrouble(word("error.unavailable"));
      }
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
    if (Array.isArray(turns)) past = turns.filter((its) => typeof its === "string");
  };

  const showTools = () => {
    const isAsked = past.length > 0 || find("#turn .turn[data-state=done]") !== null;
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
      const isCopied = await copied(asText(turnData(button.closest(".turn"))));
      confirmed(button, word(isCopied ? "action.copied" : "action.copy_failed"));
    },
    helpful: (button) => rate(button, "up", ""),
    unhelpful: (button) => askWhy(button),
    send: (button) => rate(button, "down", find("textarea", button.closest(".why")).value),
  };

  // Pages by http and frames without a permission have no clipboard, but may copy what is marked.
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const box = document.createElement("textarea");
      box.className = "unseen";
      box.value = text;
      find(".gradio-container").append(box);
      box.select();
      const isCopied = document.execCommand("copy");
      box.remove();
      return isCopied;
    }
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

  const begin = () => {
    const parts = ["#turn", "#turns", "#question textarea", "#past textarea", "#ask"];
    if (!parts.every((its) => find(its))) return void setTimeout(begin, 50);
    recall();
    drawPast();
    new MutationObserver(onTurn).observe(find("#turn"), { childList: true, subtree: true, attributes: true });
    new MutationObserver(onWords).observe(find("#heading"), { childList: true, subtree: true });
    new MutationObserver(showTools).observe(find("#tools"), { childList: true, subtree: true });
    new MutationObserver(onTranscript).observe(find("#transcript"), { childList: true, subtree: true });
    onTurn();
    takeOver();
    onWords();
    showTools();
    isBegun = true;
    if (early) ask(...early);
  };

  begin();
})();
