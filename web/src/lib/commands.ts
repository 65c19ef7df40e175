// What the command palette can do. Parts of the page offer their commands as long as they are there.
import { useEffect, useRef } from 'react';

export type CommandGroup = 'page' | 'go' | 'filter' | 'company' | 'look' | 'account';

export interface Command {
  /** The same for the same command, wherever it comes from. */
  id: string;
  title: string;
  group: CommandGroup;
  /** Other words people look for it by. */
  keywords?: string;
  /** Its shortcut, key by key. */
  keys?: string[];
  run: () => void;
}

const offered = new Set<{ current: Command[] }>();

export function allCommands(): Command[] {
  return [...offered].flatMap(({ current }) => current);
}

export function useCommands(commands: Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    offered.add(latest);
    return () => {
      offered.delete(latest);
    };
  }, []);
}
