// What the snippets of seed 004 use of `lodash.debounce`.
export default function debounce(run, waitMs) {
  let timer;
  const call = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), waitMs);
  };
  return Object.assign(call, { cancel: () => clearTimeout(timer) });
}
