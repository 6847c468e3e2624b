/** To come. */
export function PaidView() {
  return <h1>Paid</h1>;
}
