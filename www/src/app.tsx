/**
 * The page: its frame, who is signed in, and which view is shown.
 */
import { computed, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { forgetAsked } from "./asked.ts";
import { VIEWS, address, narrowTo, standAt, writeAddress } from "./address.ts";
import type { View } from "./address.ts";
import { signedAmount } from "./format.ts";
import { chooseLang, lang } from "./i18n.ts";
import { isOnline } from "./parts/online.ts";
import { Icon } from "./parts/icon.tsx";
import { lazy } from "./parts/lazy.tsx";
import { Empty } from "./parts/note.tsx";
import { forgetKey, keepKey, onSignedOut, readKey, tellSignedOut } from "./session.ts";
import type { Trouble } from "./state/source.ts";
import { Store, StoreContext } from "./state/store.ts";
import type { Scope } from "./state/store.ts";
import { titlePrefix } from "./title.ts";
import { AccountsView } from "./views/accounts/accounts.tsx";
import { sandboxPath } from "./views/sandbox/path.ts";
import { SignIn } from "./views/sign-in/sign-in.tsx";
import { words } from "./words.ts";

const BRAND = "sepay-edge";

const VIEW = { isWholeView: true };

/** The views: what shows them, and what a key needs for it. */
const SHOWN: Record<View, { part: ComponentType; scope: Scope }> = {
  accounts: { part: AccountsView, scope: "accounts:read" },
  transactions: {
    part: lazy(async () => (await import("./views/transactions/transactions.tsx")).TransactionsView, VIEW),
    scope: "transactions:read",
  },
  paid: { part: lazy(async () => (await import("./views/paid/paid.tsx")).PaidView, VIEW), scope: "transactions:read" },
  gate: { part: lazy(async () => (await import("./views/gate/gate.tsx")).GateView, VIEW), scope: "metrics:read" },
};

const SandboxBar = lazy(async () => (await import("./views/sandbox/bar.tsx")).SandboxBar);

/* The view to show: where the key may not see the first one, the first that it may. null: none that it may. */
const shownView = computed<View | null>(() => {
  const { view } = address.value;
  const may = (wanted: View): boolean => store.value?.may(SHOWN[wanted].scope) ?? true;
  if (may(view)) return view;
  return view === VIEWS[0] ? (VIEWS.find(may) ?? null) : null;
});

const refusal = signal<Trouble | null>(null);
const store = signal<Store | null>(storeOf(readKey()));

function signIn(key: string): void {
  keepKey(key);
  refusal.value = null;
  store.value = storeOf(key);
}

function signOut(why: Trouble | null): void {
  forgetKey();
  store.peek()?.stop();
  refusal.value = why;
  store.value = null;
  // Whoever leaves takes along what the tab can forget: the search and what was asked last. Steps back in the browser's history
  // stay, as everywhere. Whoever was refused goes on where that was.
  if (why === null) forgetSearch();
}

/* A copy of the tab ends with it. */
onSignedOut(() => {
  if (store.peek()) signOut(null);
});

function signOutEverywhere(): void {
  tellSignedOut();
  signOut(null);
}

function forgetSearch(): void {
  narrowTo(address.peek().view, {});
  forgetAsked();
}

function storeOf(key: string | null): Store | null {
  if (key === null) return null;
  const made: Store = new Store(
    key,
    (error) => {
      if (store.peek() === made) signOut({ error, atMs: Date.now(), retryAtMs: null });
    },
    (rows) => {
      const [first] = rows;
      // Where an order is waited for, strangers' payments are noise.
      const isOfInterest = ["accounts", "transactions"].includes(address.peek().view);
      if (first && isOfInterest) made.announcement.value = { text: words().newRows(rows.length, signedAmount(first)), of: first.id };
    },
  );
  void made.start();
  return made;
}

/** The whole page. */
export function App() {
  const w = words();
  const title = titleNow();
  useLayoutEffect(() => {
    document.documentElement.lang = lang.value;
    document.title = title;
  }, [lang.value, title]);
  return (
    <StoreContext.Provider value={store.value}>
      <a class="skip" href="#main" onClick={skip}>
        {w.skip}
      </a>
      <Bar />
      {!isOnline.value && (
        <p class="strip" role="status">
          {w.offline}
        </p>
      )}
      <Main />
      {store.value && sandboxPath !== null && <SandboxBar path={sandboxPath} />}
      <footer class="foot soft">
        <a href={w.docsHref}>{w.docs}</a>
      </footer>
    </StoreContext.Provider>
  );
}

/* What differs between tabs comes first: of the rest a browser shows little. */
function titleNow(): string {
  const w = words();
  if (store.value === null) return w.title;
  const view = w.views[shownView.value ?? address.value.view];
  return [titlePrefix.value, view, BRAND].filter((text) => text !== "").join(" · ");
}

/* The fragment says which view is shown, so this link cannot use it. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Bar() {
  const w = words();
  const other = lang.value === "vi" ? "en" : "vi";
  return (
    <header class="bar">
      <div class="bar-inner">
        <p class="brand">{BRAND}</p>
        {store.value && <Navigation store={store.value} />}
        <div class="actions">
          <button type="button" class="button quiet" lang={other} onClick={() => chooseLang(other)}>
            {w.otherLang}
          </button>
          {store.value && (
            <button type="button" class="button quiet" onClick={signOutEverywhere}>
              {w.signOut}
            </button>
          )}
        </div>
      </div>
    </header>
  );
}

function Navigation({ store }: { store: Store }) {
  const w = words();
  const seen = VIEWS.filter((view) => store.may(SHOWN[view].scope));
  return (
    <nav class="nav" aria-label={w.navigation}>
      {seen.map((view) => (
        <a key={view} href={writeAddress({ view, params: {} })} aria-current={shownView.value === view ? "page" : undefined}>
          <Icon name={view} />
          <span>{w.views[view]}</span>
        </a>
      ))}
    </nav>
  );
}

function Main() {
  const main = useRef<HTMLElement>(null);
  const signedIn = store.value;
  const view = shownView.value;
  const said = signedIn?.announcement.value;
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    // Filters are the address's: it has to name the view that they are set in.
    if (signedIn && view !== null && address.peek().view !== view) standAt({ view, params: {} });
  }, [signedIn, view, address.value.view]);
  useLayoutEffect(() => {
    // Whoever signs in or changes the view goes on at its beginning. The sign-in takes the focus itself.
    if (!isFirst.current) {
      if (signedIn) main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [signedIn, view]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      <p class="visually-hidden" role="status" aria-live="polite">
        {/* The same words for another payment are said again. */}
        {said && <span key={said.of}>{said.text}</span>}
      </p>
      {signedIn ? <Shown view={view} /> : <SignIn trouble={refusal.value} onKey={signIn} />}
    </main>
  );
}

function Shown({ view }: { view: View | null }) {
  const w = words();
  if (view === null) {
    const wanted = address.value.view;
    return (
      <div class="view">
        <h1>{w.views[wanted]}</h1>
        <Empty title={w.notForThisKey}>
          <p>{w.notForThisKeyHint(SHOWN[wanted].scope)}</p>
        </Empty>
      </div>
    );
  }
  const Part = SHOWN[view].part;
  return <Part key={view} />;
}
