// Where a browser refuses to keep anything, a page works as long as it is open: this stands in for localStorage.
try {
  localStorage.getItem("theme");
} catch {
  const kept = new Map();
  const standIn = {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => { kept.set(key, String(value)); },
    removeItem: key => { kept.delete(key); },
  };
  Object.defineProperty(window, "localStorage", { value: standIn });
}
