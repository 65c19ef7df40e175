import { ActionIcon, Tooltip } from '@mantine/core';
import { Download } from 'lucide-react';
import * as words from '~/words/deliveries';

/** Saved as plain text whatever it holds, so that no program takes it for a page. */
export function DownloadButton({ text, name }: { text: string; name: string }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Tooltip label={words.download}>
      <ActionIcon variant="subtle" color="gray" onClick={save} aria-label={words.downloadBody}>
        <Download size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
