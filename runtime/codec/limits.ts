/** How deep records may nest in one value. */
export const depthMax = 100;

/** How many items that take no bytes (null, empty records) one value may hold. */
export const emptyItemsMax = 1_000_000;
