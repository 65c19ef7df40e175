import classes from './logo.module.css';

export function Logo() {
  return (
    <span className={classes.logo}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#3b5bdb" />
        <path
          d="M7 11h18M16 11v12"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
          fill="none"
        />
        <circle cx="7" cy="11" r="2.6" fill="#fff" />
        <circle cx="25" cy="11" r="2.6" fill="#fff" />
        <circle cx="16" cy="23" r="2.6" fill="#fff" />
      </svg>
      Trunkline
    </span>
  );
}
