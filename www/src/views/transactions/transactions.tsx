/** To come. */
export function TransactionsView() {
  return <h1>Transactions</h1>;
}
