/** The ids of the commands that open Greenroom's places. */

export const PlaceIDs = {
  home: 'greenroom:home',
  progress: 'greenroom:progress',
  account: 'greenroom:account',
  notices: 'greenroom:notices',
  review: 'greenroom:review'
} as const;
