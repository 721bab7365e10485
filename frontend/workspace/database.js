/** The database of this browser (IndexedDB): workspaces by their id, and raw data by its fingerprint. */

/** @typedef {"workspaces" | "data"} Shelf */
/**
 * @typedef {object} Database
 * @property {(shelf: Shelf, key: string) => Promise<any>} get  undefined where there is none
 * @property {(shelf: Shelf) => Promise<string[]>} keys
 * @property {(shelf: Shelf) => Promise<[string, any][]>} entries
 * @property {(entries: Partial<Record<Shelf, [string, any][]>>) => Promise<void>} put  all of them, or none
 * @property {(shelf: Shelf, keys: string[]) => Promise<void>} remove
 */

const NAME = "gatescope";
const VERSION = 1;
const SHELVES = /** @type {const} */ (["workspaces", "data"]);

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
const completed = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

/** Null where the browser has none to give, as some do in a private window. @returns {Promise<Database | null>} */
export async function openDatabase() {
  try {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const shelf of SHELVES) request.result.createObjectStore(shelf);
    };
    return over(await answered(request));
  } catch {
    return null;
  }
}

/** @param {IDBDatabase} database @returns {Database} */
function over(database) {
  const reading = (/** @type {Shelf} */ shelf) => database.transaction(shelf).objectStore(shelf);

  /** @param {(transaction: IDBTransaction) => void} change */
  function writing(change) {
    const transaction = database.transaction(SHELVES, "readwrite");
    change(transaction);
    transaction.commit(); // a page that is being left waits for nothing
    return completed(transaction);
  }

  return {
    get: (shelf, key) => answered(reading(shelf).get(key)),
    keys: async (shelf) => (await answered(reading(shelf).getAllKeys())).map(String),
    async entries(shelf) {
      const store = reading(shelf);
      const [keys, values] = await Promise.all([answered(store.getAllKeys()), answered(store.getAll())]);
      return keys.map((key, index) => [String(key), values[index]]);
    },
    put: (entries) =>
      writing((transaction) => {
        for (const shelf of SHELVES)
          for (const [key, value] of entries[shelf] ?? []) transaction.objectStore(shelf).put(value, key);
      }),
    remove: (shelf, keys) =>
      writing((transaction) => {
        for (const key of keys) transaction.objectStore(shelf).delete(key);
      }),
  };
}
