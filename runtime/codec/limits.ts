/** How deep records may nest in one value. */
export const depthMax = 100;

/** How many items that take no bytes (null, empty records) one value may hold. */
export const emptyItemsMax = 1_000_000;

/** How large a value of another schema may become: defaults can make much of little. */
export const transcodedMaxBytes = 67_108_864;
