/**
 * How late an output may really go off. A lost order is made good by the end of the lease, which is shorter than this; whoever
 * counts how long something rested counts from the order and adds it. It says nothing about going on.
 */
export const offLateMsMax = 2_000;
