import { useEffect, useRef, useState } from 'react';
import { ExportError, type ExportProgress, runExport, save } from './run-export';

type Question = Parameters<typeof runExport>[0];

export type ExportState =
  | { kind: 'asked' }
  | ({ kind: 'running' } & ExportProgress)
  | { kind: 'done'; name: string; calls: number }
  | { kind: 'failed'; message: string };

const BEGUN: ExportState = { kind: 'running', calls: 0, bytes: 0, total: null };

/** One export at a time, which ends with the dialog that asked for it. */
export function useExport() {
  const [state, setState] = useState<ExportState>({ kind: 'asked' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (question: Question) => {
    const control = new AbortController();
    running.current = control;
    setState(BEGUN);
    const onProgress = (progress: ExportProgress) => {
      if (!control.signal.aborted) setState({ kind: 'running', ...progress });
    };
    try {
      const file = await runExport(question, onProgress, control.signal);
      save(file);
      setState({ kind: 'done', name: file.name, calls: file.calls });
    } catch (error) {
      if (control.signal.aborted) return;
      if (!(error instanceof ExportError)) throw error;
      setState({ kind: 'failed', message: error.message });
    }
  };
  const cancel = () => {
    running.current?.abort();
    setState({ kind: 'asked' });
  };
  return { state, start, cancel };
}
