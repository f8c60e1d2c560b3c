// The logo.
export function ForgeMark({ size = 15 }: { size?: number }) {
  return (
    <span className="brand-mark" aria-hidden>
      <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M8 5 2.5 12 8 19" />
        <path d="M14 4l-3 9h4l-1.5 7L21 10h-4.5l2-6z" />
      </svg>
    </span>
  );
}
