/** To come. */
export function AccountsView() {
  return <h1>Accounts</h1>;
}
