import { ActionIcon, Tooltip } from '@mantine/core';
import { Download } from 'lucide-react';

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
    <Tooltip label="Download">
      <ActionIcon variant="subtle" color="gray" onClick={save} aria-label="Download body">
        <Download size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
