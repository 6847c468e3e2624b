/** To come. */
export function MoneyCharts() {
  return null;
}
