// What the reader would feel while tokens come: frames, dropped ones, and long tasks.

/** 60 frames a second. */
const FRAME_MS = 1000 / 60;

/** Watches from `start` to `stop`. */
export function watchFrames() {
  const times = [];
  const longTasks = [];
  const observer = new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((entry) => entry.duration)));
  let running = false;
  const frame = (time) => {
    if (!running) return;
    times.push(time);
    requestAnimationFrame(frame);
  };
  return {
    start() {
      running = true;
      observer.observe({ type: 'longtask' });
      requestAnimationFrame(frame);
    },
    stop() {
      running = false;
      longTasks.push(...observer.takeRecords().map((entry) => entry.duration));
      observer.disconnect();
      return summary(times, longTasks);
    },
  };
}

function summary(times, longTasks) {
  let missed = 0;
  let slowest = 0;
  for (let index = 1; index < times.length; index += 1) {
    const gap = times[index] - times[index - 1];
    missed += Math.max(0, Math.round(gap / FRAME_MS) - 1);
    slowest = Math.max(slowest, gap);
  }
  const due = times.length - 1 + missed;
  return {
    frames: times.length,
    dropped: due > 0 ? missed / due : 0,
    slowestFrame: slowest,
    longTasks: longTasks.length,
    longestTask: Math.max(0, ...longTasks),
  };
}
