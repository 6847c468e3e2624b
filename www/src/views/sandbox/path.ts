/** Where the sandbox takes payments: `npm start` says so in the page that it serves. null: this SePay is a real one. */
export const sandboxPath =
  document.querySelector<HTMLMetaElement>('meta[name="sepay-sandbox"]')?.content ?? null;
