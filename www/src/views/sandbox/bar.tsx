/** To come. */
export function SandboxBar({ path }: { path: string }) {
  return <aside data-path={path} />;
}
