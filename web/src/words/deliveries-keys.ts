// What the deliveries page can do by keyboard.

export const linkCopied = 'Copied the link';

// use-deliveries-keys
export const copyLinkToThisView = 'Copy link to this view';
export const copyLinkToThisDelivery = 'Copy link to this delivery';
export const linkKeywords = 'share address url';
export const liveOnOrOff = 'Live on or off';
