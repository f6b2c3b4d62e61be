// Lets a page at rest rest. Gradio's sign that the page is loading counts frames on and on once it is gone
// (seen in 6.31), and that takes an eighth of a processor for as long as the page is open.
"use strict";

(() => {
  const ENDLESS = 60; // frames in a row, each asked for in the one before: a second, mostly
  const PAUSE = 1000; // milliseconds before each one after those
  const nextFrame = window.requestAnimationFrame.bind(window);
  const cancelFrame = window.cancelAnimationFrame.bind(window);
  let row = 0; // the length of the row whose frame is being drawn

  window.requestAnimationFrame = (callback) => {
    const length = row + 1;
    const draw = (time) => {
      row = length;
      try {
        callback(time);
      } finally {
        row = 0;
      }
    };
    // What waits has a number below zero, which no frame has.
    return length < ENDLESS ? nextFrame(draw) : -setTimeout(nextFrame, PAUSE, draw);
  };

  window.cancelAnimationFrame = (handle) => {
    if (handle < 0) clearTimeout(-handle);
    else cancelFrame(handle);
  };
})();
